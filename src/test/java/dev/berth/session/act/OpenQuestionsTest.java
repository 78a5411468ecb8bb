package dev.berth.session.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.junit.jupiter.api.Test;

class OpenQuestionsTest {
    private final OpenQuestions questions = new OpenQuestions();
    private final Promise<String> answer = Promise.promise();
    private final Throwable over = new IllegalStateException("over");

    @Test
    void anAnswerIsPassedOn() {
        Future<String> asked = questions.ask(answer.future());
        answer.complete("yes");
        questions.close(over);
        assertThat(asked.result()).isEqualTo("yes");
    }

    @Test
    void whatHasNoAnswerFailsWithTheEnd() {
        Future<String> asked = questions.ask(answer.future());
        questions.close(over);
        assertThat(asked.cause()).isSameAs(over);
        answer.complete("too late");
    }

    @Test
    void afterTheEndOnlyWhatIsKnownIsAnswered() {
        questions.close(over);
        assertThat(questions.ask(answer.future()).cause()).isSameAs(over);
        assertThat(questions.ask(Future.succeededFuture("known")).result()).isEqualTo("known");
    }
}
