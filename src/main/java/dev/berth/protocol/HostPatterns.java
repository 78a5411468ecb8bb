package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hosts by pattern. {@code example.com} is that host only, {@code *.example.com} all hosts below it but not itself, {@code *} any host;
 * an IP address, IPv6 in brackets, is that address. Each may end with a port: {@code example.com:8443}, {@code *:443}.
 *
 * @param patterns as {@link #of} makes them: in lower case and ASCII, addresses as Java writes them. That takes a microsecond or more
 *     for each, so it is done once, when they are read
 */
public record HostPatterns(@JsonValue List<String> patterns) {
    public static final HostPatterns NONE = new HostPatterns(List.of());

    private static final int MAX_PATTERNS = 500;
    private static final int MAX_CHARS = HostText.MAX_CHARS + "*.:65535".length();
    private static final int MAX_PORT = 65_535;
    private static final Pattern PARTS = Pattern.compile("(\\*\\.)?(\\[[^\\]]*]|[^:\\[]*)(?::(\\d{1,5}))?");

    public HostPatterns {
        patterns = List.copyOf(patterns);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static HostPatterns of(List<String> patterns) {
        return of("", patterns);
    }

    /**
     * Throws {@link BerthException} where one is no pattern.
     *
     * @param field what a refusal names
     */
    public static HostPatterns of(String field, List<String> patterns) {
        return new HostPatterns(canonical(field, patterns));
    }

    private static List<String> canonical(String field, List<String> patterns) {
        return Require.elements(field, patterns, 0, MAX_PATTERNS).stream()
                .map(pattern -> canonical(field, pattern))
                .toList();
    }

    private static String canonical(String field, String pattern) {
        Matcher parts = PARTS.matcher(pattern.strip());
        if (pattern.length() > MAX_CHARS || !parts.matches()) {
            throw invalid(field, pattern);
        } else if (HostText.isAmbiguous(pattern)) {
            throw BerthException.invalid(field + ": '" + pattern
                    + "' means different hosts to different programs; write it in ASCII, as in xn--strae-oqa.de");
        }
        boolean below = parts.group(1) != null;
        String host = parts.group(2).equals("*") && !below
                ? "*"
                : HostText.canonical(parts.group(2))
                        .filter(each -> !below || !HostText.isAddress(each))
                        .orElseThrow(() -> invalid(field, pattern));
        return (below ? "*." : "") + host + (parts.group(3) == null ? "" : ":" + port(field, parts.group(3)));
    }

    private static int port(String field, String digits) {
        int port = Integer.parseInt(digits);
        Require.within(field + ": a port", port, 1, MAX_PORT);
        return port;
    }

    private static BerthException invalid(String field, String pattern) {
        return BerthException.invalid(
                field + " must have hosts such as example.com, *.example.com, 192.0.2.1, [2001:db8::1] or *,"
                        + " optionally with a port, without scheme and path, not '"
                        + Truncation.ellipsis(pattern, MAX_CHARS) + "'");
    }

    public boolean isEmpty() {
        return patterns.isEmpty();
    }

    /** @param host a name, or an address as Java writes it, with or without brackets */
    public boolean matches(String host, int port) {
        String name = HostText.ofConnection(host);
        String withPort = name + ":" + port;
        return patterns.stream().anyMatch(pattern -> covers(pattern, name) || covers(pattern, withPort));
    }

    private static boolean covers(String pattern, String host) {
        return pattern.startsWith("*")
                ? host.length() > pattern.length() - 1
                        && host.regionMatches(host.length() - pattern.length() + 1, pattern, 1, pattern.length() - 1)
                : pattern.equals(host);
    }
}
