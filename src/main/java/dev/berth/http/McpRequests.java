package dev.berth.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Answers clients of the Model Context Protocol, after their keys and the sizes of their messages were checked. */
public interface McpRequests {
    /** Fails where the request is refused before anything was sent. */
    Future<?> handle(HttpServerRequest request, long userId, Buffer body);
}
