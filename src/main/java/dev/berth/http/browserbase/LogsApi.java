package dev.berth.http.browserbase;

import dev.berth.http.request.Answers;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.routes.ReadableLogs;
import dev.berth.logs.LogPage;
import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.ShownJson.Links;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code …/logs}: the network and console logs in the shape of events of CDP. For any event loop. */
public final class LogsApi {
    /** Of each log, the first. An entry may have some 80 KiB. */
    private static final int MAX_ENTRIES = 500;

    private final ReadableLogs logs;

    public LogsApi(ReadableLogs logs) {
        this.logs = logs;
    }

    Future<Entries> list(RoutingContext ctx) {
        return logs.page(ctx, LogKind.NETWORK, 0, MAX_ENTRIES)
                .compose(network -> logs.page(ctx, LogKind.CONSOLE, 0, MAX_ENTRIES)
                        .map(console -> new Entries(SessionAccess.id(ctx), network, console)));
    }

    /** The entries of both logs, the earliest first. */
    record Entries(SessionId id, LogPage network, LogPage console) implements Answers.Bulky {
        @Override
        public long chars() {
            // The parameters are told twice: as JSON, and as its text.
            return 2 * (network.bytes() + console.bytes());
        }

        @Override
        public Buffer json(Links links) {
            Map<String, Integer> pages = new HashMap<>();
            JsonArray all = new JsonArray();
            Stream.concat(
                            network.as(NetworkEntry.class).stream().map(Event::of),
                            console.as(ConsoleEntry.class).stream().map(Event::of))
                    .sorted(Comparator.comparingLong(Event::millis))
                    .forEach(event -> all.add(event.json(id, pages)));
            return all.toBuffer();
        }
    }

    /**
     * An event of CDP.
     *
     * @param page Berth's id; empty where it is not known
     * @param result empty where the event has no response
     */
    record Event(
            String method,
            long millis,
            Optional<String> page,
            Optional<String> frameId,
            Optional<String> loaderId,
            JsonObject params,
            Optional<JsonObject> result,
            long resultMillis) {
        static Event of(NetworkEntry entry) {
            long millis = entry.timestamp().toEpochMilli();
            JsonObject params = new JsonObject()
                    .put("requestId", entry.requestId().orElse(""))
                    .put("type", entry.resourceType())
                    .put(
                            "request",
                            new JsonObject()
                                    .put("url", entry.url())
                                    .put("method", entry.method())
                                    .put("headers", headers(entry.requestHeaders())));
            Optional<JsonObject> result = entry.status()
                    .map(status -> new JsonObject()
                            .put("status", status)
                            .put("mimeType", entry.mimeType())
                            .put("headers", headers(entry.responseHeaders()))
                            .put("fromDiskCache", entry.fromCache())
                            .put("encodedDataLength", entry.size()));
            entry.error().ifPresent(why -> params.put("errorText", why));
            return new Event(
                    entry.error().isPresent() ? "Network.loadingFailed" : "Network.responseReceived",
                    millis,
                    entry.pageId(),
                    entry.frameId(),
                    entry.documentId(),
                    params,
                    result,
                    millis + Math.round(entry.duration()));
        }

        private static JsonObject headers(Map<String, String> headers) {
            JsonObject json = new JsonObject();
            headers.forEach(json::put);
            return json;
        }

        static Event of(ConsoleEntry entry) {
            long millis = entry.timestamp().toEpochMilli();
            JsonObject argument = new JsonObject().put("type", "string").put("value", entry.message());
            JsonObject params = new JsonObject()
                    .put("type", type(entry.level()))
                    .put("args", new JsonArray().add(argument))
                    .put("timestamp", millis);
            entry.url().ifPresent(url -> params.put("url", url));
            entry.line().ifPresent(line -> params.put("lineNumber", line));
            return new Event(
                    "Runtime.consoleAPICalled",
                    millis,
                    entry.pageId(),
                    Optional.empty(),
                    Optional.empty(),
                    params,
                    Optional.empty(),
                    millis);
        }

        private static String type(ConsoleEntry.ConsoleLevel level) {
            return level == ConsoleEntry.ConsoleLevel.WARN ? "warning" : level.wireName();
        }

        /** @param pages the numbers that pages have got so far; an entry of no page has 0 */
        JsonObject json(SessionId session, Map<String, Integer> pages) {
            JsonObject json = new JsonObject()
                    .put("method", method)
                    .put("sessionId", session.value())
                    .put(
                            "pageId",
                            page.map(id -> pages.computeIfAbsent(id, first -> pages.size()))
                                    .orElse(0))
                    .put("timestamp", millis)
                    .put(
                            "request",
                            new JsonObject()
                                    .put("params", params)
                                    .put("rawBody", params.encode())
                                    .put("timestamp", millis));
            frameId.ifPresent(id -> json.put("frameId", id));
            loaderId.ifPresent(id -> json.put("loaderId", id));
            result.ifPresent(response -> json.put(
                    "response",
                    new JsonObject()
                            .put("result", response)
                            .put("rawBody", response.encode())
                            .put("timestamp", resultMillis)));
            return json;
        }
    }
}
