package dev.berth.protocol;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The browser extensions of a session, by Chrome's ids, which are the hosts of their URLs.
 *
 * @param names the user's, by id
 */
public record ExtensionOrigins(Map<String, String> names) {
    public static final ExtensionOrigins NONE = new ExtensionOrigins(Map.of());

    private static final Pattern URL =
            Pattern.compile("chrome-extension://([a-p]{32})(?:[/?#].*)?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    public ExtensionOrigins {
        names = names == null ? Map.of() : Map.copyOf(names);
    }

    /** The name of the extension that has this URL, as Chrome writes URLs; empty for all other URLs. */
    public Optional<String> nameOf(String url) {
        if (names.isEmpty()) {
            return Optional.empty();
        }
        Matcher found = URL.matcher(url);
        return found.matches()
                ? Optional.ofNullable(names.get(found.group(1).toLowerCase(Locale.ROOT)))
                : Optional.empty();
    }

    /** Whether a text is a URL of any extension, whichever are there. */
    static boolean isUrl(String text) {
        return URL.matcher(text).matches();
    }
}
