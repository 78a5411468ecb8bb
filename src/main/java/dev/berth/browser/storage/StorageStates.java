package dev.berth.browser.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.loop.LoopPromise;
import dev.berth.protocol.ActionReply.StorageStateRead;
import dev.berth.protocol.ActionReply.StorageStateSet;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.StorageState;
import dev.berth.protocol.StorageState.OriginStorage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads and sets what a browser's default context has stored: see {@link StorageState}. One origin after the other becomes that of a hidden
 * page. Lives on the browser's context.
 */
final class StorageStates {
    private final Vertx vertx;
    private final Supplier<Future<CdpConnection>> connect;

    /** @param connect opens a connection to the browser, on the caller's context */
    StorageStates(Vertx vertx, Supplier<Future<CdpConnection>> connect) {
        this.vertx = vertx;
        this.connect = connect;
    }

    /** @param origins origins that may have stored something; origins without storage are left out */
    Future<StorageStateRead> read(List<String> origins, boolean indexedDb, Deadline deadline) {
        return connected(
                deadline,
                connection -> StoredCookies.read(connection, deadline).compose(cookies -> {
                    Collected collected = new Collected(indexedDb);
                    return eachOrigin(connection, origins, collected::add, deadline)
                            .map(done -> new StorageStateRead(
                                    cookies,
                                    "[" + String.join(",", collected.texts) + "]",
                                    collected.texts.size(),
                                    collected.lost));
                }));
    }

    Future<StorageStateSet> set(StorageState state, Deadline deadline) {
        return connected(
                deadline,
                connection -> StoredCookies.set(connection, state.cookies(), deadline)
                        .compose(set -> eachOrigin(connection, state.origins(), this::restore, deadline))
                        .map(done -> new StorageStateSet(
                                state.cookies().size(), state.origins().size())));
    }

    private <T> Future<T> connected(Deadline deadline, Function<CdpConnection, Future<T>> work) {
        deadline.onLate(() -> Failures.timeout("the browser's storage", deadline.millis()));
        return connect.get()
                .compose(connection -> work.apply(connection).eventually(connection::close))
                .recover(deadline::told);
    }

    private interface OnOrigin<T> {
        Future<?> apply(OriginPage page, T origin);
    }

    private <T> Future<Void> eachOrigin(
            CdpConnection connection, List<T> origins, OnOrigin<T> work, Deadline deadline) {
        if (origins.isEmpty()) {
            return Future.succeededFuture();
        }
        return OriginPage.open(connection, deadline).compose(page -> {
            Promise<Void> done = LoopPromise.here(vertx);
            next(page, origins.iterator(), work, deadline, done);
            return done.future();
        });
    }

    /** Not composed: the futures of a thousand origins would complete within one another. */
    private static <T> void next(
            OriginPage page, Iterator<T> origins, OnOrigin<T> work, Deadline deadline, Promise<Void> done) {
        if (!origins.hasNext()) {
            done.complete();
        } else if (deadline.over()) {
            done.fail(deadline.late());
        } else {
            work.apply(page, origins.next())
                    .onSuccess(worked -> next(page, origins, work, deadline, done))
                    .onFailure(done::fail);
        }
    }

    private Future<?> restore(OriginPage page, OriginStorage stored) {
        return page.become(stored.origin())
                .compose(isIt -> isIt
                        ? Future.succeededFuture()
                        : Future.failedFuture(Failures.failed("Chrome can't open a document of that origin")))
                .compose(isIt -> stored.indexedDB().isEmpty() ? Future.succeededFuture() : page.removeDatabases())
                .compose(empty -> vertx.executeBlocking(() -> text(stored), false))
                .compose(json -> page.call("restore", json, Failures.MAX_RESULT_BYTES))
                .recover(e -> naming(stored.origin(), "set", e));
    }

    private static <T> Future<T> naming(String origin, String what, Throwable e) {
        return Future.failedFuture(
                e instanceof BerthException known && known.code() == ErrorCode.ACTION_FAILED
                        ? Failures.failed("the storage of " + origin + " could not be " + what + ": " + e.getMessage())
                        : e);
    }

    private static String text(OriginStorage stored) {
        try {
            return ProtocolJson.MAPPER.writeValueAsString(stored);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what is stored has no JSON form", e);
        }
    }

    /** The storage of the origins, as JSON texts. */
    private static final class Collected {
        private static final int MIN_BYTES = 1 << 16;
        private final boolean indexedDb;
        private final List<String> texts = new ArrayList<>();
        private int bytesLeft = Failures.MAX_RESULT_BYTES;
        private int lost;

        Collected(boolean indexedDb) {
            this.indexedDb = indexedDb;
        }

        Future<?> add(OriginPage page, String origin) {
            return page.become(origin)
                    .compose(isIt -> isIt
                            ? page.call("collect", String.valueOf(indexedDb), Math.max(MIN_BYTES, bytesLeft))
                            : Future.succeededFuture(new JsonObject()))
                    .map(found -> {
                        keep(origin, found.getString("text", ""), found.getInteger("lost", 0));
                        return found;
                    })
                    .recover(e -> naming(origin, "read", e));
        }

        private void keep(String origin, String text, int missing) {
            if (!text.isEmpty()) {
                texts.add("{\"origin\":\"" + origin + "\"," + text.substring(1));
                bytesLeft -= text.length();
                lost += missing;
            }
        }
    }
}
