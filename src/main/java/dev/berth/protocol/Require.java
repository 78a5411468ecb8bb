package dev.berth.protocol;

import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks of record values at construction. Other verticles and models send messages on the bus too, with nulls. All throw
 * {@link BerthException} with {@link ErrorCode#INVALID_ARGUMENT} that names the field and says what would be right.
 */
final class Require {
    /** Limit of a text that a client writes: a script, a URL, text to type. */
    static final int MAX_TEXT_CHARS = 1 << 20;

    private static final int MAX_SELECTOR_CHARS = 4_096;
    private static final int MAX_ID_CHARS = 200;
    private static final int MAX_AGENT_CHARS = 4_000;
    private static final int MAX_NAME_CHARS = 100;

    private static final int MAX_HEADERS = 50;
    private static final int MAX_HEADER_CHARS = 4_096;
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}");
    private static final Pattern HEADER_VALUE = Pattern.compile("(?:[!-~](?:[ -~]*[!-~])?)?");
    /** Headers that Chrome sets itself: with one of these, it sends no request at all, or another one than was meant. */
    private static final Set<String> CHROMES_HEADERS = Set.of(
            "connection",
            "content-length",
            "cookie",
            "cookie2",
            "host",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** Limit for timeouts, longer than any work in a browser may take. */
    private static final long MAX_TIMEOUT_MILLIS = 3_600_000;

    private Require() {}

    static <T> T present(String field, T value) {
        if (value == null) {
            throw BerthException.invalid(field + " is missing");
        }
        return value;
    }

    static void text(String field, String value, int minChars, int maxChars) {
        int chars = present(field, value).length();
        if (chars < minChars || chars > maxChars) {
            throw BerthException.invalid(
                    field + " must have " + minChars + " to " + maxChars + " characters, not " + chars);
        }
    }

    static void text(String field, Optional<String> value, int minChars, int maxChars) {
        present(field, value).ifPresent(text -> text(field, text, minChars, maxChars));
    }

    /** Postgres does not take NUL characters. */
    static void noNul(String field, String value) {
        if (value.indexOf('\0') >= 0) {
            throw BerthException.invalid(field + " must have no NUL characters");
        }
    }

    /** An id, such as that of a CDP client. */
    static void id(String field, String value) {
        text(field, value, 1, MAX_ID_CHARS);
    }

    static void selector(String selector) {
        selector("selector", selector);
    }

    private static void selector(String field, String selector) {
        text(field, selector, 1, MAX_SELECTOR_CHARS);
        if (selector.isBlank()) {
            throw BerthException.invalid(field + " must not be blank: give CSS, xpath=…, text=… or ref=…");
        }
    }

    static void selector(Optional<String> selector) {
        selector("selector", selector);
    }

    static void selector(String field, Optional<String> selector) {
        present(field, selector).ifPresent(text -> selector(field, text));
    }

    /** A copy without nulls. */
    static <T> List<T> elements(String field, List<T> list, int min, int max) {
        requireElements(field, list, min, max);
        return List.copyOf(list);
    }

    /** A copy of a set of ids. */
    static Set<String> ids(String field, Set<String> set, int max) {
        requireElements(field, set, 0, max);
        set.forEach(id -> id(field, id));
        return Set.copyOf(set);
    }

    private static void requireElements(String field, Collection<?> elements, int min, int max) {
        int size = present(field, elements).size();
        if (size < min || size > max) {
            throw BerthException.invalid(field + " must have " + min + " to " + max + " entries, not " + size);
        }
        // Not Collection.contains(null), which throws for immutable collections.
        for (Object element : elements) {
            if (element == null) {
                throw BerthException.invalid(field + " must not contain null");
            }
        }
    }

    /** A copy without null keys and values. */
    static <K, V> Map<K, V> entries(String field, Map<K, V> map) {
        present(field, map).forEach((key, value) -> {
            if (key == null || value == null) {
                throw BerthException.invalid(field + " must not contain null");
            }
        });
        return Map.copyOf(map);
    }

    static void within(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw BerthException.invalid(field + " must be from " + min + " to " + max + ", not " + value);
        }
    }

    static void within(String field, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw BerthException.invalid(field + " must be from " + min + " to " + max + ", not " + value);
        }
    }

    static void atLeastZero(String field, double value) {
        if (!(value >= 0 && Double.isFinite(value))) {
            throw BerthException.invalid(field + " must be a number from 0, not " + value);
        }
    }

    static void timeout(long millis) {
        within("timeout", millis, 1, MAX_TIMEOUT_MILLIS);
    }

    static void finite(String field, double value) {
        if (!Double.isFinite(value)) {
            throw BerthException.invalid(field + " must be a number, not " + value);
        }
    }

    /** A part of a list. */
    static void range(long offset, int limit) {
        within("offset", offset, 0, Long.MAX_VALUE);
        within("limit", limit, 1, Integer.MAX_VALUE);
    }

    /** A user agent that a header can have. */
    static void userAgent(String field, String userAgent) {
        text(field, userAgent, 1, MAX_AGENT_CHARS);
        if (userAgent.chars().anyMatch(c -> c < ' ' || c == 127)) {
            throw BerthException.invalid(field + " must have no control characters");
        }
    }

    /** Headers that a request can have beside those that Chrome sends by itself. */
    static void headers(String field, Map<String, String> headers) {
        headers(field, headers, CHROMES_HEADERS);
    }

    /** Headers that an answer can have which no server gave. */
    static void answerHeaders(String field, Map<String, String> headers) {
        headers(field, headers, Set.of("content-length", "transfer-encoding", "connection"));
    }

    private static void headers(String field, Map<String, String> headers, Set<String> chromes) {
        if (headers.size() > MAX_HEADERS) {
            throw BerthException.invalid(
                    field + " must have at most " + MAX_HEADERS + " entries, not " + headers.size());
        }
        Set<String> names = new HashSet<>();
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!HEADER_NAME.matcher(name).matches() || !names.add(lower)) {
                throw BerthException.invalid(
                        field + " must have distinct names of HTTP headers, with at most 200 characters each");
            } else if (chromes.contains(lower)) {
                throw BerthException.invalid(field + " can't have " + lower + ", which Chrome sets by itself");
            } else if (value.length() > MAX_HEADER_CHARS
                    || !HEADER_VALUE.matcher(value).matches()) {
                throw BerthException.invalid(field + "." + name + " must have at most " + MAX_HEADER_CHARS
                        + " printable characters of ASCII, and no space at its start or end");
            }
        });
    }

    /** The canonical form of a locale. */
    static String locale(String field, String tag) {
        text(field, tag, 1, MAX_NAME_CHARS);
        try {
            return new Locale.Builder().setLanguageTag(tag).build().toLanguageTag();
        } catch (IllformedLocaleException e) {
            throw BerthException.invalid(field + " must be a BCP 47 tag, such as de-DE, not '" + tag + "'");
        }
    }

    static void timezone(String field, String zone) {
        text(field, zone, 1, MAX_NAME_CHARS);
        if (!Zones.NAMES.contains(zone)) {
            throw BerthException.invalid(field + " must be an IANA name, such as Europe/Berlin, not '" + zone + "'");
        }
    }

    /** Loaded lazily, by the first session with a time zone. */
    private static final class Zones {
        static final Set<String> NAMES = Set.copyOf(ZoneId.getAvailableZoneIds());
    }

    /** The time as Postgres keeps it, to the microsecond: so it is the same whether a live session or the history tells it. */
    static Instant kept(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS);
    }
}
