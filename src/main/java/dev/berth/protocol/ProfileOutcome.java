package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * What became of a session's profile.
 *
 * @param version the one that the session began with; empty where the profile had none, or is not loaded yet
 * @param saved the version that the session's end wrote
 * @param error why its end wrote none, though it was to: the version before is still the newest
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record ProfileOutcome(String name, Optional<Integer> version, Optional<Integer> saved, Optional<String> error) {
    /** Of a session that has not begun with it yet. */
    public static ProfileOutcome of(ProfileUse use) {
        return new ProfileOutcome(use.name(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public ProfileOutcome beganWith(int number) {
        return new ProfileOutcome(name, Optional.of(number), saved, error);
    }

    public ProfileOutcome notSaved(String why) {
        return new ProfileOutcome(name, version, saved, Optional.of(why));
    }
}
