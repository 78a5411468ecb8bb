package dev.berth.browser.drive;

import dev.berth.browser.BrowserDriver.Navigated;
import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.drive.command.Hands;
import dev.berth.browser.watch.PageTarget;
import dev.berth.browser.watch.Pages;
import dev.berth.protocol.ActionReply.NavigationResult;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.PageAction.GoBack;
import dev.berth.protocol.PageAction.GoForward;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.PageAction.Reload;
import dev.berth.protocol.PageUrl;
import dev.berth.protocol.WaitUntil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.webfolder.cdp.session.Session;
import io.webfolder.cdp.type.page.GetNavigationHistoryResult;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Goes from page to page; the eyes tell when a page has got there. Where to go is told to Chrome over the raw connection: a
 * first page need not wait until cdp4j is connected.
 */
final class Navigations {
    private static final long QUICK_MILLIS = 10_000;
    private static final long SAME_DOCUMENT_MILLIS = 1_000;
    private static final long DOWNLOAD_MILLIS = 1_000;
    private static final long ANSWER_MILLIS = 1_000;
    private static final long SETTLE_MILLIS = 10;
    private static final int SETTLE_LOOKS = 20;

    private final Vertx vertx;
    private final Hands hands;
    private final Pages pages;
    private final CdpConnection connection;
    private final Interruptions interruptions;

    Navigations(Vertx vertx, Hands hands, Pages pages, CdpConnection connection, Interruptions interruptions) {
        this.vertx = vertx;
        this.hands = hands;
        this.pages = pages;
        this.connection = connection;
        this.interruptions = interruptions;
    }

    Future<Navigated> navigate(Navigate command) {
        return hands.leaveActivePage(page -> {
            Deadline deadline = new Deadline(command.timeoutMillis());
            String url = allowed(command.url());
            WaitUntil until = command.waitUntil();
            return page.await(PageTarget::isPrepared, deadline)
                    .compose(prepared -> isWithin(page.url(), url)
                            ? leave(page, url, until, deadline)
                            : interruptions.leave(page, deadline, () -> leave(page, url, until, deadline)))
                    .compose(download -> navigated(page, download));
        });
    }

    private Future<Navigated> navigated(PageTarget page, Optional<String> download) {
        return result(page, download.isEmpty()).map(result -> new Navigated(result, download));
    }

    /** What comes of a page that was made for the URL, and is on its way there: the eyes alone tell. */
    Future<Navigated> arrive(PageTarget page, Navigate command) {
        Deadline deadline = new Deadline(command.timeoutMillis());
        return hands.leave(
                page,
                traveller -> came(page, page.firstLoader(), command.waitUntil(), deadline)
                        .compose(download -> navigated(page, download)));
    }

    /** Gives the id of the download that the page's document became. */
    private Future<Optional<String>> came(PageTarget page, String loader, WaitUntil until, Deadline deadline) {
        Predicate<PageTarget> there = there(loader, until);
        return page.await(p -> p.failure(loader).isPresent() || there.test(p), deadline)
                .compose(done -> page.failure(loader).isEmpty()
                        ? Future.succeededFuture(Optional.empty())
                        : became(page, Optional.empty())
                                .recover(none -> failed(page.failure(loader).get())));
    }

    /** The download that a document became, which Chrome tells at about that time. */
    private static Future<Optional<String>> became(PageTarget page, Optional<String> earlier) {
        return page.await(p -> !p.latestDownload().equals(earlier), new Deadline(DOWNLOAD_MILLIS))
                .map(begun -> page.latestDownload());
    }

    private static Predicate<PageTarget> there(String loader, WaitUntil until) {
        return page -> page.hasCommitted(loader) && page.hasReached(lifecycle(until));
    }

    private static <T> Future<T> failed(String errorText) {
        return Future.failedFuture(Failures.failed("navigation failed: " + errorText, NavigationHints.of(errorText)));
    }

    private Future<Optional<String>> leave(PageTarget page, String url, WaitUntil until, Deadline deadline) {
        Before before = new Before(page.commits(), page.stays(), page.latestDownload());
        page.leaving(true);
        return send(page, "Page.navigate", new JsonObject().put("url", url), deadline)
                .compose(went -> arrived(page, before, went, until, deadline));
    }

    /** Whether that is another place in the same document, which is not left for it. */
    static boolean isWithin(String document, String url) {
        return url.contains("#") && withoutFragment(url).equals(withoutFragment(document));
    }

    /** Chrome writes a slash after a host. */
    private static String withoutFragment(String url) {
        String document = url.split("#", 2)[0];
        return document.matches("(?i)https?://[^/?]+") ? document + "/" : document;
    }

    /** How a page was when it was told to go. */
    private record Before(long commits, long stays, Optional<String> download) {}

    private Future<JsonObject> send(PageTarget page, String method, JsonObject params, Deadline deadline) {
        return page.unlessGone(connection.send(page.sessionId(), method, params, deadline.left()))
                .recover(deadline::told);
    }

    private static String allowed(String url) {
        try {
            return PageUrl.resolve(url);
        } catch (BerthException e) {
            throw Failures.failed("navigation refused: " + e.getMessage(), "pages go to http, https and data URLs");
        }
    }

    private Future<Optional<String>> arrived(
            PageTarget page, Before before, JsonObject went, WaitUntil until, Deadline deadline) {
        if (went.containsKey("errorText")) {
            page.leaving(false);
            return went.getBoolean("isDownload", false)
                    ? became(page, before.download())
                    : refused(page, before, went.getString("errorText"));
        }
        String loader = went.getString("loaderId");
        if (loader == null) {
            // Within the document: nothing is loaded, but the eyes are to have seen it.
            page.leaving(false);
            return page.await(
                            p -> p.commits() > before.commits(),
                            new Deadline(Math.min(SAME_DOCUMENT_MILLIS, deadline.left())))
                    .otherwiseEmpty()
                    .map(Optional.empty());
        }
        return page.await(there(loader, until), deadline).map(Optional.empty());
    }

    /** That a page was told not to be left is heard a moment later. */
    private static <T> Future<T> refused(PageTarget page, Before before, String errorText) {
        return page.await(p -> !p.isAsking(), new Deadline(ANSWER_MILLIS))
                .transform(answered -> page.stays() > before.stays() ? stayed() : failed(errorText));
    }

    private static <T> Future<T> stayed() {
        return Future.failedFuture(Failures.failed(
                "the page asked whether it may be left, and the answer was no",
                "POST …/dialogs {\"accept\":true} before, and it is left"));
    }

    Future<NavigationResult> goBack(GoBack command) {
        return travel(-1, command.waitUntil(), new Deadline(command.timeoutMillis()));
    }

    Future<NavigationResult> goForward(GoForward command) {
        return travel(1, command.waitUntil(), new Deadline(command.timeoutMillis()));
    }

    private Future<NavigationResult> travel(int steps, WaitUntil until, Deadline deadline) {
        return hands.leaveActivePage(page -> send(page, "Page.getNavigationHistory", new JsonObject(), deadline)
                .compose(history -> isWithin(history, steps)
                        ? travel(page, steps, until, deadline)
                        : interruptions.leave(page, deadline, () -> travel(page, steps, until, deadline)))
                .compose(went -> result(page, went)));
    }

    private static boolean isWithin(JsonObject history, int steps) {
        JsonArray entries = history.getJsonArray("entries");
        int index = history.getInteger("currentIndex");
        if (index + steps < 0 || index + steps >= entries.size()) {
            return true;
        }
        String from = entries.getJsonObject(index).getString("url");
        String to = entries.getJsonObject(index + steps).getString("url");
        return !from.equals(to) && (isWithin(from, to) || isWithin(to, from));
    }

    private Future<Boolean> travel(PageTarget page, int steps, WaitUntil until, Deadline deadline) {
        long stays = page.stays();
        Predicate<PageTarget> there = committedAfter(page.commits(), until);
        return settled(page, deadline, SETTLE_LOOKS)
                .compose(settled -> hands.call(page, session -> travel(session, steps), deadline))
                .compose(went -> went ? moved(page, stays, there, deadline) : Future.succeededFuture(false));
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
            return interruptions
                    .leave(page, deadline, () -> reload(page, command.waitUntil(), deadline))
                    .compose(done -> result(page, true));
        });
    }

    private Future<Boolean> reload(PageTarget page, WaitUntil until, Deadline deadline) {
        long stays = page.stays();
        Predicate<PageTarget> there = committedAfter(page.commits(), until);
        // cdp4j's call of a page that has crashed would not come back.
        return send(page, "Page.reload", new JsonObject(), deadline)
                .compose(done -> moved(page, stays, there, deadline));
    }

    private static Future<Boolean> moved(PageTarget page, long stays, Predicate<PageTarget> there, Deadline deadline) {
        return page.await(p -> there.test(p) || p.stays() > stays, deadline)
                .compose(done -> there.test(page) ? Future.succeededFuture(true) : stayed());
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
            return new NavigationResult(
                    entry.getString("url"),
                    entry.getString("title"),
                    navigated ? page.status() : Optional.empty(),
                    navigated);
        });
    }
}
