package dev.berth.browser.watch.network;

import dev.berth.protocol.AddRoute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The pattern of a {@link AddRoute}. A page chooses the URLs that are compared with it, on the event loop: so it takes time in
 * proportion to the URL's length, whatever the two are. It follows all places where the URL read so far may stand in the pattern, as
 * bits. Immutable.
 */
final class UrlPattern {
    /** Limit for URLs, which a page chooses: characters. A longer URL matches no pattern. */
    static final int MAX_URL_CHARS = 8_192;

    private static final int ASCII = 128;
    private static final Pattern BARE_HOST = Pattern.compile("[A-Za-z]+://[^/*{}?\\\\]+");

    /** For each character the positions of the pattern that have it. */
    private final long[][] places = new long[ASCII][];

    private final long[] stars;
    private final long[] segmentStars;
    private final long[] begins;
    private final long[] ends;
    private final int words;
    private int length;

    UrlPattern(String pattern) {
        List<String> alternatives = alternatives(complete(pattern));
        int size = alternatives.stream().mapToInt(each -> each.length() + 1).sum();
        words = size / Long.SIZE + 1;
        stars = new long[words];
        segmentStars = new long[words];
        begins = new long[words];
        ends = new long[words];
        Arrays.setAll(places, i -> new long[words]);
        alternatives.forEach(this::add);
    }

    /** Chrome's URLs have a slash after a bare host. */
    private static String complete(String pattern) {
        return BARE_HOST.matcher(pattern).matches() ? pattern + "/" : pattern;
    }

    /** Each alternative of the braces, one after another, with bits of its own. */
    private void add(String text) {
        set(begins, length);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '*') {
                boolean any = i + 1 < text.length() && text.charAt(i + 1) == '*';
                set(any ? stars : segmentStars, length++);
                i = any ? lastStar(text, i) : i;
            } else {
                i += c == '\\' ? 1 : 0;
                set(places[text.charAt(i)], length++);
            }
        }
        set(ends, length++);
    }

    private static int lastStar(String text, int from) {
        int last = from;
        while (last + 1 < text.length() && text.charAt(last + 1) == '*') {
            last++;
        }
        return last;
    }

    private static void set(long[] bits, int position) {
        bits[position / Long.SIZE] |= 1L << (position % Long.SIZE);
    }

    boolean matches(String url) {
        if (url.length() > MAX_URL_CHARS) {
            return false;
        }
        long[] now = passStars(begins.clone());
        for (int i = 0; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c >= ASCII) {
                return false;
            }
            now = passStars(read(now, c));
        }
        for (int w = 0; w < words; w++) {
            if ((now[w] & ends[w]) != 0) {
                return true;
            }
        }
        return false;
    }

    private long[] read(long[] now, char c) {
        long[] next = new long[words];
        long carry = 0;
        for (int w = 0; w < words; w++) {
            long taken = now[w] & places[c][w];
            next[w] = taken << 1 | carry | now[w] & (c == '/' ? stars[w] : stars[w] | segmentStars[w]);
            carry = taken >>> (Long.SIZE - 1);
        }
        return next;
    }

    /** A star may stand for nothing. Two stars of different kinds may follow one another. */
    private long[] passStars(long[] now) {
        for (int round = 0; round < 2; round++) {
            long carry = 0;
            for (int w = 0; w < words; w++) {
                long passed = now[w] & (stars[w] | segmentStars[w]);
                now[w] |= passed << 1 | carry;
                carry = passed >>> (Long.SIZE - 1);
            }
        }
        return now;
    }

    /** The pattern without braces: once for each of their alternatives. */
    private static List<String> alternatives(String pattern) {
        int open = indexOf(pattern, '{', 0);
        if (open < 0) {
            return List.of(pattern);
        }
        int close = indexOf(pattern, '}', open);
        List<String> all = new ArrayList<>();
        List<String> rests = alternatives(pattern.substring(close + 1));
        for (int from = open + 1; from <= close; ) {
            int comma = indexOf(pattern, ',', from);
            int to = comma < 0 || comma > close ? close : comma;
            String begin = pattern.substring(0, open) + pattern.substring(from, to);
            rests.forEach(rest -> all.add(begin + rest));
            from = to + 1;
        }
        return all;
    }

    /** The index of a character that no backslash escapes. */
    private static int indexOf(String pattern, char wanted, int from) {
        for (int i = from; i < pattern.length(); i++) {
            if (pattern.charAt(i) == '\\') {
                i++;
            } else if (pattern.charAt(i) == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** A pattern of CDP that matches all that this one matches, and perhaps more. */
    static String forChrome(String pattern) {
        String whole = complete(pattern);
        StringBuilder chrome = new StringBuilder();
        for (int i = 0; i < whole.length(); i++) {
            char c = whole.charAt(i);
            if (c == '{') {
                chrome.append('*');
                i = indexOf(whole, '}', i);
            } else if (c == '\\') {
                literal(whole.charAt(++i), chrome);
            } else if (c == '*') {
                chrome.append(c);
            } else {
                literal(c, chrome);
            }
        }
        return chrome.toString().replaceAll("\\*{2,}", "*");
    }

    private static void literal(char c, StringBuilder chrome) {
        chrome.append(c == '*' || c == '?' || c == '\\' ? "\\" : "").append(c);
    }
}
