package dev.berth.browser.drive.command;

import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import dev.berth.browser.cdp.CdpConnection.ChromeRefusal;
import dev.berth.browser.cdp.CdpConnection.WholeAnswer;
import dev.berth.browser.drive.command.CommandMethod.Answer;
import dev.berth.protocol.BerthException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * The hands' connection to one Chrome, and their CDP session for each page; both are opened on first use, unless the pool has opened
 * them. Lives on the given context.
 */
final class PageSessions {
    private final BlockingCalls calls;
    private final Supplier<Future<CdpConnection>> connect;
    private Optional<Future<CdpConnection>> connection = Optional.empty();
    private final Map<String, Future<String>> byTarget = new HashMap<>();

    /** @param connect opens a connection for the hands alone, on the caller's context */
    PageSessions(Context context, Supplier<Future<CdpConnection>> connect) {
        this.calls = new BlockingCalls(context);
        this.connect = connect;
    }

    /** The hands' CDP session of a page. */
    record PageSession(PageSessions all, CdpConnection connection, String id) {
        /** Blocks. */
        Answer sendAndWait(String method, JsonObject params, long timeoutMillis, WholeAnswer whole) {
            return all.calls.await(() -> connection.sendForAll(id, method, params, timeoutMillis, whole, Answer::kept));
        }
    }

    /** Blocks for what is known on the browser's context. */
    <T> T ask(Supplier<T> question) {
        return calls.await(() -> Future.succeededFuture(question.get()));
    }

    /** Blocks until the hands are attached to the page, or to an iframe of another site. */
    PageSession await(String targetId) {
        return calls.await(() ->
                connected().compose(made -> attached(made, targetId).map(id -> new PageSession(this, made, id))));
    }

    /** Goes on with hands that are at a page already. */
    void take(WarmHands warm) {
        byTarget.put(warm.targetId(), Future.succeededFuture(warm.sessionId()));
        use(Future.succeededFuture(warm.connection()));
    }

    private Future<CdpConnection> connected() {
        return connection.orElseGet(() -> use(connect.get()));
    }

    private Future<CdpConnection> use(Future<CdpConnection> connecting) {
        connection = Optional.of(connecting);
        return connecting.onSuccess(this::listen).onFailure(e -> lost());
    }

    private void listen(CdpConnection made) {
        made.onEvent(this::heard);
        made.closed().onSuccess(closed -> lost());
    }

    private void lost() {
        connection = Optional.empty();
        byTarget.clear();
    }

    private Future<String> attached(CdpConnection made, String targetId) {
        Future<String> known = byTarget.get(targetId);
        return known == null ? attachNew(made, targetId) : known;
    }

    private Future<String> attachNew(CdpConnection made, String targetId) {
        Future<String> attaching = attach(made, targetId);
        byTarget.put(targetId, attaching);
        return attaching.onFailure(e -> byTarget.remove(targetId, attaching));
    }

    static Future<String> attach(CdpConnection connection, String targetId) {
        return connection
                .send(
                        CdpConnection.BROWSER,
                        "Target.attachToTarget",
                        new JsonObject().put("targetId", targetId).put("flatten", true))
                .map(attached -> attached.getString("sessionId"));
    }

    /** Forgets the session of a closed page. */
    private void heard(CdpEvent event) {
        if (event.method().equals("Target.detachedFromTarget")) {
            String id = event.params().getString("sessionId");
            byTarget.values()
                    .removeIf(session -> session.succeeded() && session.result().equals(id));
        }
    }

    Future<Void> close() {
        return connection
                .map(connecting -> connecting.transform(
                        made -> made.succeeded() ? made.result().close() : Future.<Void>succeededFuture()))
                .orElse(Future.succeededFuture());
    }

    /** Calls asynchronous code on its context, from a thread that blocks for the answer. */
    private record BlockingCalls(Context context) {
        /** Throws {@link ChromeRefusal} or {@link BerthException}; {@link CancellationException} if the thread is interrupted. */
        <T> T await(Supplier<Future<T>> asked) {
            CompletableFuture<T> answer = new CompletableFuture<>();
            context.runOnContext(ignored -> Future.succeededFuture()
                    .compose(now -> asked.get())
                    .onSuccess(answer::complete)
                    .onFailure(answer::completeExceptionally));
            try {
                return answer.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted");
            } catch (ExecutionException e) {
                throw told(e.getCause());
            }
        }

        private static RuntimeException told(Throwable e) {
            if (e instanceof ChromeRefusal refusal) {
                return refusal;
            }
            return e instanceof BerthException known ? known : Failures.failed("the browser is gone");
        }
    }
}
