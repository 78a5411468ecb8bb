package dev.berth.protocol;

import java.util.List;
import java.util.Optional;

/** The reply of a session to an action. */
public sealed interface ActionReply extends SessionReply {

    /**
     * The page after a navigation.
     *
     * @param status the HTTP status of the document; empty where there was no response
     * @param navigated false where the history had no such entry, or the URL became a download
     * @param download the file that the URL gave instead of a page
     */
    record NavigationResult(
            String url, String title, Optional<Integer> status, boolean navigated, Optional<ArtifactEntry> download)
            implements ActionReply {
        public NavigationResult {
            url = UrlCredentials.redact(url);
        }

        public NavigationResult(String url, String title, Optional<Integer> status, boolean navigated) {
            this(url, title, status, navigated, Optional.empty());
        }

        /** The same, where the URL gave a file. */
        public NavigationResult gave(ArtifactEntry file) {
            return new NavigationResult(url, title, status, false, Optional.of(file));
        }
    }

    /** A stored screenshot. */
    record ScreenshotTaken(ArtifactEntry artifact) implements ActionReply {}

    /**
     * The value of a script.
     *
     * @param json the value as JSON text; a value without a JSON form is described in a string, and undefined is null
     * @param type JavaScript's {@code typeof}, or for an object a more specific name such as {@code array} or {@code map}
     */
    record EvaluationResult(String json, String type) implements ActionReply {}

    /** A stored PDF. */
    record PdfPrinted(ArtifactEntry artifact) implements ActionReply {}

    /**
     * An action on an element is done.
     *
     * @param url of the page afterwards
     * @param secret true where the entered text must not be kept, such as in a password field
     * @param note how it differed from what was asked for, such as a click that another element received
     */
    record ElementResult(String url, boolean secret, Optional<String> note) implements ActionReply {
        public ElementResult {
            url = UrlCredentials.redact(url);
        }
    }

    /**
     * The options that are selected now.
     *
     * @param values of these options
     */
    record SelectionResult(String url, List<String> values) implements ActionReply {
        public SelectionResult {
            url = UrlCredentials.redact(url);
            values = List.copyOf(values);
        }
    }

    /** The scroll position of the page or the element, in CSS pixels. */
    record ScrollResult(double x, double y) implements ActionReply {}

    /** The content of a page. */
    record ContentResult(String url, String title, String content) implements ActionReply {
        public ContentResult {
            url = UrlCredentials.redact(url);
        }
    }

    /**
     * The accessibility tree of a page.
     *
     * @param snapshot one line per node, indented: {@code - button "Save" [ref=e7]}
     * @param tree the same as JSON text: {@code {"role","name","value","ref","children",…}}
     */
    record SnapshotResult(String url, String title, String snapshot, String tree) implements ActionReply {
        public SnapshotResult {
            url = UrlCredentials.redact(url);
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
}
