package dev.berth.protocol;

import java.nio.charset.StandardCharsets;

/** Names of files that somebody else chose: a page, a client, a model. */
public final class FileName {
    /** File systems take 255; there is room for what Chrome puts behind a name while it writes. */
    private static final int MAX_BYTES = 200;

    private static final int MAX_EXTENSION_BYTES = 20;

    private FileName() {}

    /**
     * The name, as a file in any folder may have it: what follows the last {@code /} or <code>\</code>, at most 200 bytes of UTF-8
     * with its extension, and {@code _} in place of control, format and line-separator characters, lone surrogates too.
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

    /** {@link String#strip} leaves the spaces that do not break a line. */
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
