package dev.berth.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * A value as texts may have it: in another case, with other white space, with the escapes of URLs, JSON, HTML and Markdown, or cut
 * with an ellipsis.
 */
final class WrittenValue {
    private static final int LEAST_CUT = 3;
    private static final int MAX_ENTITY_CHARS = 8;
    /** Of JSON within JSON within JSON, and one more. */
    private static final int MAX_BACKSLASHES = 15;

    private static final Map<String, Integer> ENTITIES = Map.of(
            "amp", (int) '&', "lt", (int) '<', "gt", (int) '>', "quot", (int) '"', "apos", (int) '\'', "nbsp", 0xA0);

    private final String name;
    /** Code points in one case, and one blank for each run of white space. */
    private final int[] value;

    WrittenValue(String name, String value) {
        this.name = name;
        this.value = value.strip()
                .replaceAll("[\\s\\u00a0]+", " ")
                .codePoints()
                .map(WrittenValue::folded)
                .toArray();
    }

    static int folded(int codePoint) {
        return Character.toLowerCase(Character.toUpperCase(codePoint));
    }

    String name() {
        return name;
    }

    int length() {
        return value.length;
    }

    int first() {
        return value[0];
    }

    /** Letters and digits of ASCII need no escape, and get none. */
    boolean mayBeginWithEscape() {
        return value[0] > 0x7f || !Character.isLetterOrDigit(value[0]);
    }

    /**
     * Where its occurrence that begins at {@code from} ends; {@code from} if there is none.
     *
     * @param onward is asked before each character that is compared: whether to go on
     */
    int end(String text, int from, IntPredicate onward) {
        int end = end(text, from, onward, false);
        return end > from ? end : end(text, from, onward, true);
    }

    /** @param escaped whether what looks like an escape is one: a value may have such characters itself */
    private int end(String text, int from, IntPredicate onward, boolean escaped) {
        int at = from;
        for (int i = 0; i < value.length; i++) {
            int next = onward.test(i) ? after(text, at, value[i], escaped) : at;
            if (next == at) {
                return i >= LEAST_CUT && at < text.length() && text.charAt(at) == '…' ? at : from;
            }
            at = next;
        }
        return at;
    }

    /** The position behind what stands for one character; {@code at} if it does not stand there. */
    private static int after(String text, int at, int wanted, boolean escaped) {
        if (at >= text.length()) {
            return at;
        }
        if (wanted == ' ') {
            return afterSpace(text, at);
        }
        int here = text.codePointAt(at);
        boolean plain = folded(here) == wanted;
        if (plain && !escaped) {
            return at + Character.charCount(here);
        }
        Escape escape = escape(text, at);
        if (folded(escape.codePoint()) == wanted) {
            return escape.end();
        }
        return plain ? at + Character.charCount(here) : at;
    }

    private static int afterSpace(String text, int from) {
        int at = from;
        char first = text.charAt(at);
        while (at < text.length()) {
            Escape escape = escape(text, at);
            if (first == '+' ? text.charAt(at) == '+' : isSpace(text.charAt(at))) {
                at++;
            } else if (isSpace(escape.codePoint())) {
                at = escape.end();
            } else {
                break;
            }
        }
        return at;
    }

    private static boolean isSpace(int codePoint) {
        return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint);
    }

    /** A character that was written in another way, and the position behind it. */
    private record Escape(int codePoint, int end) {
        static final Escape NONE = new Escape(-1, -1);
    }

    private static Escape escape(String text, int at) {
        return switch (text.charAt(at)) {
            case '\\' -> backslash(text, at);
            case '%' -> percent(text, at);
            case '&' -> entity(text, at);
            default -> Escape.NONE;
        };
    }

    /** JSON within JSON has several. A page may write a million. */
    private static Escape backslash(String text, int from) {
        int most = Math.min(text.length(), from + MAX_BACKSLASHES);
        int at = from;
        while (at < most && text.charAt(at) == '\\') {
            at++;
        }
        if (at == text.length() || text.charAt(at) == '\\') {
            return Escape.NONE;
        }
        int escaped = text.codePointAt(at);
        if (escaped == 'u' && hex(text, at + 1, 4) >= 0) {
            return new Escape(hex(text, at + 1, 4), at + 5);
        }
        boolean space = escaped == 'n' || escaped == 't' || escaped == 'r';
        return new Escape(space ? ' ' : escaped, at + Character.charCount(escaped));
    }

    /** The bytes of one character in UTF-8. */
    private static Escape percent(String text, int from) {
        int lead = hex(text, from + 1, 2);
        int count = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        byte[] bytes = new byte[count];
        for (int i = 0, at = from; i < count; i++, at += 3) {
            int next = at < text.length() && text.charAt(at) == '%' ? hex(text, at + 1, 2) : -1;
            if (next < 0) {
                return Escape.NONE;
            }
            bytes[i] = (byte) next;
        }
        return new Escape(new String(bytes, StandardCharsets.UTF_8).codePointAt(0), from + 3 * count);
    }

    private static Escape entity(String text, int from) {
        int most = Math.min(text.length(), from + MAX_ENTITY_CHARS + 1);
        int end = from + 1;
        while (end < most && text.charAt(end) != ';') {
            end++;
        }
        if (end >= most) {
            return Escape.NONE;
        }
        String name = text.substring(from + 1, end);
        int codePoint = name.startsWith("#x")
                ? hex(text, from + 3, end - from - 3)
                : name.matches("#\\d+") ? Integer.parseInt(name.substring(1)) : ENTITIES.getOrDefault(name, -1);
        return new Escape(codePoint, end + 1);
    }

    /** -1 where there are not so many hexadecimal digits. */
    private static int hex(String text, int from, int digits) {
        if (digits < 1 || from + digits > text.length()) {
            return -1;
        }
        int number = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            number = number * 16 + digit;
        }
        return number;
    }
}
