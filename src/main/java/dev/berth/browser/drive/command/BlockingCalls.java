package dev.berth.browser.drive.command;

import dev.berth.browser.Failures;
import dev.berth.browser.cdp.ChromeRefusal;
import dev.berth.protocol.BerthException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** Calls asynchronous code on its context, from a thread that blocks for the answer. */
record BlockingCalls(Context context) {
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
