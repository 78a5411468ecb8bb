package dev.berth.browser.watch.page;

import dev.berth.browser.BrowserDriver.StartedDownload;
import dev.berth.protocol.PageOutcome.MetDialog;
import java.util.Optional;

/**
 * The effects of one page besides its documents: downloads, other pages, JavaScript dialogs, and navigations that were not let go. Lives on
 * the browser's context.
 */
public final class PageEffects {
    private final Runnable changed;
    private Optional<String> download = Optional.empty();
    private Optional<StartedDownload> file = Optional.empty();
    private Optional<String> popup = Optional.empty();
    private Optional<String> stop = Optional.empty();
    private long stops;
    private Optional<MetDialog> openDialog = Optional.empty();
    private Optional<MetDialog> dialog = Optional.empty();
    private long dialogs;
    private long refusedUnloads;

    /** @param changed is called where something may wait for what has happened */
    PageEffects(Runnable changed) {
        this.changed = changed;
    }

    /** The main frame of the page has started a download. */
    void downloadStarted(String downloadId) {
        download = Optional.of(downloadId);
        changed.run();
    }

    public Optional<String> latestDownload() {
        return download;
    }

    /** The page has started a download: one of its frames, or a page that it opened for it. */
    void fileStarted(StartedDownload started) {
        file = Optional.of(started);
        changed.run();
    }

    public Optional<StartedDownload> latestFile() {
        return file;
    }

    void opened(String popupId) {
        popup = Optional.of(popupId);
    }

    /** The target id of the page that it opened last, which may be closed. */
    public Optional<String> latestPopup() {
        return popup;
    }

    /** A navigation of the page was stopped, as its session may not go there. */
    void stopped(String where) {
        stop = Optional.of(where);
        stops++;
        changed.run();
    }

    public Optional<String> latestStop() {
        return stop;
    }

    public long stops() {
        return stops;
    }

    void dialogOpened(String type, String message) {
        openDialog = Optional.of(new MetDialog(type, message, false));
    }

    /** Tells whether the dialog asked whether the page may be left, and the answer was no. */
    boolean dialogClosed(boolean accepted) {
        boolean stays = hasUnloadDialog() && !accepted;
        refusedUnloads += stays ? 1 : 0;
        dialog = openDialog.map(was -> new MetDialog(was.type(), was.message(), accepted));
        dialogs++;
        openDialog = Optional.empty();
        return stays;
    }

    public Optional<MetDialog> latestDialog() {
        return dialog;
    }

    public long dialogs() {
        return dialogs;
    }

    public boolean hasUnloadDialog() {
        return openDialog.filter(now -> now.type().equals("beforeunload")).isPresent();
    }

    /** How many {@code beforeunload} dialogs were answered so that the page stays. */
    public long refusedUnloads() {
        return refusedUnloads;
    }
}
