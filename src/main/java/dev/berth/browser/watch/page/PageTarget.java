package dev.berth.browser.watch.page;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** One top-level page (a CDP target of type {@code page}), as the eyes' events describe it. Lives on the browser's context. */
public final class PageTarget {
    private static final String ERROR_PAGE = "chrome-error://chromewebdata/";
    private final String targetId;
    private final String sessionId;
    private final Optional<String> openerId;
    private final Waiters waiters;
    private final PageDocuments documents = new PageDocuments();
    private final PageEffects effects;
    private String url = "about:blank";
    private String title = "";
    private long commits;
    private boolean withinDocument;
    private boolean unreachable;
    private boolean prepared;
    private boolean leaving;
    private long aborts;
    private boolean expectsFirstNavigation;
    private String firstLoader = "";
    private boolean closed;
    private boolean crashed;
    private volatile String documentId = "";
    /** The verbs that use its mouse or keys now. */
    private final AtomicInteger verbs = new AtomicInteger();

    /** @param openerId the target id of the page that opened it */
    PageTarget(Vertx vertx, String targetId, String sessionId, Optional<String> openerId) {
        this.targetId = targetId;
        this.openerId = openerId;
        this.sessionId = sessionId;
        this.waiters = new Waiters(vertx);
        this.effects = new PageEffects(waiters::check);
    }

    public String targetId() {
        return targetId;
    }

    public String sessionId() {
        return sessionId;
    }

    public Optional<String> openerId() {
        return openerId;
    }

    /** The page's URL, or the URL that could not be reached. */
    public String url() {
        return url;
    }

    /** The page's own {@code location.href}: not {@link #url()} where that could not be reached. */
    public String location() {
        return unreachable ? ERROR_PAGE : url;
    }

    public String title() {
        return title;
    }

    /** Whether Chrome has carried out, or refused, all commands that set up watching. Earlier navigations go unnoticed. */
    public boolean isPrepared() {
        return prepared;
    }

    void prepared() {
        prepared = true;
        waiters.check();
    }

    /** A verb uses the mouse or the keys on the page from now on. Any thread may call. */
    public void verbBegins() {
        verbs.incrementAndGet();
    }

    public void verbEnds() {
        verbs.decrementAndGet();
    }

    /** Whether what is done on the page now may be a verb's doing. */
    boolean isInVerb() {
        return verbs.get() > 0;
    }

    /** The loader id of the current document; empty before the first. Any thread may call. */
    public String documentId() {
        return documentId;
    }

    /** The page was created with a URL, and navigates to it by itself as soon as it is watched. */
    void expectFirstNavigation() {
        expectsFirstNavigation = true;
    }

    /** Whether the navigation to the URL that the page was created with has started, or is over. */
    boolean hasStartedFirstNavigation() {
        return !firstLoader.isEmpty();
    }

    /** The loader id of the document that the page was created for; empty before that navigation starts. */
    public String firstLoader() {
        return firstLoader;
    }

    void navigationStarted(String loaderId) {
        documents.start(loaderId);
        if (firstLoader.isEmpty() && expectsFirstNavigation && !prepared) {
            firstLoader = loaderId;
        }
        setLeaving(true);
    }

    /** A script, link or form of the page asks for another document. */
    void asksToLeave() {
        documents.askedFor();
        setLeaving(true);
    }

    /** Whether the document has come, and a client has sent the page to another one since. */
    public boolean wasOvertaken(String loaderId) {
        return documents.wasOvertaken(loaderId);
    }

    void loadingStopped() {
        aborts += leaving ? 1 : 0;
        documents.abort();
        setLeaving(false);
    }

    /** How many navigations ended without a document: such as those that became a download. */
    public long aborts() {
        return aborts;
    }

    void documentFailed(String loaderId, String errorText) {
        documents.fail(loaderId, errorText);
        waiters.check();
    }

    /** Why a document did not come, as Chrome's error name, such as {@code net::ERR_CONNECTION_REFUSED}. */
    public Optional<String> failure(String loaderId) {
        return documents.failure(loaderId);
    }

    void dialogClosed(boolean accepted) {
        if (effects.dialogClosed(accepted)) {
            leaving = false;
        }
        waiters.check();
    }

    /** The page's effects besides its documents. */
    public PageEffects effects() {
        return effects;
    }

    public boolean isLeaving() {
        return leaving;
    }

    public void setLeaving(boolean now) {
        leaving = now;
        waiters.check();
    }

    /** The number of navigations so far, to another document or within one. */
    public long commits() {
        return commits;
    }

    /** Whether the last navigation stayed within its document, so that nothing is loaded. */
    public boolean withinDocument() {
        return withinDocument;
    }

    public boolean hasCommitted(String loaderId) {
        return documents.hasCommitted(loaderId);
    }

    /** Whether the current document has had this lifecycle event, by CDP's name, such as {@code load}. */
    public boolean hasReached(String lifecycleName) {
        return documents.hasReached(lifecycleName);
    }

    /** Why the server sent only a part of a document that has come, as Chrome's error name; empty for Chrome's error page. */
    public Optional<String> cutOff(String loaderId) {
        return documents.cutOff(loaderId);
    }

    public Optional<Integer> status() {
        return documents.status();
    }

    void committed(String loaderId, String newUrl, boolean restored) {
        documentId = loaderId;
        unreachable = false;
        crashed = false;
        documents.commit(loaderId, restored);
        title = "";
        withinDocument = false;
        moved(newUrl);
    }

    /** The page that was committed is Chrome's error page: its URL could not be reached. */
    void markUnreachable() {
        unreachable = true;
    }

    void committedWithinDocument(String newUrl) {
        withinDocument = true;
        moved(newUrl);
    }

    private void moved(String newUrl) {
        leaving = false;
        commits++;
        url = newUrl;
        waiters.check();
    }

    void reached(String loaderId, String lifecycleName) {
        documents.reach(loaderId, lifecycleName);
        waiters.check();
    }

    void responded(String loaderId, int status) {
        documents.respond(loaderId, status);
        waiters.check();
    }

    /** Whether the awaited document has an HTTP response: if it is still not committed, the page itself blocks it. */
    public boolean hasResponse() {
        return documents.hasResponse();
    }

    boolean updateTitle(String newTitle) {
        boolean isNew = !title.equals(newTitle);
        title = newTitle;
        return isNew;
    }

    /** Completes when the page meets {@code condition}; fails with {@code timeout}, or when the page is gone. */
    public Future<Void> await(Predicate<PageTarget> condition, Deadline deadline) {
        return waiters.await(() -> condition.test(this), deadline);
    }

    /** Completes with {@code work}, or fails if the page is gone first. */
    public <T> Future<T> unlessGone(Future<T> work) {
        return waiters.unlessGone(work);
    }

    public boolean closed() {
        return closed;
    }

    void markClosed() {
        closed = true;
        waiters.check();
        gone("the page was closed");
    }

    /** The renderer process is gone. The page can be used again after a navigation. */
    void markCrashed() {
        crashed = true;
        waiters.fail(Failures.crashed());
    }

    public boolean crashed() {
        return crashed;
    }

    /** The page can't answer any more: fails all that wait for it. */
    void gone(String why) {
        waiters.fail(Failures.failed(why));
    }
}
