package dev.berth.cdpclient;

import dev.berth.browser.ConnectionOutcomes;
import dev.berth.browser.ConnectionOutcomes.Passage;
import dev.berth.browser.cdp.MessageHead;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/**
 * Rewrites messages about a client's connections as if no proxy of Berth's lay between: a connection that failed by Chrome's own error, and
 * the address of the server. Only messages that tell of requests are looked at, by their bytes: Chrome writes its fields in one order, and
 * a quote in a text of a page or server has a backslash before it. Pure; for one thread.
 */
final class Unproxied {
    /** Requests whose origins are kept: an event of a failure names its request, and no URL. */
    private static final int MAX_REQUESTS = 1_000;

    private static final int MAX_ORIGIN_BYTES = 300;
    /** Limit for the search of a request's URL, in bytes: the document's URL, which may be long, comes before it. */
    private static final int MAX_HEAD_BYTES = 4_096;

    private static final byte[] NETWORK = ascii("{\"method\":\"Network.");
    private static final byte[] SENT = ascii("requestWillBeSent\"");
    private static final byte[] SOCKET_CREATED = ascii("webSocketCreated\"");
    private static final byte[] RECEIVED = ascii("responseReceived\"");
    private static final byte[] FAILED = ascii("loadingFailed\"");
    private static final byte[] SOCKET_FAILED = ascii("webSocketFrameError\"");
    private static final byte[] REQUEST_ID = ascii("\"requestId\":\"");
    private static final byte[] LOADER_ID = ascii("\"loaderId\":\"");
    private static final byte[] REQUEST_URL = ascii("\"request\":{\"url\":\"");
    private static final byte[] REDIRECT_URL = ascii("\"redirectResponse\":{\"url\":\"");
    private static final byte[] RESPONSE_URL = ascii("\"response\":{\"url\":\"");
    private static final byte[] URL = ascii("\"url\":\"");
    private static final byte[] ADDRESS = ascii(",\"remoteIPAddress\":\"");
    private static final byte[] PORT = ascii("\",\"remotePort\":");
    /** Chrome's error for all that its proxy refuses. */
    private static final byte[] UNEXPLAINED = ascii("net::ERR_SOCKS_CONNECTION_FAILED");

    private final ConnectionOutcomes outcomes;
    private final LongFunction<Optional<String>> navigatesTo;
    private final Map<String, String> origins = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MAX_REQUESTS;
        }
    };

    /** @param navigatesTo the URL of the client's command with this id that Chrome answers now; empty where it is no navigation */
    Unproxied(ConnectionOutcomes outcomes, LongFunction<Optional<String>> navigatesTo) {
        this.outcomes = outcomes;
        this.navigatesTo = navigatesTo;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The replacement of a message for the client; empty where the client gets the message itself.
     *
     * @param bytes has the whole message
     */
    Optional<byte[]> told(byte[] bytes, int from, int to) {
        Message message = new Message(bytes, from, to);
        if (!message.has(NETWORK, from)) {
            OptionalLong id = MessageHead.id(bytes, from, to);
            return id.isPresent() ? answered(message, id.getAsLong()) : Optional.empty();
        }
        int method = from + NETWORK.length;
        if (message.has(SENT, method)) {
            return sent(message);
        } else if (message.has(RECEIVED, method)) {
            return addressed(message, RESPONSE_URL);
        } else if (message.has(FAILED, method) || message.has(SOCKET_FAILED, method)) {
            return explained(message, message.text(REQUEST_ID, from).map(origins::get));
        } else if (message.has(SOCKET_CREATED, method)) {
            keep(message, URL);
        }
        return Optional.empty();
    }

    private Optional<byte[]> sent(Message message) {
        keep(message, REQUEST_URL);
        return addressed(message, REDIRECT_URL);
    }

    private void keep(Message message, byte[] url) {
        Message head = message.head();
        head.text(REQUEST_ID, head.from)
                .ifPresent(id -> head.origin(url).ifPresentOrElse(to -> origins.put(id, to), () -> origins.remove(id)));
    }

    /** The answer to a navigation, which may have been redirected: its request is known where the client watches the network. */
    private Optional<byte[]> answered(Message message, long id) {
        return navigatesTo
                .apply(id)
                .flatMap(url -> explained(
                        message,
                        message.text(LOADER_ID, message.from).map(origins::get).or(() -> Optional.of(url))));
    }

    private Optional<byte[]> explained(Message message, Optional<String> url) {
        int at = message.find(UNEXPLAINED, message.from);
        return at < 0
                ? Optional.empty()
                : url.flatMap(outcomes::last)
                        .flatMap(Passage::error)
                        .map(error -> message.with(at, at + UNEXPLAINED.length, error));
    }

    /** @param url what comes before the URL of the response */
    private Optional<byte[]> addressed(Message message, byte[] url) {
        int response = message.find(url, message.from);
        int address = response < 0 ? -1 : message.address(response);
        int port = address < 0 ? -1 : message.find(PORT, address);
        return port < 0
                ? Optional.empty()
                : message.origin(url)
                        .flatMap(outcomes::last)
                        .flatMap(Passage::remoteAddress)
                        .map(server -> {
                            int colon = server.lastIndexOf(':');
                            String told =
                                    server.substring(0, colon) + "\",\"remotePort\":" + server.substring(colon + 1);
                            return message.with(address, message.afterDigits(port + PORT.length), told);
                        });
    }

    private record Message(byte[] bytes, int from, int to) {
        Message head() {
            return new Message(bytes, from, Math.min(to, from + MAX_HEAD_BYTES));
        }

        boolean has(byte[] text, int at) {
            return to - at >= text.length && Arrays.equals(bytes, at, at + text.length, text, 0, text.length);
        }

        int find(byte[] text, int begin) {
            for (int at = begin; at <= to - text.length; at++) {
                if (bytes[at] == text[0] && has(text, at)) {
                    return at;
                }
            }
            return -1;
        }

        /** The index at which the address of a response begins: behind a number, unlike a header of that name. */
        int address(int response) {
            int at = find(ADDRESS, response);
            while (at >= 0 && (bytes[at - 1] < '0' || bytes[at - 1] > '9')) {
                at = find(ADDRESS, at + 1);
            }
            return at < 0 ? -1 : at + ADDRESS.length;
        }

        int afterDigits(int begin) {
            int at = begin;
            while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
                at++;
            }
            return at;
        }

        /** The text of the first field with this beginning. */
        Optional<String> text(byte[] field, int begin) {
            int at = find(field, begin);
            int start = at + field.length;
            int end = start;
            while (end < to && bytes[end] != '"') {
                end++;
            }
            return at < 0 || end == to ? Optional.empty() : Optional.of(text(start, end));
        }

        /** The URL in that field as far as its host and port. */
        Optional<String> origin(byte[] field) {
            int at = find(field, from);
            int start = at + field.length;
            int slashes = 0;
            int end = start;
            while (end < to && bytes[end] != '"' && (bytes[end] != '/' || ++slashes < 3)) {
                end++;
            }
            return at < 0 || end == to || end - start > MAX_ORIGIN_BYTES
                    ? Optional.empty()
                    : Optional.of(text(start, end));
        }

        private String text(int start, int end) {
            return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
        }

        byte[] with(int start, int end, String text) {
            ByteArrayOutputStream out = new ByteArrayOutputStream(to - from + text.length());
            out.write(bytes, from, start - from);
            out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            out.write(bytes, end, to - end);
            return out.toByteArray();
        }
    }
}
