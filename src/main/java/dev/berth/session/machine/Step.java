package dev.berth.session.machine;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** A transition: the state that it leads to, and what is to be done, in order. */
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

    /** Goes on from the state that this one leads to. */
    Step then(Function<SessionState, Step> next) {
        Step second = next.apply(state);
        return new Step(
                second.state(),
                Stream.concat(effects.stream(), second.effects().stream()).toList());
    }
}
