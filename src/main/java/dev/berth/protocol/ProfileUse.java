package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;

/**
 * The profile, one of the user's, that a session begins with, and the condition for saving it.
 *
 * @param name 1 to 64 letters, digits, {@code .}, {@code _} and {@code -}; the first save makes a profile that does not exist
 * @param save a session that saves is the only one that may at a time
 * @param version the one to begin with, of those that are kept; empty for the newest
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record ProfileUse(String name, SaveProfile save, Optional<Integer> version) {
    public ProfileUse {
        GivenName.require("options.profile.name", name);
        Require.present("options.profile.save", save);
        Require.present("options.profile.version", version)
                .ifPresent(number -> Require.within("options.profile.version", number, 1, Integer.MAX_VALUE));
    }

    /** When the end of a session writes a new version of its profile. */
    public enum SaveProfile {
        /** Whenever its Chrome still runs then. */
        ALWAYS("always"),
        /** If the session ends as {@link SessionStatus#COMPLETED}. */
        ON_SUCCESS("onSuccess"),
        /** Never: the session works on a copy. */
        NEVER("never");

        private final String wireName;

        SaveProfile(String wireName) {
            this.wireName = wireName;
        }

        @JsonValue
        public String wireName() {
            return wireName;
        }
    }

    /**
     * The outcome of a session's profile.
     *
     * @param version the one that the session began with; empty where the profile had none, or is not loaded yet
     * @param saved the version that the session's end wrote
     * @param error why its end wrote none, though it was to: the version before is still the newest
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record ProfileOutcome(
            String name, Optional<Integer> version, Optional<Integer> saved, Optional<String> error) {
        /** The outcome for a session that has not begun with the profile yet. */
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
}
