package dev.berth.session;

import dev.berth.browser.BrowserListener;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.SessionId;
import dev.berth.session.keep.BrowserActions;
import dev.berth.session.keep.PendingWork;
import dev.berth.session.machine.SessionInput;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the events of a session's browser into log entries, events and inputs of the machine. Runs on the session's
 * context.
 */
final class SessionBrowserListener implements BrowserListener {
    private static final Logger log = LoggerFactory.getLogger(SessionBrowserListener.class);

    private final SessionId id;
    private final Consumer<SessionInput> machine;
    private final SessionKeep keep;
    private final PendingWork work = new PendingWork();

    SessionBrowserListener(SessionId id, Consumer<SessionInput> machine, SessionKeep keep) {
        this.id = id;
        this.machine = machine;
        this.keep = keep;
    }

    /** Completes when everything reported so far is in the action log, or has failed to get there. */
    Future<Void> settled() {
        return work.settled();
    }

    @Override
    public void consoleLogged(ConsoleEntry entry) {
        keep.logs().append(entry);
    }

    @Override
    public void requestFinished(NetworkEntry entry) {
        keep.logs().append(entry);
    }

    @Override
    public void requestFinished(NetworkEntry entry, ResponseBody body) {
        keep.logs().append(entry, body);
    }

    @Override
    public void pageNavigated(String pageId, String documentId, String url, Instant at) {
        machine.accept(
                new SessionInput.PageNavigated(pageId, documentId, keep.hidden().hide(url), at));
    }

    @Override
    public void documentLoaded(String documentId, boolean whole, Instant at) {
        machine.accept(new SessionInput.DocumentLoaded(documentId, whole, at));
    }

    @Override
    public void pageChanged(String pageId, String url, String title, boolean active) {
        machine.accept(new SessionInput.PageChanged(
                pageId, keep.hidden().hide(url), keep.hidden().hide(title), active));
    }

    @Override
    public void dialogAnswered(Dialog dialog) {
        keep.actions().note(BrowserActions.of(dialog, keep.actions().latestSource()));
    }

    @Override
    public Future<Void> downloadEnded(Download download) {
        ActionSource source = keep.actions().latestSource();
        if (download.error().isPresent()) {
            keep.actions()
                    .note(BrowserActions.failed(
                            download, source, download.error().get()));
            keep.downloads()
                    .ended(
                            download.id(),
                            Future.failedFuture(new BerthException(
                                    ErrorCode.ACTION_FAILED,
                                    "the URL gave a file, which was not kept: "
                                            + download.error().get())));
            return Future.succeededFuture();
        }
        Future<ArtifactEntry> file = keep.artifacts().keep(download);
        keep.downloads().ended(download.id(), file);
        Future<ActionEntry> kept = file.map(artifact -> BrowserActions.of(download, artifact, source))
                .otherwise(e -> BrowserActions.failed(download, source, e.getMessage()));
        work.add(kept.compose(keep.actions()::note));
        return kept.mapEmpty();
    }

    @Override
    public void usageMeasured(long memoryBytes, double cores) {
        keep.usage().measured(Instant.now(), memoryBytes, cores);
    }

    @Override
    public void memoryOutgrown(String detail) {
        log.warn("{} {}", id, detail);
        machine.accept(new SessionInput.MemoryOutgrown(detail));
    }

    @Override
    public void diskOutgrown(String detail) {
        log.warn("{} {}", id, detail);
        machine.accept(new SessionInput.DiskOutgrown(detail));
    }

    @Override
    public void browserGone(String detail) {
        log.warn("{} {}", id, detail);
        machine.accept(new SessionInput.BrowserGone(detail));
    }
}
