package dev.berth.protocol;

import java.util.regex.Pattern;

/** The names that users give to things of their own, such as profiles: 1 to 64 letters, digits, {@code .}, {@code _} and {@code -}. */
public final class GivenName {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private GivenName() {}

    /** Throws {@link BerthException} that names the field, where this is no such name. */
    public static String require(String field, String name) {
        if (!NAME.matcher(Require.present(field, name)).matches()) {
            throw BerthException.invalid(
                    field + " must have 1 to 64 letters, digits, '.', '_' or '-', and begin with a letter or digit");
        }
        return name;
    }
}
