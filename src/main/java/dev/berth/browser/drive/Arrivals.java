package dev.berth.browser.drive;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.browser.watch.page.Pages;
import dev.berth.protocol.ActionReply.NavigationResult;
import dev.berth.protocol.AllowedDomains;
import dev.berth.protocol.VerbChoices.WaitUntil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Detects that a navigation has arrived, and reads where. Sends navigating commands over the eyes' connection, so that their
 * answers and the page's events come in order. Lives on the browser's context.
 */
final class Arrivals {
    private static final long QUICK_MILLIS = 10_000;
    private static final long SETTLE_MILLIS = 10;
    private static final int SETTLE_LOOKS = 20;

    private final Vertx vertx;
    private final Pages pages;
    private final CdpConnection connection;

    Arrivals(Vertx vertx, Pages pages, CdpConnection connection) {
        this.vertx = vertx;
        this.pages = pages;
        this.connection = connection;
    }

    Future<JsonObject> send(PageTarget page, String method, JsonObject params, Deadline deadline) {
        return page.unlessGone(connection.send(page.sessionId(), method, params, deadline.left()))
                .recover(deadline::told);
    }

    private static Predicate<PageTarget> there(String loader, WaitUntil until) {
        return page -> page.hasCommitted(loader) && page.hasReached(lifecycle(until));
    }

    /**
     * Completes when the document has come; fails if a client sends the page elsewhere before it has got that far, or the server sends
     * only a part of it: Chrome shows that part, and tells of no further event.
     */
    static Future<Void> arrived(PageTarget page, String loader, WaitUntil until, Deadline deadline) {
        Predicate<PageTarget> there = there(loader, until);
        return page.await(
                        p -> p.wasOvertaken(loader)
                                || there.test(p)
                                || p.cutOff(loader).isPresent(),
                        deadline)
                .compose(done -> page.wasOvertaken(loader)
                        ? Future.failedFuture(Failures.failed(
                                "another navigation replaced this one: a client or a person sent the page elsewhere"))
                        : there.test(page)
                                ? Future.succeededFuture()
                                : cutOff(page.cutOff(loader).get()));
    }

    private static <T> Future<T> cutOff(String errorText) {
        return Future.failedFuture(Failures.failed(
                "the server sent only part of the document: " + errorText,
                "the page shows that part; POST …/reload requests the document again"));
    }

    private static Predicate<PageTarget> committedAfter(long commits, WaitUntil until) {
        return page -> page.commits() > commits && (page.withinDocument() || page.hasReached(lifecycle(until)));
    }

    private static String lifecycle(WaitUntil until) {
        return switch (until) {
            case LOAD -> "load";
            case DOMCONTENTLOADED -> "DOMContentLoaded";
            case NETWORKIDLE -> "networkIdle";
        };
    }

    /**
     * Completes when a document has come, which may be Chrome's error page, or the page has moved within its document; fails if the page
     * is not left, or the server sends only a part of the document.
     *
     * @param commits the page's count of navigations before the command
     */
    static Future<Boolean> moved(PageTarget page, Stays before, long commits, WaitUntil until, Deadline deadline) {
        Predicate<PageTarget> there = committedAfter(commits, until);
        Predicate<PageTarget> isCutOff =
                p -> p.commits() > commits && p.cutOff(p.documentId()).isPresent();
        return page.await(p -> there.test(p) || before.again(p) || isCutOff.test(p), deadline)
                .compose(done -> there.test(page)
                        ? Future.succeededFuture(true)
                        : isCutOff.test(page)
                                ? cutOff(page.cutOff(page.documentId()).get())
                                : before.failure(page));
    }

    /** The current entry of the page's history, once it shows the page's latest navigation. */
    Future<JsonObject> settled(PageTarget page, Deadline deadline) {
        return settled(page, deadline, SETTLE_LOOKS);
    }

    /** The renderer reports a navigation a moment before it is in the history, which the browser process holds. */
    private Future<JsonObject> settled(PageTarget page, Deadline deadline, int looks) {
        return send(page, "Page.getNavigationHistory", new JsonObject(), deadline)
                .map(history -> history.getJsonArray("entries").getJsonObject(history.getInteger("currentIndex")))
                .compose(entry -> looks == 0 || entry.getString("url").equals(page.url())
                        ? Future.succeededFuture(entry)
                        : vertx.timer(SETTLE_MILLIS, TimeUnit.MILLISECONDS)
                                .compose(tick -> settled(page, deadline, looks - 1)));
    }

    /** The page's URL and title by its history: the eyes read the title a moment later. */
    Future<NavigationResult> result(PageTarget page, boolean navigated) {
        Deadline deadline = new Deadline(QUICK_MILLIS);
        return settled(page, deadline).map(entry -> {
            pages.readTitle(page);
            return new NavigationResult(
                    entry.getString("url"),
                    entry.getString("title"),
                    navigated ? page.status() : Optional.empty(),
                    navigated);
        });
    }

    /**
     * How often a page was not left, though something wanted to leave it.
     *
     * @param dialogs by the answer to a {@code beforeunload} dialog
     * @param stops as its session may not go there
     */
    record Stays(long dialogs, long stops) {
        static Stays of(PageTarget page) {
            return new Stays(page.effects().refusedUnloads(), page.effects().stops());
        }

        /** Whether it has happened again since. */
        boolean again(PageTarget page) {
            return page.effects().refusedUnloads() > dialogs || page.effects().stops() > stops;
        }

        /** Why the page was not left. */
        <T> Future<T> failure(PageTarget page) {
            return Future.failedFuture(
                    page.effects().stops() > stops
                            ? Failures.failed(
                                    "the navigation was stopped: this session may not go to '"
                                            + AllowedDomains.hostOf(
                                                    page.effects().latestStop().orElse("")) + "'",
                                    "the session's AI task limits it to allowedDomains")
                            : Failures.failed(
                                    "the page asked whether to leave it (beforeunload), and the dialog was dismissed",
                                    "accept it with POST …/dialogs {\"accept\":true}, and navigate again"));
        }
    }
}
