package dev.berth.browser.drive;

import dev.berth.browser.BrowserDriver.Consequences;
import dev.berth.browser.BrowserDriver.StartedDownload;
import dev.berth.browser.Deadline;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.browser.watch.page.Pages;
import io.vertx.core.Future;
import java.util.Optional;

/** The pages, downloads and dialogs that a page opens from now on. Lives on the browser's context. */
final class Aftermath {
    private static final long DOWNLOAD_MILLIS = 500;

    private final Pages pages;
    private final PageTarget page;
    private final Optional<String> popupBefore;
    private final Optional<StartedDownload> fileBefore;
    private final long abortsBefore;
    private final long stopsBefore;
    private final long dialogsBefore;

    Aftermath(Pages pages, PageTarget page) {
        this.pages = pages;
        this.page = page;
        this.popupBefore = page.effects().latestPopup();
        this.fileBefore = page.effects().latestFile();
        this.abortsBefore = page.aborts();
        this.stopsBefore = page.effects().stops();
        this.dialogsBefore = page.effects().dialogs();
    }

    /** Waits until a page that was opened is loaded, for a limited time, and until a download is known. */
    Future<Consequences> settled(Deadline deadline) {
        Optional<PageTarget> popup = popup();
        return popup.map(opened -> pages.settle(opened, deadline))
                .orElse(Future.succeededFuture())
                .compose(loaded -> mayBecomeFile(popup) ? awaitFile(deadline) : Future.succeededFuture())
                .map(known -> new Consequences(
                        popup.filter(opened -> !opened.closed()).map(PageTarget::targetId),
                        page.effects().latestFile().filter(latest -> hasFile()),
                        page.effects().latestStop().filter(latest -> wasStopped()),
                        page.effects()
                                .latestDialog()
                                .filter(latest -> page.effects().dialogs() > dialogsBefore)));
    }

    private Optional<PageTarget> popup() {
        return page.effects()
                .latestPopup()
                .filter(latest -> popupBefore.filter(latest::equals).isEmpty())
                .flatMap(pages::byTarget);
    }

    /** Chrome reports a download shortly before or after the end of the navigation that became it. */
    private boolean mayBecomeFile(Optional<PageTarget> popup) {
        return !wasStopped()
                && (page.aborts() > abortsBefore
                        || popup.filter(opened -> opened.aborts() > 0).isPresent());
    }

    private Future<Void> awaitFile(Deadline deadline) {
        return page.await(now -> hasFile(), new Deadline(Math.min(DOWNLOAD_MILLIS, deadline.left())))
                .otherwiseEmpty();
    }

    private boolean wasStopped() {
        return page.effects().stops() > stopsBefore;
    }

    private boolean hasFile() {
        return !page.effects().latestFile().equals(fileBefore);
    }
}
