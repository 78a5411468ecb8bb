package dev.berth.browser.watch;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.clock.LivedTimer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** A top-level page as the eyes see it. Lives on the browser's context. */
public final class PageTarget {
    /** A page that has gone through more documents than this since a command began has surely committed the command's. */
    private static final int REMEMBERED_LOADERS = 32;

    /** What Chrome says of a document that was given up for another, or for none. */
    private static final String ABORTED = "net::ERR_ABORTED";

    public static final String CRASHED = "the page crashed; reload it, or navigate";

    private final Vertx vertx;
    private final String targetId;
    private final String sessionId;
    private final List<Waiter> waiters = new ArrayList<>();
    private final Deque<String> loaders = new ArrayDeque<>();
    private final Set<String> reached = new HashSet<>();
    private String url = "about:blank";
    private String title = "";
    private final Map<String, Integer> statuses = new LinkedHashMap<>();
    private long commits;
    private boolean withinDocument;
    private boolean prepared;
    private boolean leaving;
    private boolean madeToTravel;
    private String firstLoader = "";
    private String awaitedLoader = "";
    private final Map<String, String> failures = new LinkedHashMap<>();
    private Optional<String> download = Optional.empty();
    private boolean asking;
    private long stays;
    private boolean closed;
    private boolean crashed;
    private volatile String documentId = "";

    PageTarget(Vertx vertx, String targetId, String sessionId) {
        this.vertx = vertx;
        this.targetId = targetId;
        this.sessionId = sessionId;
    }

    private record Waiter(Predicate<PageTarget> condition, Promise<Void> met) {}

    public String targetId() {
        return targetId;
    }

    public String sessionId() {
        return sessionId;
    }

    public String url() {
        return url;
    }

    public String title() {
        return title;
    }

    /** Whether Chrome has done, or refused, what it takes to watch the page: a navigation before that is not heard of. */
    public boolean isPrepared() {
        return prepared;
    }

    void prepared() {
        prepared = true;
        changed();
    }

    /** Names the current document; empty before the first. Any thread may call. */
    public String documentId() {
        return documentId;
    }

    /** It was made for a URL, and goes there by itself as soon as it is watched. */
    void madeToTravel() {
        madeToTravel = true;
    }

    /** Whether it is, or was, on its way to what it was made for. */
    boolean hasSetOut() {
        return !firstLoader.isEmpty();
    }

    /** The loader of the document that it was made for; empty before it has set out. */
    public String firstLoader() {
        return firstLoader;
    }

    /** It has begun to go to another document. */
    void setOut(String loaderId) {
        if (!loaderId.equals(awaitedLoader)) {
            failed(awaitedLoader, ABORTED);
        }
        awaitedLoader = loaderId;
        if (firstLoader.isEmpty() && madeToTravel && !prepared) {
            firstLoader = loaderId;
        }
        leaving(true);
    }

    /** It goes nowhere any more. */
    void stopped() {
        failed(awaitedLoader, ABORTED);
        leaving(false);
    }

    /** A document will not come. One that has come, and broke off, is no failure of that kind. */
    void failed(String loaderId, String errorText) {
        if (!loaderId.isEmpty() && loaderId.equals(awaitedLoader)) {
            awaitedLoader = "";
            remember(failures, loaderId, errorText);
            changed();
        }
    }

    /** Why a document did not come: Chrome's own words, such as {@code net::ERR_CONNECTION_REFUSED}. */
    public Optional<String> failure(String loaderId) {
        return Optional.ofNullable(failures.get(loaderId));
    }

    /** What it was to show was a file: Chrome downloads it, under this id. */
    void downloads(String downloadId) {
        download = Optional.of(downloadId);
        changed();
    }

    public Optional<String> latestDownload() {
        return download;
    }

    /** It asks whether it may be left. */
    void asks() {
        asking = true;
    }

    /** It has its answer, if it asked. */
    void answered(boolean mayBeLeft) {
        if (asking && !mayBeLeft) {
            stays++;
            leaving = false;
        }
        asking = false;
        changed();
    }

    public boolean isAsking() {
        return asking;
    }

    /** How often it was told not to be left. */
    public long stays() {
        return stays;
    }

    /** Whether it is on its way to another document. */
    public boolean leaving() {
        return leaving;
    }

    public void leaving(boolean now) {
        leaving = now;
        changed();
    }

    /** How often the page has gone somewhere, within a document or to another one. */
    public long commits() {
        return commits;
    }

    /** Whether the last commit stayed within its document, so that nothing will be loaded. */
    public boolean withinDocument() {
        return withinDocument;
    }

    public boolean hasCommitted(String loaderId) {
        return loaders.contains(loaderId);
    }

    /** Whether the current document has come to this point of its life: CDP's names, such as {@code load}. */
    public boolean hasReached(String lifecycleName) {
        return reached.contains(lifecycleName);
    }

    /** The HTTP status of the current document, where it came over HTTP. */
    public Optional<Integer> status() {
        return Optional.ofNullable(loaders.peekLast()).map(statuses::get);
    }

    void committed(String loaderId, String newUrl, boolean restored) {
        documentId = loaderId;
        awaitedLoader = "";
        crashed = false;
        loaders.addLast(loaderId);
        if (loaders.size() > REMEMBERED_LOADERS) {
            loaders.removeFirst();
        }
        reached.clear();
        title = "";
        if (restored) {
            reached.addAll(List.of("DOMContentLoaded", "load", "networkIdle"));
        }
        withinDocument = false;
        leaving = false;
        moved(newUrl);
    }

    void committedWithinDocument(String newUrl) {
        withinDocument = true;
        leaving = false;
        moved(newUrl);
    }

    private void moved(String newUrl) {
        commits++;
        url = newUrl;
        changed();
    }

    void reached(String loaderId, String lifecycleName) {
        if (loaderId.equals(loaders.peekLast())) {
            reached.add(lifecycleName);
            changed();
        }
    }

    void responded(String loaderId, int status) {
        remember(statuses, loaderId, status);
        changed();
    }

    /** Whether the document that it is on its way to was answered: if that does not come now, the page itself holds it up. */
    public boolean isAnswered() {
        return statuses.containsKey(awaitedLoader);
    }

    private static <T> void remember(Map<String, T> byLoader, String loaderId, T what) {
        byLoader.put(loaderId, what);
        if (byLoader.size() > REMEMBERED_LOADERS) {
            byLoader.remove(byLoader.keySet().iterator().next());
        }
    }

    /** Gives whether the title is new. */
    boolean entitled(String newTitle) {
        boolean isNew = !title.equals(newTitle);
        title = newTitle;
        return isNew;
    }

    /** Completes when the page meets {@code condition}. */
    public Future<Void> await(Predicate<PageTarget> condition, Deadline deadline) {
        return await(condition, deadline.left(), deadline.millis());
    }

    private Future<Void> await(Predicate<PageTarget> condition, long left, long timeoutMillis) {
        if (condition.test(this)) {
            return Future.succeededFuture();
        }
        Waiter waiter = new Waiter(condition, Promise.promise());
        waiters.add(waiter);
        LivedTimer timer =
                LivedTimer.set(vertx, left, () -> waiter.met().tryFail(Failures.timeout("the page", timeoutMillis)));
        return waiter.met().future().onComplete(ignored -> {
            timer.cancel();
            waiters.remove(waiter);
        });
    }

    private void changed() {
        List.copyOf(waiters).stream()
                .filter(waiter -> waiter.condition().test(this))
                .forEach(waiter -> waiter.met().tryComplete());
    }

    /** Completes with {@code work}, or fails where the page is gone before. */
    public <T> Future<T> unlessGone(Future<T> work) {
        Waiter waiter = new Waiter(page -> false, Promise.promise());
        Promise<T> result = Promise.promise();
        waiters.add(waiter);
        waiter.met().future().onFailure(result::tryFail);
        work.onComplete(done -> {
            waiters.remove(waiter);
            if (done.succeeded()) {
                result.tryComplete(done.result());
            } else {
                result.tryFail(done.cause());
            }
        });
        return result.future();
    }

    /** It was closed, by whomever. */
    public boolean closed() {
        return closed;
    }

    void close() {
        closed = true;
        gone("the page was closed");
    }

    /** Its process is gone. It is a page again once it has gone to a document. */
    void crash() {
        crashed = true;
        gone(CRASHED);
    }

    public boolean crashed() {
        return crashed;
    }

    /** The page is closed, or its renderer died: whoever waits for it waits no longer. */
    void gone(String why) {
        List.copyOf(waiters).forEach(waiter -> waiter.met().tryFail(Failures.failed(why)));
    }
}
