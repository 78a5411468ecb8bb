package dev.berth.agent.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.agent.model.PromptMessage;
import dev.berth.agent.model.PromptMessage.Assistant;
import dev.berth.agent.model.PromptMessage.ToolCall;
import dev.berth.agent.model.PromptMessage.ToolResult;
import dev.berth.agent.model.PromptMessage.User;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConversationTest {
    private static final ShownPage START = new ShownPage("the first page", true, List.of());

    private static Conversation round(Conversation before, int number, String page) {
        ToolCall call = new ToolCall("call-" + number, "click", "{}");
        return before.said(new Assistant(Optional.of("reason " + number), List.of(call)))
                .with(new ToolResult(call.id(), call.name(), "result " + number, List.of()))
                .then(new User(page, List.of()));
    }

    private static Conversation rounds(int count, int charsOfPage) {
        Conversation told = new Conversation("the task").startingAt(START);
        for (int i = 1; i <= count; i++) {
            told = round(told, i, "page " + i + " " + "x".repeat(charsOfPage));
        }
        return told;
    }

    private static String text(List<PromptMessage> messages) {
        return messages.stream().map(Object::toString).collect(Collectors.joining("\n"));
    }

    @Test
    void itGrowsAtItsEndOnly() {
        List<PromptMessage> before = rounds(3, 10).messages();
        List<PromptMessage> after = rounds(4, 10).messages();
        assertThat(after.subList(0, before.size())).isEqualTo(before);
    }

    @Test
    void oldPagesAreShortenedAndTheTaskStays() {
        Conversation compacted = rounds(10, 17_000).compacted();
        assertThat(compacted.isTooLong()).isFalse();
        assertThat(text(compacted.messages()))
                .contains("the task", "reason 1", "result 10", "page 10 ", "the rest was left out")
                .doesNotContain("the first page", "turns are left out here")
                .hasSizeLessThan(25_000);
    }

    @Test
    void theOldestRoundsAreLeftOutWhereThatIsNotEnough() {
        Conversation compacted = rounds(400, 1_000).compacted();
        assertThat(compacted.leftOut()).isPositive();
        assertThat(text(compacted.messages()))
                .contains("the task", "(The first " + compacted.leftOut() + " turns are left out here.)", "reason 400")
                .doesNotContain("reason 1]")
                .hasSizeLessThan(2 * Conversation.KEPT_CHARS);
        assertThat(round(compacted, 401, "page").compacted().leftOut()).isGreaterThanOrEqualTo(compacted.leftOut());
    }

    @Test
    void eachCallHasItsResultAfterCompaction() {
        List<PromptMessage> messages = rounds(400, 1_000).compacted().messages();
        for (int i = 1; i < messages.size(); i++) {
            if (messages.get(i) instanceof Assistant said) {
                assertThat(messages.get(i + 1))
                        .isInstanceOfSatisfying(
                                ToolResult.class,
                                result -> assertThat(result.callId())
                                        .isEqualTo(said.calls().get(0).id()));
            }
        }
    }

    @Test
    void aRoundThatIsLargeItselfIsKept() {
        ToolCall large = new ToolCall("call-1", "fill", "y".repeat(200_000));
        Conversation told = new Conversation("the task")
                .said(new Assistant(Optional.empty(), List.of(large)))
                .with(new ToolResult("call-1", "fill", "done", List.of()));
        assertThat(told.isTooLong()).isTrue();
        assertThat(told.compacted().rounds()).hasSize(1);
    }

    @Test
    void whatIsToldInAdditionJoinsTheLastMessage() {
        Conversation told = rounds(1, 0).alsoTold("hurry");
        assertThat(told.messages()).hasSameSizeAs(rounds(1, 0).messages());
        assertThat(text(told.messages())).endsWith("hurry, images=[]]");
        assertThat(text(new Conversation("the task").alsoTold("hurry").messages()))
                .contains("the task", "hurry");
    }

    @Test
    void itsLastWordsAreBounded() {
        Conversation told = new Conversation("x").said(new Assistant(Optional.of("w".repeat(2_000)), List.of()));
        assertThat(told.lastWords().orElseThrow()).hasSizeLessThan(600);
        assertThat(new Conversation("x").lastWords()).isEmpty();
    }
}
