package dev.berth.protocol;

import java.time.Instant;

/**
 * A document that a top-level page has committed.
 *
 * @param url without user name and password, as all URLs that are kept
 */
public record NavigationEntry(String url, String title, Instant timestamp) {
    public NavigationEntry {
        url = UrlCredentials.redact(url);
        title = UrlCredentials.redact(title);
    }
}
