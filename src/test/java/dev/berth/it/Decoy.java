package dev.berth.it;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A site where nobody may go. It counts who came, as any name of loopback. */
final class Decoy {
    private final Queue<Visit> visits = new ConcurrentLinkedQueue<>();
    private final HttpServer server;

    /**
     * A request.
     *
     * @param uri path and query
     * @param mode Chrome's {@code Sec-Fetch-Mode}; {@code navigate} where it is missing, as to hosts that Chrome does not trust
     */
    record Visit(String host, String uri, String mode) {
        boolean isNavigation() {
            return mode.equals("navigate");
        }
    }

    Decoy(Vertx vertx) {
        server = Berth.await(
                vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
    }

    private void answer(HttpServerRequest request) {
        String mode = request.headers().contains("Sec-Fetch-Mode") ? request.getHeader("Sec-Fetch-Mode") : "navigate";
        visits.add(new Visit(request.authority().toString(), request.uri(), mode));
        request.response()
                .putHeader("Content-Type", "text/html")
                .putHeader("Access-Control-Allow-Origin", "*")
                .end("<title>Decoy</title>you left");
    }

    int port() {
        return server.actualPort();
    }

    /** The URL of a page here, at a host name such as {@code evil.localhost}. */
    String url(String host, String name) {
        return "http://" + host + ":" + port() + "/" + name;
    }

    List<Visit> visits() {
        return List.copyOf(visits);
    }

    List<Visit> navigations() {
        return visits.stream().filter(Visit::isNavigation).toList();
    }

    boolean wasVisited(String name) {
        return visits.stream()
                .anyMatch(visit -> visit.isNavigation() && visit.uri().startsWith("/" + name + "/"));
    }

    void forget() {
        visits.clear();
    }
}
