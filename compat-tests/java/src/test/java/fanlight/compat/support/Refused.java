package fanlight.compat.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.function.Executable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** How a test says that the server refuses: the SDK's own exception class, the code, the status and the sentence. */
public record Refused(AwsServiceException exception) {

    /** The call must end in exactly this class of exception, and the answer must name its request. */
    public static Refused with(Class<? extends AwsServiceException> type, Executable call) {
        AwsServiceException exception = assertThrows(AwsServiceException.class, call);
        assertEquals(type, exception.getClass(), exception.getMessage());
        assertFalse(exception.requestId().isBlank(), "every answer names its request");
        return new Refused(exception);
    }

    public Refused code(String code) {
        assertEquals(code, exception.awsErrorDetails().errorCode());
        return this;
    }

    public Refused status(int status) {
        assertEquals(status, exception.statusCode());
        return this;
    }

    public Refused message(String message) {
        assertEquals(message, exception.awsErrorDetails().errorMessage());
        return this;
    }
}
