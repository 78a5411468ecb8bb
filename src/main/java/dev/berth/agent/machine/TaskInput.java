package dev.berth.agent.machine;

import dev.berth.agent.model.PromptMessage.Image;
import dev.berth.agent.model.Turn;
import dev.berth.protocol.Cost;
import java.util.List;
import java.util.Optional;

/** An input: something that happened to a task. */
public sealed interface TaskInput {
    /** The task has a place on the node. */
    record Placed() implements TaskInput {}

    /**
     * The task's session runs, is protected, and shows the page where the task begins.
     *
     * @param replay what an earlier run did
     */
    record Ready(ShownPage page, Optional<Replay> replay) implements TaskInput {
        public Ready(ShownPage page) {
            this(page, Optional.empty());
        }
    }

    /** The task's session could not be made ready, or does not answer. */
    record Broken(String why) implements TaskInput {}

    /** The task's model answered. */
    record TurnCame(Turn turn) implements TaskInput {}

    /** @param cost of the tries */
    record ModelFailed(String why, Cost cost) implements TaskInput {}

    /** The live view is at rest: nobody acts in it any more, but somebody may have. */
    record Rested(boolean personActed) implements TaskInput {}

    /**
     * A tool ran.
     *
     * @param text for the model: what it gave, or why it failed
     */
    record Acted(boolean success, String text, List<Image> images) implements TaskInput {}

    /** The page was read. */
    record Looked(ShownPage page) implements TaskInput {}

    /** @param objection what is wrong with the output */
    record Judged(Optional<String> objection) implements TaskInput {}

    /** A person answered the question. */
    record Answered(String text) implements TaskInput {}

    /** @param client whether a client, or the node, ended it on purpose */
    record SessionOver(String why, boolean client) implements TaskInput {}

    /** The task's time is over. */
    record TimeUp() implements TaskInput {}

    record CancelAsked(String why) implements TaskInput {}
}
