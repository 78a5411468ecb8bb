package dev.berth.it;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A client of server-sent events, as a browser is one. Reads only when it is asked to. */
final class EventClient implements AutoCloseable {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final InputStream body;
    private final BufferedReader lines;
    private String lastId;

    /** An event that was dispatched. */
    record Event(String id, String kind, JsonObject data) {}

    private EventClient(InputStream body) {
        this.body = body;
        this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        next(true); // the id with which it begins
    }

    static EventClient open(HttpRequest.Builder request) {
        try {
            HttpResponse<InputStream> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            if (answer.statusCode() != 200) {
                throw new AssertionError("no stream: " + answer.statusCode());
            }
            return new EventClient(answer.body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("no stream", e);
        }
    }

    String lastId() {
        return lastId;
    }

    /** The next event; null where the stream has ended. */
    Event next() {
        return next(false);
    }

    private Event next(boolean onlyId) {
        String kind = "message";
        StringBuilder data = new StringBuilder();
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    lastId = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    kind = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data.append(line.substring(6));
                } else if (line.isEmpty() && (data.length() > 0 || onlyId)) {
                    return onlyId ? null : new Event(lastId, kind, new JsonObject(data.toString()));
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All events up to the first that is {@code last}. */
    List<Event> until(Predicate<Event> last) {
        List<Event> events = new ArrayList<>();
        do {
            Event next = next();
            if (next == null) {
                throw new AssertionError("the stream ended after " + events);
            }
            events.add(next);
        } while (!last.test(events.get(events.size() - 1)));
        return events;
    }

    /** All events until the stream ends. */
    List<Event> rest() {
        List<Event> events = new ArrayList<>();
        for (Event next = next(); next != null; next = next()) {
            events.add(next);
        }
        return events;
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
