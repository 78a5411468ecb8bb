package dev.berth.browser.drive;

import dev.berth.browser.Failures;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.protocol.AllowedDomains;
import io.vertx.core.Future;

/**
 * How often a page was not left, though something wanted to leave it.
 *
 * @param dialogs by the answer to a {@code beforeunload} dialog
 * @param stops as its session may not go there
 */
record Stays(long dialogs, long stops) {
    static Stays of(PageTarget page) {
        return new Stays(page.refusedUnloads(), page.stops());
    }

    /** Whether it has happened again since. */
    boolean again(PageTarget page) {
        return page.refusedUnloads() > dialogs || page.stops() > stops;
    }

    /** Why the page was not left. */
    <T> Future<T> failure(PageTarget page) {
        return Future.failedFuture(
                page.stops() > stops
                        ? Failures.failed(
                                "the navigation was stopped: this session may not go to '"
                                        + AllowedDomains.hostOf(
                                                page.latestStop().orElse("")) + "'",
                                "its AI task has allowedDomains")
                        : Failures.failed(
                                "the page asked whether it may be left (beforeunload), and the answer was no",
                                "POST …/dialogs {\"accept\":true} first"));
    }
}
