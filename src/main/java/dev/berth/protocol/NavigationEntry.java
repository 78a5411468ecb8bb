package dev.berth.protocol;

import java.time.Instant;
import java.util.Optional;

/**
 * A document that a top-level page has committed.
 *
 * @param url without user name and password, as all URLs that are kept
 * @param pageId of the page; empty where it is not known
 */
public record NavigationEntry(String url, String title, Instant timestamp, Optional<String> pageId) {
    public NavigationEntry {
        url = UrlCredentials.redact(url);
        title = UrlCredentials.redact(title);
    }

    /** A navigation of an unknown page. */
    public NavigationEntry(String url, String title, Instant timestamp) {
        this(url, title, timestamp, Optional.empty());
    }
}
