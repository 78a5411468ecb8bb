package dev.berth.protocol;

import java.nio.charset.StandardCharsets;

/** File names that come from outside: from a page, a client or a model. */
public final class FileName {
    /** File systems allow 255. The rest is for the suffix that Chrome appends while it writes. */
    private static final int MAX_BYTES = 200;

    private static final int MAX_EXTENSION_BYTES = 20;

    private FileName() {}

    /**
     * A name that is valid in any folder: the part after the last {@code /} or <code>\</code>, at most 200 bytes of UTF-8
     * including its extension, with {@code _} for control, format and line-separator characters and lone surrogates.
     */
    public static String of(String given) {
        String last = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
        String clean = strip(last.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "_"));
        String brief = bytes(clean) <= MAX_BYTES ? clean : shorten(clean);
        return brief.chars().allMatch(c -> c == '.') ? "file" : brief;
    }

    private static String shorten(String name) {
        int dot = name.lastIndexOf('.');
        String extension = dot > 0 && bytes(name.substring(dot)) <= MAX_EXTENSION_BYTES ? name.substring(dot) : "";
        String stem = name.substring(0, name.length() - extension.length());
        return strip(Truncation.cutBytes(stem, MAX_BYTES - bytes(extension))) + extension;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** {@link String#strip} keeps non-breaking spaces. */
    private static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (start < end && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }
}
