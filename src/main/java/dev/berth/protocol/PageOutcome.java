package dev.berth.protocol;

import java.util.Optional;

/**
 * The page that an action acted on, and what the page did because of it.
 *
 * @param pageId of the page
 * @param openedPageId a page that was opened, and is still open
 * @param download a file that was downloaded
 * @param downloading the name of a file whose download goes on; it becomes an artifact when it is complete
 * @param blocked the URL of a navigation that was stopped, as the session may not go to its host
 * @param dialog the page's last dialog
 */
public record PageOutcome(
        String pageId,
        Optional<String> openedPageId,
        Optional<ArtifactEntry> download,
        Optional<String> downloading,
        Optional<String> blocked,
        Optional<MetDialog> dialog) {

    public PageOutcome {
        blocked = blocked.map(UrlCredentials::redact);
    }

    /** The outcome of a reply that its session has not completed yet. */
    public static final PageOutcome UNKNOWN = of("");

    /** An action that had no such consequences. */
    public static PageOutcome of(String pageId) {
        return new PageOutcome(
                pageId, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same, with a file that is being downloaded. */
    public PageOutcome giving(String fileName) {
        return new PageOutcome(pageId, openedPageId, Optional.empty(), Optional.of(fileName), blocked, dialog);
    }

    /** The same, with a file that was downloaded. */
    public PageOutcome gave(ArtifactEntry file) {
        return new PageOutcome(pageId, openedPageId, Optional.of(file), Optional.empty(), blocked, dialog);
    }

    /**
     * A JavaScript dialog that opened while an action ran, and how it was answered: by Berth, a client or a person.
     *
     * @param type {@code alert}, {@code confirm}, {@code prompt} or {@code beforeunload}
     * @param message the page's text, cut at {@value #MAX_CHARS} characters
     */
    public record MetDialog(String type, String message, boolean accepted) {
        private static final int MAX_CHARS = 2_000;

        public MetDialog {
            message = Truncation.ellipsis(message, MAX_CHARS);
        }
    }

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
}
