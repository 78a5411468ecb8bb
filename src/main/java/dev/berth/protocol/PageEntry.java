package dev.berth.protocol;

import java.util.Optional;

/**
 * An open page of a browser.
 *
 * @param pageId Chrome's id of its target
 * @param active whether actions that name no page act on it
 * @param openerId the page that opened it; empty where a client did, or where the opener is not known
 */
public record PageEntry(String pageId, String url, String title, boolean active, Optional<String> openerId) {
    public PageEntry {
        Require.id("pageId", pageId);
        url = UrlCredentials.redact(url);
        title = UrlCredentials.redact(title);
        Require.present("openerId", openerId);
    }
}
