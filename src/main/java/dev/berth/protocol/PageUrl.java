package dev.berth.protocol;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The URLs that a page may open: {@code http}, {@code https}, {@code about:blank} and {@code data:}. All others reach the
 * host's files or Chrome's internal pages.
 */
public final class PageUrl {
    private static final int MAX_HOST_CHARS = 300;
    private static final int MAX_SHOWN_CHARS = 200;
    private static final Pattern SCHEME =
            Pattern.compile("^([a-zA-Z][a-zA-Z0-9+.-]*):(?![0-9]+(/|$)).*", Pattern.DOTALL);
    private static final Pattern BARE_HOST = Pattern.compile(
            "^(localhost|\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.]+]|([\\p{L}\\p{N}_-]+\\.)+[\\p{L}][\\p{L}\\p{N}-]+)"
                    + "(:\\d{1,5})?([/?#]\\S*)?$");
    private static final Pattern LOCAL = Pattern.compile("^(localhost|\\d{1,3}(\\.\\d{1,3}){3}|\\[).*");

    private static final Pattern SHOWN = Pattern.compile(
            "(https?|data|blob):|about:(blank|srcdoc)([?#]|$)|chrome-error://chromewebdata/|chrome://crash/?$",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern OF_CHROME = Pattern.compile(
            "(about|file|filesystem|devtools|view-source|isolated-app|chrome(-[a-z]+)*):", Pattern.CASE_INSENSITIVE);

    private PageUrl() {}

    /** Whether this was meant as a URL: it has a scheme, or it is a bare host with an optional port and path. */
    public static boolean looksLikeUrl(String text) {
        boolean hasScheme = SCHEME.matcher(text).matches() && !text.matches("(?s)^[a-zA-Z]+:\\s.*");
        return hasScheme && (text.startsWith("data:") || !text.contains(" ")) || isBareHost(text);
    }

    /**
     * The absolute URL for {@code text}: a bare host gets {@code https}, a local one {@code http}.
     *
     * @throws BerthException {@link ErrorCode#INVALID_ARGUMENT} with the reason where a page may not open it
     */
    public static String resolve(String text) {
        String url = text.strip();
        if (isBareHost(url)) {
            return (LOCAL.matcher(url).matches() ? "http://" : "https://") + url;
        }
        String scheme =
                scheme(url).orElseThrow(() -> BerthException.invalid("'" + brief(url) + "' is not an absolute URL"));
        switch (scheme) {
            case "http", "https" -> requireHost(url);
            case "data" -> {}
            case "chrome-extension" -> requireExtension(url);
            case "about" -> requireBlank(url);
            default ->
                throw BerthException.invalid(
                        "the scheme '" + scheme + ":' is not allowed; use http, https, data or about:blank");
        }
        return url;
    }

    /** Whether a site serves this absolute URL: a {@code data:} URL is a page that whoever gives the URL has written. */
    public static boolean isOfSite(String url) {
        return scheme(url).filter(Set.of("http", "https")::contains).isPresent();
    }

    /**
     * Whether a page may show {@code url}, as Chrome reports it. Includes what pages create ({@code blob:}), Chrome's error
     * page, and the URL that crashes a page.
     */
    public static boolean mayBeShown(String url) {
        return url.isEmpty() || SHOWN.matcher(url).lookingAt();
    }

    /**
     * Whether Chrome would show {@code url} as a page, and pages may not show it. Schemes that Chrome does not know
     * ({@code mailto:}, an app's own) are handed to the system, and the page stays.
     */
    public static boolean isForbiddenGround(String url) {
        return !mayBeShown(url) && OF_CHROME.matcher(url).lookingAt();
    }

    /** The length is checked first: the pattern takes a stack frame per label, and no DNS name is longer. */
    private static boolean isBareHost(String text) {
        return text.split("[/?#]", 2)[0].length() <= MAX_HOST_CHARS
                && BARE_HOST.matcher(text).matches();
    }

    private static Optional<String> scheme(String url) {
        var matcher = SCHEME.matcher(url);
        return matcher.matches() ? Optional.of(matcher.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    private static void requireHost(String url) {
        try {
            // Checks the authority alone: in path and query Chrome accepts more than RFC 3986.
            String authority =
                    url.replaceFirst("^[^:]+:", "").replaceFirst("^//", "").split("[/?#]", 2)[0];
            if (authority.isEmpty() || new URI("http://" + authority.replace("_", "-")).getRawAuthority() == null) {
                throw BerthException.invalid("'" + brief(url) + "' has no host");
            }
        } catch (URISyntaxException e) {
            throw BerthException.invalid("'" + brief(url) + "' is not a URL: " + e.getReason());
        }
    }

    /** Whether the session has the extension is for Chrome and the eyes to say. */
    private static void requireExtension(String url) {
        if (!ExtensionOrigins.isUrl(url)) {
            throw BerthException.invalid("'" + brief(url) + "' is no URL of an extension");
        }
    }

    private static void requireBlank(String url) {
        if (!url.equalsIgnoreCase("about:blank")) {
            throw BerthException.invalid("about:blank is the only about: page that is allowed");
        }
    }

    private static String brief(String text) {
        return Truncation.ellipsis(UrlCredentials.redact(text), MAX_SHOWN_CHARS);
    }
}
