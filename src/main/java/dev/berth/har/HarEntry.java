package dev.berth.har;

import dev.berth.protocol.KeptBody;
import dev.berth.protocol.KeptBody.BodyEntry;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.NetworkEntry.RequestInitiator;
import dev.berth.protocol.NetworkEntry.RequestTimings;
import dev.berth.protocol.SocketMessages;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Entries of a HAR, with the fields of Chrome DevTools that it reads back. */
final class HarEntry {
    /** HAR 1.2's number for a value that is not known. */
    private static final int UNKNOWN = -1;

    private static final double MILLIS = 1_000.0;

    private HarEntry() {}

    static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** @param page the id of the page that the request belongs to */
    static JsonObject of(NetworkEntry entry, Optional<String> page, Optional<BodyEntry> body) {
        RequestTimings timings = timings(entry);
        JsonObject json = new JsonObject();
        page.ifPresent(id -> json.put("pageref", id));
        json.put("startedDateTime", time(entry.timestamp()))
                .put("time", total(timings))
                .put("request", request(entry))
                .put("response", response(entry, body))
                .put("cache", new JsonObject())
                .put("timings", json(timings));
        entry.remoteAddress().ifPresent(address -> json.put("serverIPAddress", host(address)));
        entry.rule()
                .ifPresent(rule -> json.put(
                        "comment", rule.routeId() + ": " + rule.action().wireName()));
        chrome(json, entry);
        return json;
    }

    /** {@code [::1]:80} gives {@code ::1}. */
    private static String host(String address) {
        String host = address.substring(0, address.lastIndexOf(':'));
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static JsonObject request(NetworkEntry entry) {
        JsonObject request = new JsonObject()
                .put("method", entry.method())
                .put("url", withoutFragment(entry.url()))
                .put("httpVersion", version(entry))
                .put("headers", headers(entry.requestHeaders()))
                .put("cookies", cookies(header(entry.requestHeaders(), "cookie")))
                .put("queryString", query(withoutFragment(entry.url())))
                .put("headersSize", UNKNOWN)
                .put("bodySize", entry.requestBodySize().orElse(0L));
        String type = header(entry.requestHeaders(), "content-type");
        entry.requestBody()
                .ifPresent(text -> request.put(
                        "postData", new JsonObject().put("mimeType", type).put("text", text)));
        return request;
    }

    private static String withoutFragment(String url) {
        int hash = url.indexOf('#');
        return hash < 0 ? url : url.substring(0, hash);
    }

    /** DevTools knows these names. */
    private static String version(NetworkEntry entry) {
        return entry.httpVersion()
                .map(name -> name.equals("h2") ? "http/2.0" : name)
                .orElse("unknown");
    }

    private static String header(Map<String, String> headers, String name) {
        return headers.entrySet().stream()
                .filter(header -> header.getKey().toLowerCase(Locale.ROOT).equals(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }

    private static JsonObject pair(String name, String value) {
        return new JsonObject().put("name", name).put("value", value);
    }

    private static JsonArray headers(Map<String, String> headers) {
        JsonArray pairs = new JsonArray();
        headers.forEach((name, value) -> pairs.add(pair(name, value)));
        return pairs;
    }

    private static JsonArray cookies(String header) {
        JsonArray pairs = new JsonArray();
        for (String cookie : header.isEmpty() ? new String[0] : header.split(";")) {
            int equals = cookie.indexOf('=');
            pairs.add(pair(
                    cookie.substring(0, Math.max(0, equals)).strip(),
                    cookie.substring(equals + 1).strip()));
        }
        return pairs;
    }

    private static JsonArray query(String url) {
        JsonArray pairs = new JsonArray();
        int mark = url.indexOf('?');
        String query = mark < 0 ? "" : url.substring(mark + 1);
        for (String parameter : query.isEmpty() ? new String[0] : query.split("&")) {
            int equals = parameter.indexOf('=');
            pairs.add(pair(
                    decoded(equals < 0 ? parameter : parameter.substring(0, equals)),
                    decoded(equals < 0 ? "" : parameter.substring(equals + 1))));
        }
        return pairs;
    }

    /** A page may send what is no encoding: it stays as it is. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static JsonObject response(NetworkEntry entry, Optional<BodyEntry> body) {
        int status = entry.status().orElse(0);
        return new JsonObject()
                .put("status", status)
                .put("statusText", reason(status))
                .put("httpVersion", version(entry))
                .put("headers", headers(entry.responseHeaders()))
                .put("cookies", new JsonArray())
                .put("content", content(entry, body))
                .put("redirectURL", header(entry.responseHeaders(), "location"))
                .put("headersSize", UNKNOWN)
                .put("bodySize", entry.fromCache() ? 0 : UNKNOWN)
                .put("_transferSize", entry.size())
                .put("_error", entry.error().orElse(null))
                .put("_fetchedViaServiceWorker", entry.fromServiceWorker());
    }

    /** The usual phrase: Chrome does not keep the server's. */
    private static String reason(int status) {
        return status == 0 ? "" : HttpResponseStatus.valueOf(status).reasonPhrase();
    }

    private static JsonObject content(NetworkEntry entry, Optional<BodyEntry> body) {
        JsonObject content = new JsonObject()
                .put("size", entry.contentSize().orElse(0L))
                .put("mimeType", entry.mimeType().isEmpty() ? "x-unknown" : entry.mimeType());
        body.ifPresentOrElse(
                kept -> content.put("text", kept.content()),
                () -> entry.body().flatMap(KeptBody::missing).ifPresent(why -> content.put("comment", why)));
        return content;
    }

    /** Without Chrome's timings, all of the time is spent waiting: for the response, or for nothing where none came. */
    private static RequestTimings timings(NetworkEntry entry) {
        return entry.timings()
                .orElseGet(() -> entry.status().isPresent()
                        ? new RequestTimings(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, 0, entry.duration(), 0)
                        : new RequestTimings(entry.duration(), UNKNOWN, UNKNOWN, UNKNOWN, 0, 0, 0));
    }

    /** {@code ssl} is a part of {@code connect}. */
    private static double total(RequestTimings t) {
        double total = 0;
        for (double phase : new double[] {t.blocked(), t.dns(), t.connect(), t.send(), t.waiting(), t.receive()}) {
            total += Math.max(0, phase);
        }
        return Math.round(total * MILLIS) / MILLIS;
    }

    private static JsonObject json(RequestTimings timings) {
        return new JsonObject()
                .put("blocked", timings.blocked())
                .put("dns", timings.dns())
                .put("connect", timings.connect())
                .put("ssl", timings.ssl())
                .put("send", timings.send())
                .put("wait", timings.waiting())
                .put("receive", timings.receive());
    }

    private static void chrome(JsonObject json, NetworkEntry entry) {
        json.put("_resourceType", entry.resourceType());
        entry.priority().ifPresent(priority -> json.put("_priority", priority));
        entry.requestId().ifPresent(id -> json.put("_requestId", id));
        if (entry.fromCache()) {
            json.put("_fromCache", entry.timings().isPresent() ? "disk" : "memory");
        }
        entry.initiator().ifPresent(initiator -> json.put("_initiator", json(initiator)));
        entry.messages().ifPresent(messages -> messages(json, messages));
    }

    /** DevTools counts lines from 0. */
    private static JsonObject json(RequestInitiator initiator) {
        JsonObject json = new JsonObject().put("type", initiator.type());
        initiator.url().ifPresent(url -> json.put("url", url));
        initiator.line().ifPresent(line -> json.put("lineNumber", line - 1));
        return json;
    }

    /** Times are in seconds. */
    private static void messages(JsonObject json, SocketMessages messages) {
        JsonArray first = new JsonArray();
        for (SocketMessages.Message message : messages.first()) {
            first.add(new JsonObject()
                    .put("type", message.sent() ? "send" : "receive")
                    .put("time", message.timestamp().toEpochMilli() / MILLIS)
                    .put("opcode", message.opcode())
                    .put("data", message.data()));
        }
        json.put("_webSocketMessages", first);
        long missing = messages.sent() + messages.received() - first.size();
        if (missing > 0) {
            json.put("comment", missing + " more messages went over this WebSocket");
        }
    }
}
