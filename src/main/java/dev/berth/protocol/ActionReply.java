package dev.berth.protocol;

import dev.berth.protocol.ActionEntry.ActionElement;
import dev.berth.protocol.ActionEntry.ActionPoint;
import dev.berth.protocol.PageOutcome.PageEntry;
import java.util.List;
import java.util.Optional;

/** The reply of a session to an action. */
public sealed interface ActionReply extends SessionReply {

    /** The reply to an action on one page. */
    sealed interface OnPage extends ActionReply {
        /** The page, and what it did because of the action. */
        PageOutcome page();

        OnPage with(PageOutcome page);
    }

    /**
     * The page after a navigation.
     *
     * @param status the HTTP status of the document; empty where there was no response
     * @param navigated false where the history had no such entry, or the URL became a download
     */
    record NavigationResult(String url, String title, Optional<Integer> status, boolean navigated, PageOutcome page)
            implements OnPage {
        public NavigationResult {
            url = UrlCredentials.redact(url);
        }

        public NavigationResult(String url, String title, Optional<Integer> status, boolean navigated) {
            this(url, title, status, navigated, PageOutcome.UNKNOWN);
        }

        @Override
        public NavigationResult with(PageOutcome outcome) {
            return new NavigationResult(url, title, status, navigated, outcome);
        }

        /** The same, where the URL gave a file. */
        public NavigationResult gave(ArtifactEntry file) {
            return new NavigationResult(url, title, status, false, page.gave(file));
        }
    }

    /** A stored screenshot. */
    record ScreenshotTaken(ArtifactEntry artifact, PageOutcome page) implements OnPage {
        public ScreenshotTaken(ArtifactEntry artifact) {
            this(artifact, PageOutcome.UNKNOWN);
        }

        @Override
        public ScreenshotTaken with(PageOutcome outcome) {
            return new ScreenshotTaken(artifact, outcome);
        }
    }

    /**
     * The value of a script.
     *
     * @param json the value as JSON text; a value without a JSON form is described in a string, and undefined is null
     * @param type JavaScript's {@code typeof}, or for an object a more specific name such as {@code array} or {@code map}
     */
    record EvaluationResult(String json, String type, PageOutcome page) implements OnPage {
        public EvaluationResult(String json, String type) {
            this(json, type, PageOutcome.UNKNOWN);
        }

        @Override
        public EvaluationResult with(PageOutcome outcome) {
            return new EvaluationResult(json, type, outcome);
        }
    }

    /** A stored PDF. */
    record PdfPrinted(ArtifactEntry artifact, PageOutcome page) implements OnPage {
        public PdfPrinted(ArtifactEntry artifact) {
            this(artifact, PageOutcome.UNKNOWN);
        }

        @Override
        public PdfPrinted with(PageOutcome outcome) {
            return new PdfPrinted(artifact, outcome);
        }
    }

    /**
     * An action on an element is done.
     *
     * @param url of the page afterwards
     * @param secret true where the entered text must not be kept, such as in a password field
     * @param note how it differed from what was asked for, such as a click that another element received
     * @param point where it met the element; empty where that is not known
     * @param element as it was then; empty where that is not known
     * @param toElement on which a drag ended; empty for others
     */
    record ElementResult(
            String url,
            boolean secret,
            Optional<String> note,
            PageOutcome page,
            Optional<ActionPoint> point,
            Optional<ActionElement> element,
            Optional<ActionElement> toElement)
            implements OnPage {
        public ElementResult {
            url = UrlCredentials.redact(url);
        }

        public ElementResult(String url, boolean secret, Optional<String> note) {
            this(url, secret, note, PageOutcome.UNKNOWN, Optional.empty(), Optional.empty(), Optional.empty());
        }

        /** The same, at a point. */
        public ElementResult at(Optional<ActionPoint> where) {
            return new ElementResult(url, secret, note, page, where, element, toElement);
        }

        /** The same, on an element, and where it was dragged, to another one. */
        public ElementResult on(Optional<ActionElement> met, Optional<ActionElement> end) {
            return new ElementResult(url, secret, note, page, point, met, end);
        }

        @Override
        public ElementResult with(PageOutcome outcome) {
            return new ElementResult(url, secret, note, outcome, point, element, toElement);
        }
    }

    /**
     * The options that are selected now.
     *
     * @param values of these options
     * @param element whose options they are; empty where that is not known
     */
    record SelectionResult(String url, List<String> values, PageOutcome page, Optional<ActionElement> element)
            implements OnPage {
        public SelectionResult {
            url = UrlCredentials.redact(url);
            values = List.copyOf(values);
        }

        public SelectionResult(String url, List<String> values) {
            this(url, values, PageOutcome.UNKNOWN, Optional.empty());
        }

        /** The same, of an element. */
        public SelectionResult on(Optional<ActionElement> met) {
            return new SelectionResult(url, values, page, met);
        }

        @Override
        public SelectionResult with(PageOutcome outcome) {
            return new SelectionResult(url, values, outcome, element);
        }
    }

    /**
     * The scroll position of the page or the element, in CSS pixels.
     *
     * @param element that was scrolled; empty for the page
     */
    record ScrollResult(double x, double y, PageOutcome page, Optional<ActionElement> element) implements OnPage {
        public ScrollResult(double x, double y) {
            this(x, y, PageOutcome.UNKNOWN, Optional.empty());
        }

        /** The same, of an element. */
        public ScrollResult on(Optional<ActionElement> met) {
            return new ScrollResult(x, y, page, met);
        }

        @Override
        public ScrollResult with(PageOutcome outcome) {
            return new ScrollResult(x, y, outcome, element);
        }
    }

    /** The content of a page. */
    record ContentResult(String url, String title, String content, PageOutcome page) implements OnPage {
        public ContentResult {
            url = UrlCredentials.redact(url);
        }

        public ContentResult(String url, String title, String content) {
            this(url, title, content, PageOutcome.UNKNOWN);
        }

        @Override
        public ContentResult with(PageOutcome outcome) {
            return new ContentResult(url, title, content, outcome);
        }
    }

    /**
     * A page, described.
     *
     * @param snapshot one line per node, indented: {@code - button "Save" [ref=e7]}
     * @param tree where it was asked for, the same as JSON text: {@code {"role","name","value","ref","children",…}}
     */
    record SnapshotResult(String url, String title, String snapshot, Optional<String> tree, PageOutcome page)
            implements OnPage {
        public SnapshotResult {
            url = UrlCredentials.redact(url);
        }

        public SnapshotResult(String url, String title, String snapshot, Optional<String> tree) {
            this(url, title, snapshot, tree, PageOutcome.UNKNOWN);
        }

        @Override
        public SnapshotResult with(PageOutcome outcome) {
            return new SnapshotResult(url, title, snapshot, tree, outcome);
        }
    }

    /**
     * The state of the session's recording.
     *
     * @param recording whether {@code artifact} is still being recorded
     */
    record RecordingResult(boolean recording, ArtifactEntry artifact) implements ActionReply {}

    /** The browser's cookies. */
    record CookieList(List<Cookie> cookies) implements ActionReply {
        public CookieList {
            cookies = List.copyOf(cookies);
        }
    }

    /**
     * The storage of a browser: a {@link StorageState}.
     *
     * @param origins as the JSON of its {@code origins}, which may be of many megabytes
     * @param count how many origins that are
     * @param leftOut how many values of databases have no form in JSON, such as keys that can't be exported, and are missing
     */
    record StorageStateRead(List<StorageState.StoredCookie> cookies, String origins, int count, int leftOut)
            implements ActionReply {
        public StorageStateRead {
            cookies = List.copyOf(cookies);
        }

        /** {@code toString} of a record would show the values. */
        @Override
        public String toString() {
            return "StorageStateRead[" + cookies.size() + " cookies, " + count + " origins]";
        }
    }

    /** The cookies, and the storage of origins, that were set: how many of each. */
    record StorageStateSet(int cookies, int origins) implements ActionReply {}

    /**
     * A page that was opened or made active.
     *
     * @param download the file that its URL gave instead of a document; the page is blank then
     */
    record PageResult(PageEntry page, Optional<ArtifactEntry> download) implements ActionReply {}

    /**
     * A page is closed.
     *
     * @param activePageId the page that is active now
     */
    record PageClosed(String pageId, String activePageId) implements ActionReply {}

    /** The rule for requests that holds now. */
    record RouteAdded(RouteEntry route) implements ActionReply {}

    /** The emulation that pages see now. */
    record Emulated(Emulation now) implements ActionReply {}
}
