package dev.berth.http;

import dev.berth.http.request.Answers;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Supplier;

/** Answers clients of the Model Context Protocol, after their keys and the sizes of their messages were checked. */
public interface McpRequests {
    /** Fails where the request is refused before anything was sent. */
    Future<?> handle(HttpServerRequest request, long userId, Buffer body);

    /** Counts a large answer against the budget of all answers, until its client has it: see {@link Answers#counted}. */
    static Future<Void> counted(long chars, Supplier<Future<Void>> sending) {
        return Answers.counted(chars, sending);
    }
}
