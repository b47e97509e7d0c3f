package fanlight.compat.support;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Spoils an answer on its way to the SDK, to show that the SDK would notice: the last character of what is matched. */
public final class Forger implements ExecutionInterceptor {
    private final Pattern place;

    public Forger(String place) {
        this.place = Pattern.compile(place);
    }

    @Override
    public Optional<InputStream> modifyHttpResponseContent(
            Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
        return context.responseBody().map(body -> {
            try {
                String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
                String forged = place.matcher(text).replaceAll(found -> spoiled(found.group()));
                if (forged.equals(text)) {
                    throw new AssertionError("nothing to forge: " + text);
                }
                return new ByteArrayInputStream(forged.getBytes(StandardCharsets.UTF_8));
            } catch (IOException problem) {
                throw new UncheckedIOException(problem);
            }
        });
    }

    private static String spoiled(String found) {
        int last = found.length() - 1;
        return found.substring(0, last) + (found.charAt(last) == '0' ? '1' : '0');
    }
}
