package dev.berth.browser.watch.network;

import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The headers that a session adds to every request of its pages. Their values are secrets of its user. */
public final class AddedHeaders {
    public static final AddedHeaders NONE = new AddedHeaders(Map.of());

    private final Map<String, String> values;
    private final Set<String> names;

    public AddedHeaders(Map<String, String> values) {
        this.values = values;
        this.names = values.keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Hides the values of these headers, too, from now on. */
    void hide(Set<String> moreNames) {
        moreNames.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    }

    /** The headers as CDP takes them; empty where there are none. */
    public Optional<JsonObject> all() {
        JsonObject headers = new JsonObject();
        values.forEach(headers::put);
        return Optional.of(headers).filter(some -> !some.isEmpty());
    }

    /** Redacts the headers' values in an event of the {@code Network} domain. */
    public void hide(CdpEvent event) {
        if (!names.isEmpty()) {
            hideIn(event.params().getJsonObject("headers"));
            JsonObject request = event.params().getJsonObject("request");
            hideIn(request == null ? null : request.getJsonObject("headers"));
        }
    }

    private void hideIn(JsonObject headers) {
        if (headers != null) {
            for (String name : new HashSet<>(headers.fieldNames())) {
                if (names.contains(name.toLowerCase(Locale.ROOT))) {
                    headers.put(name, KeptHeaders.REDACTED);
                }
            }
        }
    }
}
