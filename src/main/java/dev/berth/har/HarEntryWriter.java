package dev.berth.har;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.RequestInitiator;
import dev.berth.protocol.RequestTimings;
import dev.berth.protocol.SocketMessages;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Writes entries of a HAR, with the fields of Chrome DevTools that it reads back. */
final class HarEntryWriter {
    /** Not known, as HAR 1.2 says it. */
    private static final int UNKNOWN = -1;

    private static final double MILLIS = 1_000.0;

    private final JsonGenerator out;
    private final HarPairs pairs;

    HarEntryWriter(JsonGenerator out) {
        this.out = out;
        this.pairs = new HarPairs(out);
    }

    static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    void write(NetworkEntry entry, Optional<String> page, HarBody body) throws IOException {
        RequestTimings timings = timings(entry);
        out.writeStartObject();
        optional("pageref", page);
        out.writeStringField("startedDateTime", time(entry.timestamp()));
        out.writeNumberField("time", total(timings));
        request(entry);
        response(entry, body);
        out.writeObjectFieldStart("cache");
        out.writeEndObject();
        timings(timings);
        optional("serverIPAddress", entry.remoteAddress().map(HarEntryWriter::host));
        chrome(entry);
        out.writeEndObject();
    }

    private void optional(String name, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            out.writeStringField(name, value.get());
        }
    }

    /** {@code [::1]:80} gives {@code ::1}. */
    private static String host(String address) {
        String host = address.substring(0, address.lastIndexOf(':'));
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private void request(NetworkEntry entry) throws IOException {
        out.writeObjectFieldStart("request");
        out.writeStringField("method", entry.method());
        out.writeStringField("url", withoutFragment(entry.url()));
        out.writeStringField("httpVersion", version(entry));
        pairs.headers(entry.requestHeaders());
        pairs.cookies(header(entry.requestHeaders(), "cookie"));
        pairs.query(entry.url());
        out.writeNumberField("headersSize", UNKNOWN);
        out.writeNumberField("bodySize", entry.requestBodySize().orElse(0L));
        if (entry.requestBody().isPresent()) {
            out.writeObjectFieldStart("postData");
            out.writeStringField("mimeType", header(entry.requestHeaders(), "content-type"));
            out.writeStringField("text", entry.requestBody().get());
            out.writeEndObject();
        }
        out.writeEndObject();
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

    private void response(NetworkEntry entry, HarBody body) throws IOException {
        int status = entry.status().orElse(0);
        out.writeObjectFieldStart("response");
        out.writeNumberField("status", status);
        out.writeStringField("statusText", reason(status));
        out.writeStringField("httpVersion", version(entry));
        pairs.headers(entry.responseHeaders());
        pairs.cookies("");
        content(entry, body);
        out.writeStringField("redirectURL", header(entry.responseHeaders(), "location"));
        out.writeNumberField("headersSize", UNKNOWN);
        out.writeNumberField("bodySize", entry.fromCache() ? 0 : UNKNOWN);
        out.writeNumberField("_transferSize", entry.size());
        out.writeStringField("_error", entry.error().orElse(null));
        out.writeBooleanField("_fetchedViaServiceWorker", entry.fromServiceWorker());
        out.writeEndObject();
    }

    /** The usual phrase: Chrome does not keep the server's. */
    private static String reason(int status) {
        return status == 0 ? "" : HttpResponseStatus.valueOf(status).reasonPhrase();
    }

    private void content(NetworkEntry entry, HarBody body) throws IOException {
        out.writeObjectFieldStart("content");
        out.writeNumberField("size", entry.contentSize().orElse(0L));
        out.writeStringField("mimeType", entry.mimeType().isEmpty() ? "x-unknown" : entry.mimeType());
        optional("text", body.text());
        optional("comment", body.comment());
        out.writeEndObject();
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

    private void timings(RequestTimings timings) throws IOException {
        out.writeObjectFieldStart("timings");
        out.writeNumberField("blocked", timings.blocked());
        out.writeNumberField("dns", timings.dns());
        out.writeNumberField("connect", timings.connect());
        out.writeNumberField("ssl", timings.ssl());
        out.writeNumberField("send", timings.send());
        out.writeNumberField("wait", timings.waiting());
        out.writeNumberField("receive", timings.receive());
        out.writeEndObject();
    }

    private void chrome(NetworkEntry entry) throws IOException {
        out.writeStringField("_resourceType", entry.resourceType());
        optional("_priority", entry.priority());
        optional("_requestId", entry.requestId());
        if (entry.fromCache()) {
            out.writeStringField("_fromCache", entry.timings().isPresent() ? "disk" : "memory");
        }
        if (entry.initiator().isPresent()) {
            initiator(entry.initiator().get());
        }
        if (entry.messages().isPresent()) {
            messages(entry.messages().get());
        }
    }

    /** DevTools counts lines from 0. */
    private void initiator(RequestInitiator initiator) throws IOException {
        out.writeObjectFieldStart("_initiator");
        out.writeStringField("type", initiator.type());
        optional("url", initiator.url());
        if (initiator.line().isPresent()) {
            out.writeNumberField("lineNumber", initiator.line().get() - 1);
        }
        out.writeEndObject();
    }

    /** Times are in seconds. */
    private void messages(SocketMessages messages) throws IOException {
        out.writeArrayFieldStart("_webSocketMessages");
        for (SocketMessages.Message message : messages.first()) {
            out.writeStartObject();
            out.writeStringField("type", message.sent() ? "send" : "receive");
            out.writeNumberField("time", message.timestamp().toEpochMilli() / MILLIS);
            out.writeNumberField("opcode", message.opcode());
            out.writeStringField("data", message.data());
            out.writeEndObject();
        }
        out.writeEndArray();
        long missing = messages.sent() + messages.received() - messages.first().size();
        if (missing > 0) {
            out.writeStringField("comment", missing + " more messages went over this WebSocket");
        }
    }
}
