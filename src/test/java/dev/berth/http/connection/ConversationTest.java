package dev.berth.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.http.connection.Conversation.Patience;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConversationTest {
    private static final long SECOND = 1_000_000_000L;
    private final Conversation conversation =
            new Conversation(new Patience(Duration.ofSeconds(300), Duration.ofSeconds(60), Duration.ofSeconds(600)), 0);

    private boolean overdueAt(long second) {
        return conversation.overdue(second * SECOND);
    }

    @Test
    void aMissingHeadIsOverdue() {
        assertThat(overdueAt(60)).isFalse();
        assertThat(overdueAt(61)).isTrue();
    }

    @Test
    void theNextHeadMayBeginLateButMustThenComplete() {
        conversation.requestBegan(false, 0);
        conversation.requestEnded();
        conversation.answered(0);
        assertThat(overdueAt(300)).isFalse();
        conversation.received(300 * SECOND);
        assertThat(overdueAt(360)).isFalse();
        conversation.received(350 * SECOND);
        assertThat(overdueAt(361)).isTrue();
    }

    @Test
    void aHeadThatBeganBeforeAnAnswerMustComeAfterIt() {
        conversation.requestBegan(false, 0);
        conversation.requestEnded();
        conversation.received(SECOND);
        assertThat(overdueAt(100_000)).isFalse();
        conversation.answered(100_000 * SECOND);
        assertThat(overdueAt(100_060)).isFalse();
        assertThat(overdueAt(100_061)).isTrue();
    }

    @Test
    void onlyAnAnswerBeforeTheContinueLeavesTheEndInDoubt() {
        conversation.requestBegan(true, 0);
        assertThat(conversation.isEndInDoubt()).isTrue();
        conversation.continued();
        assertThat(conversation.isEndInDoubt()).isFalse();
        conversation.requestEnded();
        conversation.requestBegan(true, 0);
        assertThat(conversation.isEndInDoubt()).as("that of the one before").isFalse();
        conversation.answered(0);
        assertThat(conversation.isEndInDoubt()).isTrue();
        conversation.requestEnded();
        assertThat(conversation.isEndInDoubt()).isFalse();
    }

    @Test
    void aRequestMayTakeAnyTimeToAnswer() {
        conversation.requestBegan(false, SECOND);
        conversation.requestEnded();
        assertThat(overdueAt(100_000)).isFalse();
        conversation.answered(100_000 * SECOND);
        assertThat(overdueAt(100_300)).isFalse();
        assertThat(overdueAt(100_301)).isTrue();
    }

    @Test
    void aBodyThatDoesNotEndIsOverdue() {
        conversation.requestBegan(false, SECOND);
        assertThat(overdueAt(601)).isFalse();
        assertThat(overdueAt(602)).isTrue();
        conversation.requestEnded();
        assertThat(overdueAt(602)).isFalse();
    }

    @Test
    void aRefusedBodyHasTheTimeOfASilentClient() {
        conversation.requestBegan(false, 0);
        conversation.answered(0);
        assertThat(overdueAt(61)).isTrue();
    }

    @Test
    void oneUnansweredPipelinedRequestKeepsTheConnection() {
        conversation.requestBegan(false, 0);
        conversation.requestEnded();
        conversation.requestBegan(false, 0);
        conversation.requestEnded();
        conversation.answered(0);
        assertThat(overdueAt(1_000)).isFalse();
    }

    @Test
    void aSlowReaderIsNotSilent() {
        conversation.requestBegan(false, 0);
        conversation.requestEnded();
        conversation.answered(0);
        for (int second = 0; second < 1_000; second += 50) {
            conversation.unread(1_000_000 - second, second * SECOND);
            assertThat(overdueAt(second + 50)).isFalse();
        }
        conversation.unread(0, 1_000 * SECOND);
        assertThat(overdueAt(1_300)).isFalse();
        assertThat(overdueAt(1_301)).isTrue();
    }

    @Test
    void aReaderThatStopsIsOverdueEvenWithAnUnansweredRequest() {
        conversation.requestBegan(false, 0);
        conversation.requestEnded();
        conversation.unread(5, SECOND);
        conversation.unread(5, 61 * SECOND);
        assertThat(overdueAt(61)).isFalse();
        assertThat(overdueAt(62)).isTrue();
    }
}
