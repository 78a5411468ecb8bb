package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which profile of its user a session begins with, and when it is saved.
 *
 * @param name 1 to 64 letters, digits, {@code .}, {@code _} and {@code -}; the first save makes a profile that does not exist
 * @param save a session that saves is the only one that may at a time
 * @param version the one to begin with, of those that are kept; empty for the newest
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record ProfileUse(String name, SaveProfile save, Optional<Integer> version) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public ProfileUse {
        if (!NAME.matcher(Require.present("options.profile.name", name)).matches()) {
            throw BerthException.invalid("options.profile.name must have 1 to 64 letters, digits, '.', '_' or '-', and"
                    + " begin with a letter or digit");
        }
        Require.present("options.profile.save", save);
        Require.present("options.profile.version", version)
                .ifPresent(number -> Require.within("options.profile.version", number, 1, Integer.MAX_VALUE));
    }
}
