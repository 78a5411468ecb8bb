package dev.berth.protocol;

/** Cuts text from outside to a maximum length, never within a surrogate pair. */
public final class Truncation {
    private Truncation() {}

    /** At most the first {@code maxChars} characters of {@code text}. */
    public static String cut(String text, int maxChars) {
        return text.length() <= maxChars ? text : text.substring(0, end(text, maxChars));
    }

    /** The same, with {@code …} where something was cut. */
    public static String ellipsis(String text, int maxChars) {
        return text.length() <= maxChars ? text : cut(text, maxChars) + "…";
    }

    /** The first characters of {@code text} that take at most {@code maxBytes} of UTF-8. */
    public static String cutBytes(String text, int maxBytes) {
        int end = 0;
        for (int bytes = 0; end < text.length(); end += Character.charCount(text.codePointAt(end))) {
            bytes += utf8Bytes(text.codePointAt(end));
            if (bytes > maxBytes) {
                return text.substring(0, end);
            }
        }
        return text;
    }

    /** Encoding a lone surrogate gives {@code ?}. */
    private static int utf8Bytes(int character) {
        if (character < 0x80 || character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE) {
            return 1;
        }
        return character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    }

    /** The same as {@link #cut}, with the number of missing characters: {@code … (12 more characters)}. */
    public static String marked(String text, int maxChars) {
        return marked(text, maxChars, 0);
    }

    /** @param missing how many characters had been cut before */
    public static String marked(String text, int maxChars, long missing) {
        if (text.length() <= maxChars && missing == 0) {
            return text;
        }
        int end = text.length() <= maxChars ? text.length() : end(text, maxChars);
        return text.substring(0, end) + "… (" + (text.length() - end + missing) + " more characters)";
    }

    private static int end(String text, int maxChars) {
        boolean splitsPair = maxChars > 0
                && Character.isHighSurrogate(text.charAt(maxChars - 1))
                && Character.isLowSurrogate(text.charAt(maxChars));
        return splitsPair ? maxChars - 1 : maxChars;
    }
}
