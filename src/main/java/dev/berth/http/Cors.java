package dev.berth.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;

/**
 * Lets pages of chosen origins ({@code http.cors-origins}) call the API and read its answers. They bring a key or a token: cookies
 * count for nothing here, so that a page can't use what its visitor may do.
 */
record Cors(Set<String> origins) {
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
    private static final String TAKEN =
            "Authorization, Content-Type, Idempotency-Key, If-None-Match, If-Range, Last-Event-ID,"
                    + " Mcp-Method, Mcp-Name, Mcp-Protocol-Version, Mcp-Session-Id, Range, X-API-Key, X-Request-Id";
    private static final String GIVEN =
            "Accept-Ranges, Berth-Page-Status, Berth-Session, Content-Disposition, Content-Range, ETag, Location, Mcp-Session-Id, Retry-After, X-Request-Id";

    /** Answers a browser that asks whether a page may send a request. Gives whether the request was one such. */
    boolean answer(HttpServerRequest request) {
        if (!origins.isEmpty()) {
            request.response().putHeader("Vary", "Origin");
        }
        String origin = request.getHeader("Origin");
        if (origin == null || !origins.contains(origin)) {
            return false;
        }
        HttpServerResponse response = request.response()
                .putHeader("Access-Control-Allow-Origin", origin)
                .putHeader("Access-Control-Expose-Headers", GIVEN);
        boolean asks = request.method().equals(HttpMethod.OPTIONS)
                && request.headers().contains("Access-Control-Request-Method");
        if (asks) {
            response.putHeader("Access-Control-Allow-Methods", METHODS)
                    .putHeader("Access-Control-Allow-Headers", TAKEN)
                    .putHeader("Access-Control-Max-Age", "600")
                    .setStatusCode(204)
                    .end();
        }
        return asks;
    }
}
