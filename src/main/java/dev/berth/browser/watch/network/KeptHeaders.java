package dev.berth.browser.watch.network;

import dev.berth.protocol.Truncation;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The headers of a request or response, within limits, as pages and servers choose them; the values of secret ones are
 * redacted. Immutable.
 */
final class KeptHeaders {
    static final KeptHeaders NONE = new KeptHeaders();

    private static final Set<String> SECRET =
            Set.of("authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-bb-api-key");
    static final String REDACTED = "[redacted]";
    private static final int MAX_VALUE_CHARS = 4_096;
    private static final int MAX_NAME_CHARS = 200;
    private static final int MAX_HEADERS = 100;
    /** The limit of all names and values together; further headers are dropped. */
    static final int MAX_CHARS = 8_192;
    /** The memory of a map entry besides its characters. */
    private static final int ENTRY_BYTES = 100;

    private final Map<String, String> values = new LinkedHashMap<>();
    private int chars;

    private KeptHeaders() {}

    /** @param headers CDP's {@code Network.Headers} */
    static KeptHeaders of(JsonObject headers) {
        KeptHeaders kept = new KeptHeaders();
        for (Map.Entry<String, Object> header : headers) {
            if (kept.values.size() == MAX_HEADERS || kept.chars >= MAX_CHARS) {
                break;
            }
            kept.add(header.getKey(), header.getValue());
        }
        return kept;
    }

    private void add(String name, Object value) {
        boolean secret = SECRET.contains(name.toLowerCase(Locale.ROOT));
        String keptName = Truncation.cut(name, MAX_NAME_CHARS);
        int most = Math.min(MAX_VALUE_CHARS, Math.max(0, MAX_CHARS - chars - keptName.length()));
        String keptValue =
                Truncation.marked(secret ? redacted(name, String.valueOf(value)) : String.valueOf(value), most);
        values.put(keptName, keptValue);
        chars += keptName.length() + keptValue.length();
    }

    private static String redacted(String name, String value) {
        return name.equalsIgnoreCase("cookie")
                ? Stream.of(value.split(";")).map(KeptHeaders::withoutValue).collect(Collectors.joining("; "))
                : REDACTED;
    }

    /** The name of a cookie tells which one was sent; a cookie without a name is all secret. */
    private static String withoutValue(String cookie) {
        return cookie.substring(0, cookie.indexOf('=') + 1).strip() + REDACTED;
    }

    Optional<Long> contentLength() {
        return values.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("content-length"))
                .map(Map.Entry::getValue)
                .filter(value -> value.matches("\\d{1,15}"))
                .map(Long::parseLong)
                .findFirst();
    }

    Map<String, String> values() {
        return Collections.unmodifiableMap(values);
    }

    /** Approximate memory: bytes. */
    int bytes() {
        return values.size() * ENTRY_BYTES + chars;
    }
}
