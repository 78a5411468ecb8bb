package dev.berth.http.browserbase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GivenFilterTest {
    @ParameterizedTest
    @EnumSource(EndReason.class)
    void eachEndIsFoundByItsState(EndReason end) {
        State state = State.of(SessionStatus.COMPLETED, Optional.of(end));
        assertThat(state.ends()).contains(end);
        assertThat(state.live()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = SessionStatus.class,
            names = {"CREATING", "RUNNING"})
    void eachLiveStatusIsFoundByItsState(SessionStatus status) {
        State state = State.of(status, Optional.empty());
        assertThat(state.live()).contains(status);
        assertThat(state.ends()).isEmpty();
    }

    @Test
    void aQueryNamesOneLabel() {
        assertThat(GivenFilter.of(List.of("RUNNING"), List.of("user_metadata['a b']:'c'")))
                .isEqualTo(new GivenFilter(Optional.of(State.RUNNING), Map.of("a b", "c")));
        assertThat(GivenFilter.of(List.of(), List.of())).isEqualTo(new GivenFilter(Optional.empty(), Map.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "user_metadata['a']:b",
                "user_metadata['a']['b']:'c'",
                "user_metadata['a']:'b' AND user_metadata['c']:'d'",
                "user_metadata['a']:'\0'",
                "user_metadata['']:'b'"
            })
    void otherQueriesAreRefused(String query) {
        assertThatThrownBy(() -> GivenFilter.of(List.of(), List.of(query)))
                .isInstanceOf(BerthException.class)
                .hasMessageStartingWith("q: must be user_metadata['key']:'value'");
    }

    @Test
    void unknownAndRepeatedStatesAreRefused() {
        assertThatThrownBy(() -> GivenFilter.of(List.of("running"), List.of()))
                .hasMessage("status: must be one of [PENDING, RUNNING, ERROR, TIMED_OUT, COMPLETED]");
        assertThatThrownBy(() -> GivenFilter.of(List.of("RUNNING", "ERROR"), List.of()))
                .hasMessage("status: is given more than once");
    }
}
