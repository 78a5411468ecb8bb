package dev.berth.cdpclient;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A client's filter of targets: the first entry with the type, or without a type, decides (Target.TargetFilter).
 *
 * @param entries as they were sent, without invalid ones
 */
record TargetFilter(JsonArray entries) {
    private static final String BROWSER = "browser";
    private static final String TAB = "tab";
    private static final String PAGE = "page";
    /** The types that Chrome holds until an attached client lets them run. */
    private static final Set<String> HELD = Set.of(PAGE, "service_worker", "shared_worker");

    /** Chrome's default filter. */
    private static final TargetFilter DEFAULT = new TargetFilter(
            new JsonArray().add(excluded(BROWSER)).add(excluded(TAB)).add(new JsonObject()));

    static TargetFilter of(JsonObject params) {
        if (!(params.getValue("filter") instanceof JsonArray given)) {
            return DEFAULT;
        }
        JsonArray entries = new JsonArray();
        given.stream().filter(JsonObject.class::isInstance).forEach(entries::add);
        return new TargetFilter(entries);
    }

    private static JsonObject excluded(String type) {
        return new JsonObject().put("type", type).put("exclude", true);
    }

    boolean includes(String type) {
        return entries.stream()
                .map(JsonObject.class::cast)
                .filter(entry -> type.equals(entry.getValue("type", type)))
                .findFirst()
                .map(entry -> !Boolean.TRUE.equals(entry.getValue("exclude")))
                .orElse(false);
    }

    /**
     * The types of targets that wait for the client when Chrome attaches it by this filter. Pages may be attached within their
     * tab.
     */
    Set<String> held() {
        Stream<String> named = HELD.stream().filter(this::includes);
        return Stream.concat(named, includes(TAB) ? Stream.of(PAGE) : Stream.empty())
                .collect(Collectors.toUnmodifiableSet());
    }

    boolean includesBrowsers() {
        return includes(BROWSER);
    }

    JsonArray withoutBrowsers() {
        JsonArray all = new JsonArray().add(excluded(BROWSER));
        entries.forEach(all::add);
        return all;
    }
}
