package dev.berth.browser.drive;

import dev.berth.browser.Failures;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Base64;

/** Decodes the bytes that Chrome returns as base64 in the field {@code data} of a result. */
final class Base64Data {
    /** The message of a result of the largest size: four characters for three bytes, and the JSON around them. */
    static final int MAX_MESSAGE_BYTES = Failures.MAX_RESULT_BYTES / 3 * 4 + (1 << 16);

    private static final int MAX_HERE_CHARS = 1 << 18;

    private Base64Data() {}

    /** Decodes large data on a worker. */
    static Future<Buffer> decode(Vertx vertx, JsonObject result) {
        String data = result.getString("data");
        return data.length() <= MAX_HERE_CHARS
                ? Future.succeededFuture(decode(data))
                : vertx.executeBlocking(() -> decode(data), false);
    }

    private static Buffer decode(String data) {
        return Buffer.buffer(Base64.getDecoder().decode(data));
    }
}
