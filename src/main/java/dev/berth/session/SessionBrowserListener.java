package dev.berth.session;

import dev.berth.browser.BrowserListener;
import dev.berth.browser.BrowserListener.Dialog;
import dev.berth.browser.BrowserListener.Download;
import dev.berth.browser.PageAct;
import dev.berth.loop.PendingWork;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.Cost;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.Truncation;
import dev.berth.session.machine.SessionInput;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the events of a session's browser into log entries, events and inputs of the machine. Runs on the session's
 * context.
 */
final class SessionBrowserListener implements BrowserListener {
    private static final Logger log = LoggerFactory.getLogger(SessionBrowserListener.class);
    /** Limit for a URL in the action log, because a data: URL contains the whole file: characters. */
    private static final int MAX_URL_CHARS = 2_000;

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
    public void acted(PageAct act) {
        keep.actions().causedBy(act.source());
        keep.acts().told(act);
    }

    @Override
    public void uploading(PageAct act) {
        keep.acts().uploading(act);
    }

    @Override
    public void dialogAnswered(Dialog dialog) {
        keep.actions().note(entry(dialog, keep.actions().latestSource()));
    }

    @Override
    public Future<Void> downloadEnded(Download download) {
        ActionSource source = keep.actions().latestSource();
        Future<ActionEntry> kept = keep.artifacts()
                .keep(download)
                .map(artifact -> entry(download, artifact, source))
                .otherwise(e -> failed(download, source, download.error().orElse(e.getMessage())));
        work.add(kept.compose(keep.actions()::note));
        return kept.mapEmpty();
    }

    @Override
    public void usageMeasured(long memoryBytes, double cores) {
        keep.measured(Instant.now(), memoryBytes, cores);
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

    private static ActionEntry entry(Dialog dialog, ActionSource source) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put(ActionEntry.PAGE_ID, dialog.pageId());
        details.put("dialogType", dialog.type());
        details.put("message", dialog.message());
        details.put("url", dialog.url());
        details.put("accepted", dialog.accepted());
        return entry("dialog", Instant.now(), details, source, Optional.empty());
    }

    private static ActionEntry entry(Download download, ArtifactEntry kept, ActionSource source) {
        Map<String, Object> details = details(download);
        details.put("objectId", kept.objectId());
        details.put("size", kept.size());
        return entry("download", download.at(), details, source, Optional.empty());
    }

    private static ActionEntry failed(Download download, ActionSource source, String why) {
        return entry("download", download.at(), details(download), source, Optional.of(why));
    }

    private static Map<String, Object> details(Download download) {
        Map<String, Object> details = new LinkedHashMap<>();
        download.pageId().ifPresent(page -> details.put(ActionEntry.PAGE_ID, page));
        details.put("url", Truncation.cut(download.url(), MAX_URL_CHARS));
        details.put("fileName", download.fileName());
        return details;
    }

    private static ActionEntry entry(
            String type, Instant at, Map<String, Object> details, ActionSource source, Optional<String> error) {
        return new ActionEntry(
                ActionEntry.newId(),
                type,
                at,
                error.isEmpty(),
                details,
                Duration.between(at, Instant.now()).toMillis(),
                source,
                error,
                Cost.NONE);
    }
}
