package dev.berth.agent.machine;

import dev.berth.agent.machine.Replay.RecordedStep;
import dev.berth.agent.model.PromptMessage.ToolCall;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The outstanding calls of a model's answer, or of an earlier run that is repeated.
 *
 * @param calls that have not been carried out; the first is the current one
 * @param words the model's
 * @param acts how many calls have changed the page, perhaps
 * @param look whether the page is to be read after them
 * @param replay the recorded steps of the calls, as long as all of them could be repeated
 */
public record TurnWork(List<ToolCall> calls, Optional<String> words, int acts, boolean look, Optional<Replay> replay) {
    private static final String AGAIN = "as in an earlier run";

    static final TurnWork NONE = of(List.of(), Optional.empty());

    public TurnWork {
        calls = List.copyOf(calls);
    }

    static TurnWork of(List<ToolCall> calls, Optional<String> words) {
        return new TurnWork(calls, words, 0, false, Optional.empty());
    }

    static TurnWork again(Replay replay) {
        List<ToolCall> calls = IntStream.range(0, replay.steps().size())
                .mapToObj(i -> call(i, replay.steps().get(i)))
                .toList();
        return new TurnWork(calls, Optional.empty(), 0, true, Optional.of(replay));
    }

    private static ToolCall call(int index, RecordedStep step) {
        return new ToolCall("again-" + (index + 1), step.tool(), step.named().encode());
    }

    ToolCall call() {
        return calls.get(0);
    }

    /** Why the current call is made. */
    Optional<String> reason() {
        return replay.map(again -> Optional.of(
                        AGAIN + again.step().reason().map(why -> ": " + why).orElse("")))
                .orElse(words);
    }

    Optional<RecordedStep> again() {
        return replay.map(Replay::step);
    }

    TurnWork next() {
        return new TurnWork(calls.subList(1, calls.size()), words, acts, look, replay.map(Replay::next));
    }

    TurnWork acted() {
        return new TurnWork(calls, words, acts + 1, true, replay);
    }

    TurnWork looking() {
        return new TurnWork(calls, words, acts, true, replay);
    }

    /** The rest is not carried out. */
    TurnWork stopped() {
        return new TurnWork(List.of(), words, acts, look, Optional.empty());
    }
}
