package dev.berth.session.machine;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** A transition: the new state, and the effects in order. */
public record Step(SessionState state, List<SessionEffect> effects) {
    public Step {
        effects = List.copyOf(effects);
    }

    static Step to(SessionState state, SessionEffect... effects) {
        return new Step(state, List.of(effects));
    }

    Step and(SessionEffect... more) {
        return then(reached -> to(reached, more));
    }

    /** Applies {@code next} to this step's state and appends its effects. */
    Step then(Function<SessionState, Step> next) {
        Step second = next.apply(state);
        return new Step(
                second.state(),
                Stream.concat(effects.stream(), second.effects().stream()).toList());
    }
}
