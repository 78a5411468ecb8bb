package dev.berth.session.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.junit.jupiter.api.Test;

class PendingBrowserCallsTest {
    private final PendingBrowserCalls browserCalls = new PendingBrowserCalls();
    private final Promise<String> answer = Promise.promise();
    private final Throwable over = new IllegalStateException("over");

    @Test
    void anAnswerIsPassedOn() {
        Future<String> asked = browserCalls.ask(answer.future());
        answer.complete("yes");
        browserCalls.close(over);
        assertThat(asked.result()).isEqualTo("yes");
    }

    @Test
    void unansweredCallsFailAtTheEnd() {
        Future<String> asked = browserCalls.ask(answer.future());
        browserCalls.close(over);
        assertThat(asked.cause()).isSameAs(over);
        answer.complete("too late");
    }

    @Test
    void afterTheEndOnlyCompletedAnswersAreGiven() {
        browserCalls.close(over);
        assertThat(browserCalls.ask(answer.future()).cause()).isSameAs(over);
        assertThat(browserCalls.ask(Future.succeededFuture("known")).result()).isEqualTo("known");
    }
}
