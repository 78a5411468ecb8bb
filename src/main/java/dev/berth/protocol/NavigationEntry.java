package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.time.Instant;
import java.util.Optional;

/**
 * A document that a top-level page has committed.
 *
 * @param url without user name and password, as all URLs that are kept
 * @param pageId of the page; empty where it is not known
 * @param documentId of the document, as its requests name it
 * @param contentLoadedAt when it had its {@code DOMContentLoaded} event
 * @param loadedAt when it had its {@code load} event
 */
public record NavigationEntry(
        String url,
        String title,
        Instant timestamp,
        Optional<String> pageId,
        @JsonInclude(Include.NON_ABSENT) Optional<String> documentId,
        @JsonInclude(Include.NON_ABSENT) Optional<Instant> contentLoadedAt,
        @JsonInclude(Include.NON_ABSENT) Optional<Instant> loadedAt) {
    public NavigationEntry {
        url = UrlCredentials.redact(url);
        title = UrlCredentials.redact(title);
        timestamp = Require.kept(timestamp);
        contentLoadedAt = contentLoadedAt.map(Require::kept);
        loadedAt = loadedAt.map(Require::kept);
    }

    /** A navigation of an unknown page. */
    public NavigationEntry(String url, String title, Instant timestamp) {
        this(url, title, timestamp, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public NavigationEntry titled(String newTitle) {
        return new NavigationEntry(url, newTitle, timestamp, pageId, documentId, contentLoadedAt, loadedAt);
    }

    /**
     * The first time counts: a script that writes the document anew lets it load again.
     *
     * @param whole whether it had its {@code load} event, or its {@code DOMContentLoaded}
     */
    public NavigationEntry loaded(boolean whole, Instant at) {
        return new NavigationEntry(
                url,
                title,
                timestamp,
                pageId,
                documentId,
                whole ? contentLoadedAt : contentLoadedAt.or(() -> Optional.of(at)),
                whole ? loadedAt.or(() -> Optional.of(at)) : loadedAt);
    }
}
