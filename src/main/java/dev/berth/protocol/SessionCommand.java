package dev.berth.protocol;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A request to one session, on {@link Addresses#session}. Reads are answered at once, also while an action runs; actions
 * run one after another, in the order in which they came; {@link EndSession} overtakes all.
 *
 * <p>All fail with {@link ErrorCode#SESSION_NOT_FOUND} where the sender named an owner and it is another's; actions fail
 * with {@link ErrorCode#SESSION_NOT_RUNNING} before the session runs, {@link ErrorCode#SESSION_ENDED} once it ends,
 * {@link ErrorCode#ACTION_FAILED} where the browser could not do it, and {@link ErrorCode#TIMEOUT}.
 *
 * @param <R> its reply
 */
public sealed interface SessionCommand<R extends SessionReply> {

    /** How long the sender waits at the most: always longer than the work that it asks for. */
    default long deadlineMillis() {
        return 10_000;
    }

    /** A command that drives the browser: one entry in the action log. */
    sealed interface Action<R extends SessionReply> extends SessionCommand<R> {
        /** How long the browser may take, queueing excluded. */
        long timeoutMillis();

        /** Room for the actions before it. */
        @Override
        default long deadlineMillis() {
            return timeoutMillis() + 120_000;
        }
    }

    /** The session as it is. */
    record DescribeSession() implements SessionCommand<SessionReply.SessionSnapshot> {}

    /**
     * The action log, oldest first.
     *
     * @param offset how many to pass over
     * @param limit how many at the most
     */
    record ReadActions(long offset, int limit) implements SessionCommand<SessionReply.ActionPage> {
        public ReadActions {
            Require.range(offset, limit);
        }
    }

    /** The files that it has left so far, oldest first. */
    record ReadArtifacts() implements SessionCommand<SessionReply.ArtifactList> {}

    /**
     * Console lines, oldest first: see {@link SessionReply.ConsoleTail}.
     *
     * @param offset how many to pass over
     * @param limit how many at the most
     */
    record ReadConsole(long offset, int limit) implements SessionCommand<SessionReply.ConsoleTail> {
        public ReadConsole {
            Require.range(offset, limit);
        }
    }

    /**
     * Network requests, in the order in which they finished: see {@link SessionReply.NetworkTail}.
     *
     * @param offset how many to pass over
     * @param limit how many at the most
     */
    record ReadNetwork(long offset, int limit) implements SessionCommand<SessionReply.NetworkTail> {
        public ReadNetwork {
            Require.range(offset, limit);
        }
    }

    /** A round trip to the page. */
    record CheckHealth() implements SessionCommand<SessionReply.HealthReport> {}

    /**
     * Ends the session: replied to once Chrome is gone and everything it left is safe. Repeating it is harmless.
     *
     * @param reason why
     */
    record EndSession(EndReason reason) implements SessionCommand<SessionReply.SessionOver> {
        public EndSession {
            Require.present("reason", reason);
        }

        @Override
        public long deadlineMillis() {
            return 60_000;
        }
    }

    /**
     * Opens a URL in the active page. An HTTP error status is success, a network error is not.
     *
     * @param url absolute, or a bare host as a person would type it
     * @param waitUntil when it counts as done
     */
    record Navigate(String url, WaitUntil waitUntil, long timeoutMillis)
            implements Action<SessionReply.NavigationResult> {
        public Navigate {
            Require.present("url", url);
            Require.present("waitUntil", waitUntil);
            Require.timeout(timeoutMillis);
        }
    }

    /** One step back in the active page's history; {@code navigated} is false where there is none. */
    record GoBack(WaitUntil waitUntil, long timeoutMillis) implements Action<SessionReply.NavigationResult> {
        public GoBack {
            Require.present("waitUntil", waitUntil);
            Require.timeout(timeoutMillis);
        }
    }

    /** One step forward in the active page's history; {@code navigated} is false where there is none. */
    record GoForward(WaitUntil waitUntil, long timeoutMillis) implements Action<SessionReply.NavigationResult> {
        public GoForward {
            Require.present("waitUntil", waitUntil);
            Require.timeout(timeoutMillis);
        }
    }

    /** Loads the active page again. */
    record Reload(WaitUntil waitUntil, long timeoutMillis) implements Action<SessionReply.NavigationResult> {
        public Reload {
            Require.present("waitUntil", waitUntil);
            Require.timeout(timeoutMillis);
        }
    }

    /**
     * A picture of the active page, stored as an artifact.
     *
     * @param fullPage the whole document, not just the viewport
     * @param selector just this element: see {@link Click}
     * @param quality 0 to 100, for JPEG and WebP
     */
    record TakeScreenshot(
            boolean fullPage,
            Optional<String> selector,
            ImageFormat format,
            Optional<Integer> quality,
            long timeoutMillis)
            implements Action<SessionReply.ScreenshotTaken> {
        public TakeScreenshot {
            Require.present("selector", selector);
            Require.present("format", format);
            Require.present("quality", quality).ifPresent(value -> Require.within("quality", value, 0, 100));
            Require.timeout(timeoutMillis);
        }
    }

    /**
     * Runs JavaScript in the active page; a promise is awaited.
     *
     * @param expression what {@code eval} would take
     */
    record Evaluate(String expression, long timeoutMillis) implements Action<SessionReply.EvaluationResult> {
        public Evaluate {
            Require.present("expression", expression);
            Require.timeout(timeoutMillis);
        }
    }

    /**
     * Clicks an element, with real mouse events at its middle, or else at another point that is free. As for all actions on elements, it is waited for: to be there,
     * visible, at rest, enabled, and not covered; {@link ErrorCode#ACTION_FAILED} says which of these it was not.
     *
     * @param selector CSS, {@code xpath=}, {@code text=}, or {@code ref=} of a {@link TakeSnapshot}
     * @param clickCount 2 for a double click
     */
    record Click(String selector, MouseButton button, int clickCount, long timeoutMillis)
            implements Action<SessionReply.ElementResult> {
        public Click {
            Require.present("selector", selector);
            Require.present("button", button);
            Require.within("clickCount", clickCount, 1, 3);
            Require.timeout(timeoutMillis);
        }
    }

    /** Moves the mouse to an element's middle. */
    record Hover(String selector, long timeoutMillis) implements Action<SessionReply.ElementResult> {
        public Hover {
            Require.present("selector", selector);
            Require.timeout(timeoutMillis);
        }
    }

    /**
     * Focuses an element and types, key by key, at the end of what it holds.
     *
     * @param selector empty for what has the focus, where its cursor is
     */
    record Type(Optional<String> selector, String text, long timeoutMillis)
            implements Action<SessionReply.ElementResult> {
        public Type {
            Require.present("selector", selector);
            Require.present("text", text);
            Require.timeout(timeoutMillis);
        }
    }

    /** Replaces what a field holds. */
    record Fill(String selector, String value, long timeoutMillis) implements Action<SessionReply.ElementResult> {
        public Fill {
            Require.present("selector", selector);
            Require.present("value", value);
            Require.timeout(timeoutMillis);
        }
    }

    /**
     * Presses a key.
     *
     * @param selector what is focused before; empty for what has the focus
     * @param key as {@code KeyboardEvent.key} names it, after modifiers: {@code Enter}, {@code a}, {@code Control+Shift+A}
     */
    record Press(Optional<String> selector, String key, long timeoutMillis)
            implements Action<SessionReply.ElementResult> {
        public Press {
            Require.present("selector", selector);
            Require.present("key", key);
            Require.timeout(timeoutMillis);
        }
    }

    /**
     * Chooses options of a {@code select} element, and no others.
     *
     * @param values their values or labels
     */
    record Select(String selector, List<String> values, long timeoutMillis)
            implements Action<SessionReply.SelectionResult> {
        public Select {
            Require.present("selector", selector);
            values = Require.elements("values", values);
            Require.timeout(timeoutMillis);
        }
    }

    /**
     * Scrolls.
     *
     * @param selector what is scrolled into view, and is scrolled where x or y is given; empty for the page
     * @param x CSS pixels to the right
     * @param y CSS pixels down
     */
    record Scroll(Optional<String> selector, double x, double y, long timeoutMillis)
            implements Action<SessionReply.ScrollResult> {
        public Scroll {
            Require.present("selector", selector);
            Require.finite("x", x);
            Require.finite("y", y);
            Require.timeout(timeoutMillis);
        }
    }

    /** Waits for an element; {@link ErrorCode#TIMEOUT} where it does not come to be so. */
    record WaitFor(String selector, ElementState state, long timeoutMillis)
            implements Action<SessionReply.ElementResult> {
        public WaitFor {
            Require.present("selector", selector);
            Require.present("state", state);
            Require.timeout(timeoutMillis);
        }
    }

    /** Reads what the active page shows, its iframes of the same origin and open shadow roots included. */
    record ReadContent(ContentFormat format, long timeoutMillis) implements Action<SessionReply.ContentResult> {
        public ReadContent {
            Require.present("format", format);
            Require.timeout(timeoutMillis);
        }
    }

    /** Reads the accessibility tree of the active page, and gives its elements refs that are selectors. */
    record TakeSnapshot(long timeoutMillis) implements Action<SessionReply.SnapshotResult> {
        public TakeSnapshot {
            Require.timeout(timeoutMillis);
        }
    }

    /** Prints the active page to a PDF, stored as an artifact. */
    record PrintPdf(PdfOptions options, long timeoutMillis) implements Action<SessionReply.PdfPrinted> {
        public PrintPdf {
            Require.present("options", options);
            Require.timeout(timeoutMillis);
        }
    }

    /** Gives files to a file input. */
    record Upload(String selector, List<UploadedFile> files, long timeoutMillis)
            implements Action<SessionReply.ElementResult> {
        public Upload {
            Require.present("selector", selector);
            files = Require.elements("files", files);
            Require.timeout(timeoutMillis);
        }
    }

    /** Reads the browser's cookies. */
    record ReadCookies(long timeoutMillis) implements Action<SessionReply.CookieList> {
        public ReadCookies {
            Require.timeout(timeoutMillis);
        }
    }

    /** Adds cookies, each in place of one with its name, domain and path; replies with all that there are. */
    record SetCookies(List<Cookie> cookies, long timeoutMillis) implements Action<SessionReply.CookieList> {
        public SetCookies {
            cookies = Require.elements("cookies", cookies);
            Require.timeout(timeoutMillis);
        }
    }

    /**
     * How JavaScript dialogs are answered from now on, where no CDP client answers them. Until this is told they are dismissed, but a
     * page that asks whether it may be left is left.
     *
     * @param promptText what is entered in a {@code prompt}
     */
    record AnswerDialogs(boolean accept, Optional<String> promptText, long timeoutMillis)
            implements Action<SessionReply.Acknowledged> {
        public AnswerDialogs {
            Require.present("promptText", promptText);
            Require.timeout(timeoutMillis);
        }
    }

    /**
     * A CDP client comes: replied to with where Chrome listens. Until it leaves, or is not heard of for
     * {@value #CDP_CLIENT_LEASE_MILLIS} ms, it counts as a client of the session. Fails with
     * {@link ErrorCode#SESSION_NOT_RUNNING} and {@link ErrorCode#SESSION_ENDED} as actions do.
     *
     * @param clientId chosen by the caller, a new one for each connection
     */
    record OpenCdp(String clientId) implements SessionCommand<SessionReply.CdpEndpoint> {
        public OpenCdp {
            Require.present("clientId", clientId);
        }
    }

    /** After how many milliseconds without a word a CDP client counts as gone: its node may have died. */
    long CDP_CLIENT_LEASE_MILLIS = 30_000;

    /**
     * A CDP client is still there.
     *
     * @param used whether frames passed since the last time
     */
    record TouchCdpClient(String clientId, boolean used) implements SessionCommand<SessionReply.Acknowledged> {
        public TouchCdpClient {
            Require.present("clientId", clientId);
        }
    }

    /**
     * New targets that Chrome attaches to a CDP client wait until it lets them run, a few seconds at the most.
     *
     * @param targetTypes of these targets, as Chrome names them; empty where none wait for it any more
     */
    record HoldTargets(String clientId, Set<String> targetTypes) implements SessionCommand<SessionReply.Acknowledged> {
        public HoldTargets {
            Require.present("clientId", clientId);
            targetTypes = Set.copyOf(Require.present("targetTypes", targetTypes));
        }
    }

    /** Replied to when every target that there is in the browser is watched. */
    record WatchTargets() implements SessionCommand<SessionReply.Acknowledged> {}

    /**
     * A target waits no longer for a CDP client.
     *
     * @param started whether the client has let it run; else it has detached from it, and the session lets it run
     */
    record ReleaseTarget(String clientId, String targetId, boolean started)
            implements SessionCommand<SessionReply.Acknowledged> {
        public ReleaseTarget {
            Require.present("clientId", clientId);
            Require.present("targetId", targetId);
        }
    }

    /**
     * JavaScript dialogs of these pages, and of no others, are a CDP client's own from now on: it has {@value #DIALOG_PATIENCE_MILLIS}
     * ms to answer one.
     */
    record ClaimDialogs(String clientId, Set<String> pageIds) implements SessionCommand<SessionReply.Acknowledged> {
        private static final int MAX_PAGES = 2_000;

        public ClaimDialogs {
            Require.present("clientId", clientId);
            pageIds = Set.copyOf(Require.present("pageIds", pageIds));
            Require.within("pageIds", pageIds.size(), 0, MAX_PAGES);
        }
    }

    /** How long a dialog is left to the CDP clients whose it is; then it is answered as {@link AnswerDialogs} says. */
    long DIALOG_PATIENCE_MILLIS = 30_000;

    /** A CDP client has left. */
    record DetachCdpClient(String clientId) implements SessionCommand<SessionReply.Acknowledged> {
        public DetachCdpClient {
            Require.present("clientId", clientId);
        }
    }

    /** What a CDP client did, in order: replied to once it is in the action log. */
    record RecordCdpActions(List<ActionEntry> actions) implements SessionCommand<SessionReply.Acknowledged> {
        public RecordCdpActions {
            actions = Require.elements("actions", actions);
        }
    }
}
