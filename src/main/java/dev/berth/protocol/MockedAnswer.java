package dev.berth.protocol;

import java.util.Base64;
import java.util.Map;

/**
 * The answer that a {@link RouteRule} gives in place of a server.
 *
 * @param body in base64
 */
public record MockedAnswer(int status, Map<String, String> headers, String body) {
    /** Of the body: it stays in memory as long as the rule. */
    public static final int MAX_BYTES = 256 << 10;

    private static final int MIN_STATUS = 200;
    private static final int MAX_STATUS = 599;

    public MockedAnswer {
        Require.within("status", status, MIN_STATUS, MAX_STATUS);
        headers = Require.entries("headers", headers);
        Require.answerHeaders("headers", headers);
        requireBody(Require.present("body", body));
    }

    private static void requireBody(String body) {
        int bytes;
        try {
            bytes = body.length() > 2 * MAX_BYTES
                    ? Integer.MAX_VALUE
                    : Base64.getDecoder().decode(body).length;
        } catch (IllegalArgumentException e) {
            throw BerthException.invalid("bodyBase64 must be base64, for a body");
        }
        if (bytes > MAX_BYTES) {
            throw BerthException.invalid("body must have at most " + MAX_BYTES + " bytes");
        }
    }

    /** Bytes of the body. */
    public long size() {
        int padding = body.endsWith("==") ? 2 : body.endsWith("=") ? 1 : 0;
        return body.length() / 4 * 3L - padding;
    }

    /** Without what may be secret. */
    @Override
    public String toString() {
        return "MockedAnswer[status=" + status + ", size=" + size() + "]";
    }
}
