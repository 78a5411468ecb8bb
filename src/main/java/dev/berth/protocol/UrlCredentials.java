package dev.berth.protocol;

import java.util.List;

/**
 * Removes user names and passwords from URLs, and from URLs within a text: nothing that is kept or shown has any. Takes linear
 * time.
 */
public final class UrlCredentials {
    private static final String REDACTED = "redacted@";
    private static final String END_OF_AUTHORITY = "/\\?#\"'<>`";

    private static final List<String> WEB = List.of("http", "https", "ws", "wss", "ftp");

    private UrlCredentials() {}

    public static String redact(String text) {
        int last = text.lastIndexOf('@');
        if (last < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int copied = 0;
        for (int colon = text.indexOf(':'); colon >= 0 && colon < last; colon = text.indexOf(':', colon + 1)) {
            int start = authority(text, colon);
            int end = end(text, start);
            int at = start < 0 ? -1 : text.substring(start, end).lastIndexOf('@');
            if (at >= 0) {
                out.append(text, copied, start).append(REDACTED);
                copied = start + at + 1;
            }
            colon = Math.max(colon, end - 1);
        }
        return copied == 0 ? text : out.append(text, copied, text.length()).toString();
    }

    /**
     * The start of the authority after the colon of a scheme; -1 where there is no URL. For web schemes Chrome accepts any
     * number of slashes, even none.
     */
    private static int authority(String text, int colon) {
        if (colon == 0 || !isScheme(text.charAt(colon - 1))) {
            return -1;
        }
        if (WEB.stream().noneMatch(scheme -> endsWith(text, colon, scheme))) {
            return text.startsWith("//", colon + 1) ? colon + 3 : -1;
        }
        int start = colon + 1;
        while (start < text.length() && (text.charAt(start) == '/' || text.charAt(start) == '\\')) {
            start++;
        }
        return start;
    }

    private static boolean endsWith(String text, int end, String scheme) {
        return text.regionMatches(true, end - scheme.length(), scheme, 0, scheme.length());
    }

    private static boolean isScheme(char c) {
        return c < 128 && (Character.isLetterOrDigit(c) || c == '+' || c == '-' || c == '.');
    }

    private static int end(String text, int start) {
        if (start < 0) {
            return 0;
        }
        int end = start;
        while (end < text.length() && text.charAt(end) > ' ' && END_OF_AUTHORITY.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }
}
