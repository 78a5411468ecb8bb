package dev.berth.browser;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.PageUrl;
import dev.berth.protocol.SessionCommand.GoBack;
import dev.berth.protocol.SessionCommand.GoForward;
import dev.berth.protocol.SessionCommand.Navigate;
import dev.berth.protocol.SessionCommand.Reload;
import dev.berth.protocol.SessionReply.NavigationResult;
import dev.berth.protocol.WaitUntil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.webfolder.cdp.session.Session;
import io.webfolder.cdp.type.page.GetNavigationHistoryResult;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Goes from page to page; the eyes tell when a page has got there. Where to go is told to Chrome over the raw connection: a
 * first page need not wait until cdp4j is connected.
 */
final class Navigations {
    private static final long QUICK_MILLIS = 10_000;
    private static final long SAME_DOCUMENT_MILLIS = 1_000;
    private static final long SETTLE_MILLIS = 10;
    private static final int SETTLE_LOOKS = 20;

    private final Vertx vertx;
    private final Hands hands;
    private final Pages pages;
    private final CdpConnection connection;

    Navigations(Vertx vertx, Hands hands, Pages pages, CdpConnection connection) {
        this.vertx = vertx;
        this.hands = hands;
        this.pages = pages;
        this.connection = connection;
    }

    Future<NavigationResult> navigate(Navigate command) {
        return hands.leaveActivePage(page -> {
            Deadline deadline = new Deadline(command.timeoutMillis());
            String url = allowed(command.url());
            return page.takeFirstLoader(url)
                    .map(loader -> came(page, loader, command.waitUntil(), deadline))
                    .orElseGet(() -> page.await(PageTarget::isPrepared, deadline)
                            .compose(prepared -> leave(page, url, command.waitUntil(), deadline)))
                    .compose(done -> result(page, true));
        });
    }

    /** The page was made to go there: the eyes alone tell how that went. */
    private Future<Void> came(PageTarget page, String loader, WaitUntil until, Deadline deadline) {
        Predicate<PageTarget> there = there(loader, until);
        return page.await(p -> p.failure(loader).isPresent() || there.test(p), deadline)
                .compose(done -> page.failure(loader).map(Navigations::failed).orElseGet(Future::succeededFuture));
    }

    private static Predicate<PageTarget> there(String loader, WaitUntil until) {
        return page -> page.hasCommitted(loader) && page.hasReached(lifecycle(until));
    }

    private static Future<Void> failed(String errorText) {
        return Future.failedFuture(Failures.failed("navigation failed: " + errorText));
    }

    private Future<Void> leave(PageTarget page, String url, WaitUntil until, Deadline deadline) {
        long before = page.commits();
        page.leaving(true);
        return send(page, "Page.navigate", new JsonObject().put("url", url), deadline)
                .compose(went -> arrived(page, before, went, until, deadline));
    }

    private Future<JsonObject> send(PageTarget page, String method, JsonObject params, Deadline deadline) {
        return page.unlessGone(connection.send(page.sessionId(), method, params, deadline.left()))
                .recover(Failures::told);
    }

    private static String allowed(String url) {
        try {
            return PageUrl.resolve(url);
        } catch (BerthException e) {
            throw Failures.failed("navigation refused: " + e.getMessage());
        }
    }

    private Future<Void> arrived(PageTarget page, long before, JsonObject went, WaitUntil until, Deadline deadline) {
        if (went.containsKey("errorText")) {
            page.leaving(false);
            return failed(went.getString("errorText"));
        }
        String loader = went.getString("loaderId");
        if (loader == null) {
            // Within the document: nothing is loaded, but the eyes are to have seen it.
            page.leaving(false);
            return page.await(p -> p.commits() > before, new Deadline(Math.min(SAME_DOCUMENT_MILLIS, deadline.left())))
                    .otherwiseEmpty();
        }
        return page.await(there(loader, until), deadline);
    }

    Future<NavigationResult> goBack(GoBack command) {
        return travel(-1, command.waitUntil(), new Deadline(command.timeoutMillis()));
    }

    Future<NavigationResult> goForward(GoForward command) {
        return travel(1, command.waitUntil(), new Deadline(command.timeoutMillis()));
    }

    private Future<NavigationResult> travel(int steps, WaitUntil until, Deadline deadline) {
        return hands.leaveActivePage(page -> {
            Predicate<PageTarget> there = committedAfter(page.commits(), until);
            return settled(page, deadline, SETTLE_LOOKS)
                    .compose(settled -> hands.call(page, session -> travel(session, steps), deadline))
                    .compose(went -> went ? page.await(there, deadline).map(true) : Future.succeededFuture(false))
                    .compose(went -> result(page, went));
        });
    }

    /** The page's own process tells of a move a moment before the history, which is another's, has it. */
    private Future<JsonObject> settled(PageTarget page, Deadline deadline, int looks) {
        return send(page, "Page.getNavigationHistory", new JsonObject(), deadline)
                .map(history -> history.getJsonArray("entries").getJsonObject(history.getInteger("currentIndex")))
                .compose(entry -> looks == 0 || entry.getString("url").equals(page.url())
                        ? Future.succeededFuture(entry)
                        : vertx.timer(SETTLE_MILLIS, TimeUnit.MILLISECONDS)
                                .compose(tick -> settled(page, deadline, looks - 1)));
    }

    private static boolean travel(Session session, int steps) {
        GetNavigationHistoryResult history = session.getCommand().getPage().getNavigationHistory();
        int index = history.getCurrentIndex() + steps;
        if (index < 0 || index >= history.getEntries().size()) {
            return false;
        }
        session.getCommand()
                .getPage()
                .navigateToHistoryEntry(history.getEntries().get(index).getId());
        return true;
    }

    Future<NavigationResult> reload(Reload command) {
        return hands.leaveActivePage(page -> {
            Deadline deadline = new Deadline(command.timeoutMillis());
            Predicate<PageTarget> there = committedAfter(page.commits(), command.waitUntil());
            // cdp4j's call of a page that has crashed would not come back.
            return send(page, "Page.reload", new JsonObject(), deadline)
                    .compose(done -> page.await(there, deadline))
                    .compose(done -> result(page, true));
        });
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

    /** Where the page is, by its own history: the eyes hear of a title a moment later. */
    private Future<NavigationResult> result(PageTarget page, boolean navigated) {
        Deadline deadline = new Deadline(QUICK_MILLIS);
        return settled(page, deadline, SETTLE_LOOKS).map(entry -> {
            pages.readTitle(page);
            return new NavigationResult(entry.getString("url"), entry.getString("title"), page.status(), navigated);
        });
    }
}
