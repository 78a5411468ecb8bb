package dev.berth.http.oneshot;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.verbs.Verb;
import dev.berth.verbs.Verbs;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.LongFunction;

/**
 * A session that is made for one answer.
 *
 * @param session without an initial prompt: the steps open the page
 * @param steps the actions, in their order; the reply to the last one is the answer
 * @param timeout milliseconds for all of it: the wait for a place, Chrome's launch, and the steps
 */
public record OneShot(CreateSession session, List<Step> steps, long timeout) {
    /** Throws {@link BerthException} where a step would refuse its arguments: before there is a session. */
    public OneShot {
        steps = List.copyOf(steps);
        steps.forEach(step -> step.within(timeout));
    }

    /**
     * An action.
     *
     * @param action gives the action with a timeout
     * @param limit milliseconds for this step alone
     * @param optional whether the answer is made without this step where the page does not do it, or not in time
     */
    public record Step(LongFunction<Action<?>> action, long limit, boolean optional) {
        private static final long NONE = Long.MAX_VALUE;

        /** An action that has to succeed, within the time that is left. */
        public Step(LongFunction<Action<?>> action) {
            this(action, NONE, false);
        }

        /** The verb with these arguments. */
        public static Step of(String verb, JsonObject arguments) {
            Verb<?, ?> named = Verbs.named(verb);
            return new Step(millis ->
                    named.read(arguments.copy().put("timeout", millis)).command());
        }

        /** The same with a limit of its own. */
        public Step limited(long millis, boolean whetherOptional) {
            return new Step(action, millis, whetherOptional);
        }

        /** @param left milliseconds for all that is still to be done */
        Action<?> within(long left) {
            return action.apply(Math.min(limit, left));
        }
    }
}
