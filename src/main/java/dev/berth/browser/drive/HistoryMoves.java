package dev.berth.browser.drive;

import dev.berth.browser.Deadline;
import dev.berth.browser.drive.Arrivals.Stays;
import dev.berth.browser.drive.command.PageHands;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.protocol.ActionReply.NavigationResult;
import dev.berth.protocol.PageAction.GoBack;
import dev.berth.protocol.PageAction.GoForward;
import dev.berth.protocol.PageAction.Reload;
import dev.berth.protocol.VerbChoices.WaitUntil;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Moves a page through its history, and reloads it. Lives on the browser's context. */
final class HistoryMoves {
    private final Interruptions interruptions;
    private final Arrivals arrivals;

    HistoryMoves(Interruptions interruptions, Arrivals arrivals) {
        this.interruptions = interruptions;
        this.arrivals = arrivals;
    }

    Future<NavigationResult> goBack(PageHands hands, GoBack command) {
        return travel(hands, -1, command.waitUntil(), new Deadline(command.timeout()));
    }

    Future<NavigationResult> goForward(PageHands hands, GoForward command) {
        return travel(hands, 1, command.waitUntil(), new Deadline(command.timeout()));
    }

    private Future<NavigationResult> travel(PageHands hands, int steps, WaitUntil until, Deadline deadline) {
        return hands.leavePage(page -> history(page, deadline)
                .compose(history -> isWithin(history, steps)
                        ? travel(page, steps, until, deadline)
                        : interruptions.leave(page, deadline, () -> travel(page, steps, until, deadline)))
                .compose(went -> arrivals.result(page, went)));
    }

    private static boolean isWithin(JsonObject history, int steps) {
        JsonArray entries = history.getJsonArray("entries");
        int index = history.getInteger("currentIndex");
        if (index + steps < 0 || index + steps >= entries.size()) {
            return true;
        }
        String from = entries.getJsonObject(index).getString("url");
        String to = entries.getJsonObject(index + steps).getString("url");
        return !from.equals(to) && (Navigations.isWithin(from, to) || Navigations.isWithin(to, from));
    }

    private Future<Boolean> travel(PageTarget page, int steps, WaitUntil until, Deadline deadline) {
        Stays before = Stays.of(page);
        long commits = page.commits();
        return arrivals.settled(page, deadline)
                .compose(settled -> history(page, deadline))
                .compose(history -> travel(page, history, steps, deadline))
                .compose(went ->
                        went ? Arrivals.moved(page, before, commits, until, deadline) : Future.succeededFuture(false));
    }

    private Future<JsonObject> history(PageTarget page, Deadline deadline) {
        return arrivals.send(page, "Page.getNavigationHistory", new JsonObject(), deadline);
    }

    /** Not on the lane of the hands: a person may go back because a verb waits there. */
    private Future<Boolean> travel(PageTarget page, JsonObject history, int steps, Deadline deadline) {
        JsonArray entries = history.getJsonArray("entries");
        int index = history.getInteger("currentIndex") + steps;
        if (index < 0 || index >= entries.size()) {
            return Future.succeededFuture(false);
        }
        JsonObject there =
                new JsonObject().put("entryId", entries.getJsonObject(index).getInteger("id"));
        return arrivals.send(page, "Page.navigateToHistoryEntry", there, deadline)
                .map(true);
    }

    Future<NavigationResult> reload(PageHands hands, Reload command) {
        return hands.leavePage(page -> {
            Deadline deadline = new Deadline(command.timeout());
            return interruptions
                    .leave(page, deadline, () -> reload(page, command.waitUntil(), deadline))
                    .compose(done -> arrivals.result(page, true));
        });
    }

    private Future<Boolean> reload(PageTarget page, WaitUntil until, Deadline deadline) {
        Stays before = Stays.of(page);
        long commits = page.commits();
        return arrivals.send(page, "Page.reload", new JsonObject(), deadline)
                .compose(done -> Arrivals.moved(page, before, commits, until, deadline));
    }
}
