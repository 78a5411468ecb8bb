package dev.berth.protocol;

import java.util.List;
import java.util.Optional;

/**
 * An action on the browser as a whole: its pages, and what they share.
 *
 * @param <R> its reply
 */
public sealed interface BrowserAction<R extends SessionReply> extends SessionCommand.Action<R> {

    /**
     * Opens a page, which becomes the active one. If its URL can't be opened, the page is closed again, and this fails.
     *
     * @param url as for {@link PageAction.Navigate}; empty for a blank page
     * @param waitUntil when the page counts as open
     */
    record OpenPage(Optional<String> url, WaitUntil waitUntil, long timeoutMillis)
            implements BrowserAction<ActionReply.PageResult> {
        /** How many pages a browser may have for this to open another one. */
        public static final int MAX_PAGES = 100;

        public OpenPage {
            Require.text("url", url, 1, Require.MAX_TEXT_CHARS);
            Require.present("waitUntil", waitUntil);
            Require.timeout(timeoutMillis);
        }
    }

    /**
     * Makes a page the active one, until it is closed or another page is opened or made active. {@link ErrorCode#NOT_FOUND}
     * where there is no such page.
     */
    record ActivatePage(String pageId, long timeoutMillis) implements BrowserAction<ActionReply.PageResult> {
        public ActivatePage {
            Require.id("pageId", pageId);
            Require.timeout(timeoutMillis);
        }
    }

    /**
     * Closes a page, without asking it. If it was the active one, its opener is active then, or else the page that was active
     * last. A browser always has a page: instead of the last one it opens a blank one. {@link ErrorCode#NOT_FOUND} where there
     * is no such page.
     */
    record ClosePage(String pageId, long timeoutMillis) implements BrowserAction<ActionReply.PageClosed> {
        public ClosePage {
            Require.id("pageId", pageId);
            Require.timeout(timeoutMillis);
        }
    }

    /** Reads the browser's cookies. */
    record ReadCookies(long timeoutMillis) implements BrowserAction<ActionReply.CookieList> {
        public ReadCookies {
            Require.timeout(timeoutMillis);
        }
    }

    /** Sets cookies, each in place of one with the same name, domain and path. Replies with all cookies. */
    record SetCookies(List<Cookie> cookies, long timeoutMillis) implements BrowserAction<ActionReply.CookieList> {
        private static final int MAX_COOKIES = 1_000;

        public SetCookies {
            cookies = Require.elements("cookies", cookies, 0, MAX_COOKIES);
            cookies.forEach(Cookie::requireSettable);
            Require.timeout(timeoutMillis);
        }
    }

    /**
     * Sets how JavaScript dialogs are answered from now on, where no CDP client answers them. By default they are dismissed,
     * except a page's question whether to leave it, which is accepted.
     *
     * @param promptText what is entered in a {@code prompt}
     */
    record AnswerDialogs(boolean accept, Optional<String> promptText, long timeoutMillis)
            implements BrowserAction<SessionReply.Acknowledged> {
        private static final int MAX_PROMPT_CHARS = 10_000;

        public AnswerDialogs {
            Require.text("promptText", promptText, 0, MAX_PROMPT_CHARS);
            Require.timeout(timeoutMillis);
        }
    }
}
