package dev.berth.http.browserbase;

import dev.berth.history.SessionListing;
import dev.berth.http.request.Validation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The filter of a list of sessions.
 *
 * @param metadata labels that a session must have
 */
record GivenFilter(Optional<State> state, Map<String, String> metadata) {
    /** Postgres has no text with U+0000. */
    private static final Pattern LABEL =
            Pattern.compile("user_metadata\\['([^'\\x00]{1,128})'\\]:'([^'\\x00]{0,2048})'");

    /** @param labels the parameters {@code q} */
    static GivenFilter of(List<String> states, List<String> labels) {
        return new GivenFilter(
                once("status", states).map(GivenFilter::state),
                once("q", labels).map(GivenFilter::label).orElse(Map.of()));
    }

    private static Optional<String> once(String name, List<String> values) {
        if (values.size() > 1) {
            throw Validation.invalid(name + ": is given more than once");
        }
        return values.stream().findFirst();
    }

    private static State state(String name) {
        return Arrays.stream(State.values())
                .filter(state -> state.name().equals(name))
                .findAny()
                .orElseThrow(() -> Validation.invalid("status: must be one of " + Arrays.toString(State.values())));
    }

    private static Map<String, String> label(String text) {
        Matcher label = LABEL.matcher(text);
        if (!label.matches()) {
            throw Validation.invalid(
                    "q: must be user_metadata['key']:'value', one key and its whole value; Berth has no other queries");
        }
        return Map.of(label.group(1), label.group(2));
    }

    SessionListing.Query query(long user, int limit) {
        return new SessionListing.Query(
                user,
                state.isEmpty(),
                state.flatMap(State::live),
                state.map(State::ends).orElse(Set.of()),
                Optional.empty(),
                metadata,
                Optional.empty(),
                limit,
                0);
    }
}
