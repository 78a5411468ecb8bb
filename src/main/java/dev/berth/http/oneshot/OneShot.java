package dev.berth.http.oneshot;

import dev.berth.protocol.CreateSession;
import dev.berth.protocol.SessionCommand.Action;
import java.util.List;

/**
 * A session that is made for one answer.
 *
 * @param session without an initial prompt: the steps open the page
 * @param steps the actions, in their order; the reply to the last one is the answer
 * @param timeout milliseconds for all of it: the wait for a place, Chrome's launch, and the steps
 */
public record OneShot(CreateSession session, List<Step> steps, long timeout) {
    public OneShot {
        steps = List.copyOf(steps);
    }

    /** An action, of which only the time is not known yet. */
    @FunctionalInterface
    public interface Step {
        /** The action, with this timeout. */
        Action<?> within(long millis);
    }
}
