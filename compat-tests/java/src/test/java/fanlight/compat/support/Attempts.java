package fanlight.compat.support;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;

/** What a client really sent, retries included. */
public final class Attempts implements ExecutionInterceptor {
    private final List<SdkHttpRequest> requests = new ArrayList<>();

    @Override
    public synchronized void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        requests.add(context.httpRequest());
    }

    public synchronized List<SdkHttpRequest> requests() {
        return List.copyOf(requests);
    }
}
