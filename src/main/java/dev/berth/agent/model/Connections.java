package dev.berth.agent.model;

import java.net.http.HttpClient;
import java.time.Duration;

/** The HTTP client of all calls. It is made by the first one, on a worker thread: that takes a while. */
final class Connections {
    /** Of a host that does not answer, the third try still begins within ten seconds. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private HttpClient client;

    /** HTTP/1.1: giving up a call closes its connection, by which the provider notices. */
    synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_TIMEOUT)
                    .build();
        }
        return client;
    }
}
