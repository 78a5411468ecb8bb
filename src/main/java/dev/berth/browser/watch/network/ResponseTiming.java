package dev.berth.browser.watch.network;

import dev.berth.protocol.NetworkEntry.RequestTimings;
import io.vertx.core.json.JsonObject;
import java.util.stream.DoubleStream;

/**
 * Chrome's {@code Network.ResourceTiming}: when the phases of a request began and ended, in milliseconds after {@code requestTime};
 * -1 where they did not happen.
 *
 * @param requestTime in seconds, by the clock of the events' timestamps
 */
record ResponseTiming(
        double requestTime,
        double dnsStart,
        double dnsEnd,
        double connectStart,
        double connectEnd,
        double sslStart,
        double sslEnd,
        double sendStart,
        double sendEnd,
        double headersEnd) {
    private static final double NEVER = -1;

    static ResponseTiming of(JsonObject timing) {
        return new ResponseTiming(
                timing.getDouble("requestTime", 0.0),
                at(timing, "dnsStart"),
                at(timing, "dnsEnd"),
                at(timing, "connectStart"),
                at(timing, "connectEnd"),
                at(timing, "sslStart"),
                at(timing, "sslEnd"),
                at(timing, "sendStart"),
                at(timing, "sendEnd"),
                at(timing, "receiveHeadersEnd"));
    }

    private static double at(JsonObject timing, String moment) {
        return timing.getDouble(moment, NEVER);
    }

    /**
     * As DevTools derives them for a HAR: each phase lasts from the end of the one before, so that their sum is the whole.
     *
     * @param startedAt when the page asked, in seconds
     * @param endedAt the end of the body, in seconds
     */
    RequestTimings phases(double startedAt, double endedAt) {
        double first = DoubleStream.of(dnsStart, connectStart, sendStart)
                .filter(at -> at >= 0)
                .min()
                .orElse(0);
        double looked = Math.max(first, dnsEnd);
        double connected = Math.max(looked, connectEnd);
        double sent = Math.max(connected, sendEnd);
        double answered = Math.max(sent, headersEnd);
        return new RequestTimings(
                millis((requestTime - startedAt) * 1_000 + first),
                dnsEnd >= 0 ? millis(looked - first) : NEVER,
                connectEnd >= 0 ? millis(connected - looked) : NEVER,
                sslEnd > 0 ? millis(sslEnd - sslStart) : NEVER,
                millis(sent - connected),
                millis(answered - sent),
                millis((endedAt - requestTime) * 1_000 - answered));
    }

    /** Chrome's clocks are exact to a microsecond. */
    private static double millis(double millis) {
        return Math.max(0, Math.round(millis * 1e3) / 1e3);
    }
}
