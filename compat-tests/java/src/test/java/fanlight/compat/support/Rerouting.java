package fanlight.compat.support;

import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** Asks a Fanlight for every path, whatever the host of the URL; as an entry in a hosts file would. */
public final class Rerouting implements SdkHttpClient {
    private final SdkHttpClient http = UrlConnectionHttpClient.create();
    private final Server server;

    public Rerouting(Server server) {
        this.server = server;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest asked) {
        SdkHttpRequest rerouted = asked.httpRequest().toBuilder()
            .protocol("http").host(server.url().getHost()).port(server.url().getPort()).build();
        return http.prepareRequest(HttpExecuteRequest.builder().request(rerouted).build());
    }

    @Override
    public void close() {
        http.close();
    }
}
