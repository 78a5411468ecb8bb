package dev.berth.har;

import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.NetworkEntry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pages of a HAR: a page is a document of a main frame. They are found while the entries pass, as are the browser's version and
 * the gaps in the log. Bounded, as a session may navigate any number of times.
 */
final class HarPages {
    static final int MAX_PAGES = 10_000;
    private static final int MAX_TITLE_CHARS = 500;
    private static final Pattern CHROME = Pattern.compile("Chrome/([0-9.]+)");

    private final Map<String, Page> byDocument = new LinkedHashMap<>();
    /** The document of each page of the browser whose request came last. */
    private final Map<String, String> latest = new HashMap<>();

    private Optional<String> version = Optional.empty();
    private Optional<String> gaps = Optional.empty();

    private static final class Page {
        private final String id;
        private Instant start;
        private String title = "";
        private Optional<NavigationEntry> navigation = Optional.empty();

        private Page(String id, Instant start) {
            this.id = id;
            this.start = start;
        }

        /** Milliseconds from its start; empty where that is not known. */
        private Optional<Long> since(Function<NavigationEntry, Optional<Instant>> moment) {
            return navigation
                    .flatMap(moment)
                    .map(at -> Duration.between(start, at).toMillis());
        }

        private JsonObject json() {
            JsonObject timings = new JsonObject();
            since(NavigationEntry::contentLoadedAt).ifPresent(millis -> timings.put("onContentLoad", millis));
            since(NavigationEntry::loadedAt).ifPresent(millis -> timings.put("onLoad", millis));
            return new JsonObject()
                    .put("startedDateTime", HarEntry.time(start))
                    .put("id", id)
                    .put("title", title)
                    .put("pageTimings", timings);
        }
    }

    /** False for a WebSocket's opening, as its end follows, and for a mark in the log, which says that requests are missing. */
    boolean isRequest(NetworkEntry entry) {
        if (entry.url().isEmpty()) {
            gaps = gaps.or(entry::error);
            return false;
        }
        return !entry.opensSocket();
    }

    /** The id of the page that a request belongs to. */
    Optional<String> of(NetworkEntry entry) {
        if (version.isEmpty()) {
            version = chrome(entry);
        }
        Optional<String> document = entry.frameId().isPresent()
                ? entry.pageId().map(latest::get)
                : entry.pageId().flatMap(page -> entry.documentId());
        return document.flatMap(id -> page(id, entry)).map(page -> page.id);
    }

    private Optional<Page> page(String document, NetworkEntry entry) {
        if (!byDocument.containsKey(document) && byDocument.size() == MAX_PAGES) {
            return Optional.empty();
        }
        Page page = byDocument.computeIfAbsent(
                document, id -> new Page("page_" + (byDocument.size() + 1), entry.timestamp()));
        if (entry.frameId().isEmpty()) {
            entry.pageId().ifPresent(id -> latest.put(id, document));
        }
        if (entry.requestId().equals(Optional.of(document))) {
            page.title = entry.url()
                    .substring(0, Math.min(MAX_TITLE_CHARS, entry.url().length()));
        }
        if (entry.timestamp().isBefore(page.start)) {
            page.start = entry.timestamp();
        }
        return Optional.of(page);
    }

    private static Optional<String> chrome(NetworkEntry entry) {
        return Optional.ofNullable(entry.requestHeaders().get("User-Agent"))
                .map(CHROME::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1));
    }

    /** The pages, the browser and the gaps, as fields of the HAR's {@code log}. */
    JsonObject json(List<NavigationEntry> navigations) {
        // A document that comes back from the back/forward cache is not loaded again.
        for (NavigationEntry navigation : navigations) {
            navigation
                    .documentId()
                    .map(byDocument::get)
                    .ifPresent(page -> page.navigation = page.navigation.or(() -> Optional.of(navigation)));
        }
        JsonObject json = new JsonObject()
                .put(
                        "pages",
                        new JsonArray(
                                byDocument.values().stream().map(Page::json).toList()));
        version.ifPresent(number ->
                json.put("browser", new JsonObject().put("name", "Chrome").put("version", number)));
        gaps.ifPresent(why -> json.put("comment", why));
        return json;
    }
}
