package dev.berth.verbs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.berth.protocol.ActionReply.ContentResult;
import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.ActionReply.EvaluationResult;
import dev.berth.protocol.ActionReply.NavigationResult;
import dev.berth.protocol.ActionReply.PageClosed;
import dev.berth.protocol.ActionReply.PageResult;
import dev.berth.protocol.ActionReply.RecordingResult;
import dev.berth.protocol.ActionReply.RouteAdded;
import dev.berth.protocol.ActionReply.ScrollResult;
import dev.berth.protocol.ActionReply.SelectionResult;
import dev.berth.protocol.ActionReply.SnapshotResult;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactState;
import dev.berth.protocol.Emulation;
import dev.berth.protocol.MetDialog;
import dev.berth.protocol.PageEntry;
import dev.berth.protocol.PageOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The result of a verb as clients see it. {@link dev.berth.protocol.ProtocolJson} writes its JSON. */
public sealed interface VerbResult
        permits VerbResult.OfPage,
                VerbResult.Page,
                VerbResult.Closed,
                VerbResult.Navigated,
                VerbResult.Made,
                VerbResult.Content,
                VerbResult.Snapshot,
                VerbResult.Evaluated,
                VerbResult.Acted,
                VerbResult.Selected,
                VerbResult.Scrolled,
                VerbResult.Recorded,
                VerbResult.Routed,
                VerbResult.Emulated,
                VerbResult.Noted,
                StorageResult {
    /** Always true: a failure is an error response instead of a result. */
    boolean success();

    /** The approximate length of its JSON, for results that may be large. */
    default long chars() {
        return 0;
    }

    /** The result of a verb on a page: the fields of both. */
    record OfPage(
            @JsonUnwrapped VerbResult result, @JsonUnwrapped PageView page) implements VerbResult {
        @Override
        public boolean success() {
            return result.success();
        }

        @Override
        public long chars() {
            return result.chars();
        }
    }

    /** The page on which a verb acted, and what the page did because of it. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record PageView(
            String pageId,
            Optional<String> openedPageId,
            Optional<ArtifactView> download,
            Optional<String> downloading,
            Optional<String> blocked,
            Optional<MetDialog> dialog) {
        static PageView of(PageOutcome page, ArtifactLinks links) {
            return new PageView(
                    page.pageId(),
                    page.openedPageId(),
                    page.download().map(file -> ArtifactView.of(file, links)),
                    page.downloading(),
                    page.blocked(),
                    page.dialog());
        }
    }

    /** A page that was opened or made active. */
    record Page(
            boolean success,
            String pageId,
            String url,
            String title,
            boolean active,
            Optional<String> openerId,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ArtifactView> download)
            implements VerbResult {
        static Page of(PageResult result, ArtifactLinks links) {
            PageEntry page = result.page();
            return new Page(
                    true,
                    page.pageId(),
                    page.url(),
                    page.title(),
                    page.active(),
                    page.openerId(),
                    result.download().map(file -> ArtifactView.of(file, links)));
        }
    }

    /** A page is closed. */
    record Closed(boolean success, String pageId, String activePageId) implements VerbResult {
        static Closed of(PageClosed closed) {
            return new Closed(true, closed.pageId(), closed.activePageId());
        }
    }

    /**
     * The page after a navigation.
     *
     * @param status the HTTP status of the document; empty where it did not come over HTTP
     */
    record Navigated(boolean success, String url, String title, Optional<Integer> status, boolean navigated)
            implements VerbResult {
        static Navigated of(NavigationResult went) {
            return new Navigated(true, went.url(), went.title(), went.status(), went.navigated());
        }
    }

    /** A file that was created. */
    record Made(
            boolean success,
            String objectId,
            Optional<String> publicUrl,
            Optional<Instant> expiresAt,
            long size,
            ArtifactState state)
            implements VerbResult {
        static Made of(ArtifactEntry artifact, ArtifactLinks links) {
            ArtifactView view = ArtifactView.of(artifact, links);
            return new Made(true, view.objectId(), view.publicUrl(), view.expiresAt(), view.size(), view.state());
        }
    }

    /** The content of a page. */
    record Content(boolean success, String url, String title, String content) implements VerbResult {
        static Content of(ContentResult read) {
            return new Content(true, read.url(), read.title(), read.content());
        }

        @Override
        public long chars() {
            return content.length();
        }
    }

    /**
     * A page, described.
     *
     * @param tree the same as JSON; empty where it was not asked for
     */
    record Snapshot(
            boolean success,
            String url,
            String title,
            String snapshot,

            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<RawJson> tree)
            implements VerbResult {
        static Snapshot of(SnapshotResult taken) {
            return new Snapshot(
                    true,
                    taken.url(),
                    taken.title(),
                    taken.snapshot(),
                    taken.tree().map(RawJson::new));
        }

        @Override
        public long chars() {
            return (long) snapshot.length()
                    + tree.map(json -> json.text().length()).orElse(0);
        }
    }

    /** JSON that is written as it is. */
    record RawJson(@JsonValue @JsonRawValue String text) {}

    /** The value of a script. */
    record Evaluated(boolean success, @JsonRawValue String result, String type) implements VerbResult {
        static Evaluated of(EvaluationResult evaluated) {
            return new Evaluated(true, evaluated.json(), evaluated.type());
        }

        @Override
        public long chars() {
            return result.length();
        }
    }

    /**
     * An action on an element is done.
     *
     * @param note how it differed from what was asked for
     */
    record Acted(
            boolean success,
            String url,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> note) implements VerbResult {
        static Acted of(ElementResult done) {
            return new Acted(true, done.url(), done.note());
        }
    }

    /** The options that are selected now. */
    record Selected(boolean success, String url, List<String> values) implements VerbResult {
        static Selected of(SelectionResult chosen) {
            return new Selected(true, chosen.url(), chosen.values());
        }
    }

    /** The scroll position now. */
    record Scrolled(boolean success, double x, double y) implements VerbResult {
        static Scrolled of(ScrollResult at) {
            return new Scrolled(true, at.x(), at.y());
        }
    }

    /**
     * A recording.
     *
     * @param recording whether it is still running
     */
    record Recorded(
            boolean success,
            boolean recording,
            String objectId,
            Optional<String> publicUrl,
            Optional<Instant> expiresAt,
            long size,
            ArtifactState state)
            implements VerbResult {
        static Recorded of(RecordingResult result, ArtifactLinks links) {
            ArtifactView view = ArtifactView.of(result.artifact(), links);
            return new Recorded(
                    true,
                    result.recording(),
                    view.objectId(),
                    view.publicUrl(),
                    view.expiresAt(),
                    view.size(),
                    view.state());
        }
    }

    /** A rule for requests holds now. */
    record Routed(boolean success, String routeId) implements VerbResult {
        static Routed of(RouteAdded added) {
            return new Routed(true, added.route().routeId());
        }
    }

    /** What pages find the browser to be now. */
    record Emulated(boolean success, @JsonUnwrapped Emulation now) implements VerbResult {}

    /** A setting was changed. */
    record Noted(boolean success) implements VerbResult {}
}
