package dev.berth.protocol;

import java.util.List;
import java.util.Optional;

/** What a session replies to an action. */
public sealed interface ActionReply extends SessionReply {

    /**
     * Where a page went.
     *
     * @param status the HTTP status of the document, where there was a response
     * @param navigated false where there was nowhere to go, or it became a download
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

        /** It gave a file. */
        public NavigationResult gave(ArtifactEntry file) {
            return new NavigationResult(url, title, status, false, Optional.of(file));
        }
    }

    /** A stored picture. */
    record ScreenshotTaken(ArtifactEntry artifact) implements ActionReply {}

    /**
     * What a script gave.
     *
     * @param json the value, as JSON text; what JSON has no form for is described in a string there, and undefined is null
     * @param type what it is: JavaScript's {@code typeof}, or of an object a more telling name such as {@code array} or {@code map}
     */
    record EvaluationResult(String json, String type) implements ActionReply {}

    /** A stored PDF. */
    record PdfPrinted(ArtifactEntry artifact) implements ActionReply {}

    /**
     * It is done to an element.
     *
     * @param url of the page, then
     * @param secret whether what was entered is not to be kept: the field is for a password, say
     * @param note what went otherwise than it was meant, such as a click that another element got
     */
    record ElementResult(String url, boolean secret, Optional<String> note) implements ActionReply {
        public ElementResult {
            url = UrlCredentials.redact(url);
        }
    }

    /**
     * What is chosen.
     *
     * @param values of the options
     */
    record SelectionResult(String url, List<String> values) implements ActionReply {
        public SelectionResult {
            url = UrlCredentials.redact(url);
            values = List.copyOf(values);
        }
    }

    /** Where the page, or the element, is scrolled to, in CSS pixels. */
    record ScrollResult(double x, double y) implements ActionReply {}

    /** What a page holds. */
    record ContentResult(String url, String title, String content) implements ActionReply {
        public ContentResult {
            url = UrlCredentials.redact(url);
        }
    }

    /**
     * The accessibility tree of a page.
     *
     * @param snapshot one line a node, indented: {@code - button "Save" [ref=e7]}
     * @param tree the same as JSON text: {@code {"role","name","value","ref","children",…}}
     */
    record SnapshotResult(String url, String title, String snapshot, String tree) implements ActionReply {
        public SnapshotResult {
            url = UrlCredentials.redact(url);
        }
    }

    /** The browser's cookies. */
    record CookieList(List<Cookie> cookies) implements ActionReply {
        public CookieList {
            cookies = List.copyOf(cookies);
        }
    }
}
