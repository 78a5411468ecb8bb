package dev.berth.protocol;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A user name and password that a session's Chrome sends where a server of this origin asks for them (HTTP authentication). Throws
 * {@link BerthException} where they are invalid.
 *
 * @param origin scheme, host and port, such as {@code https://staging.example.com}; is made canonical
 */
public record HttpCredentials(String origin, String username, String password) {
    static final String REDACTED = "redacted";

    private static final int MAX_CHARS = 1_000;
    private static final Pattern ORIGIN = Pattern.compile(
            "(https?)://(\\[[0-9a-f:.]+\\]|[^\\s/?#@\\\\*:\\[\\]]+)(?::(\\d{1,5}))?/?", Pattern.CASE_INSENSITIVE);

    public HttpCredentials {
        origin = canonical(Require.present("options.httpCredentials.origin", origin));
        Require.text("options.httpCredentials.username", username, 1, MAX_CHARS);
        Require.text("options.httpCredentials.password", password, 0, MAX_CHARS);
        Require.noNul("options.httpCredentials.username", username);
        Require.noNul("options.httpCredentials.password", password);
    }

    /** A host that is ambiguous might arm the password for another host than Chrome goes to. */
    private static String canonical(String origin) {
        Matcher parts = ORIGIN.matcher(origin);
        if (origin.length() > MAX_CHARS || !parts.matches() || HostText.isAmbiguous(origin)) {
            throw invalidOrigin();
        }
        String scheme = parts.group(1).toLowerCase(Locale.ROOT);
        String port = scheme.equals("http") ? "80" : "443";
        boolean usual = parts.group(3) == null || parts.group(3).equals(port);
        return scheme + "://" + ascii(parts.group(2)) + (usual ? "" : ":" + parts.group(3));
    }

    private static String ascii(String host) {
        try {
            return IDN.toASCII(host).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw invalidOrigin();
        }
    }

    private static BerthException invalidOrigin() {
        return BerthException.invalid(
                "options.httpCredentials.origin must be a scheme, a host and a port, such as https://example.com:8443;"
                        + " write a host with ß or ς in ASCII, as in xn--strae-oqa.de");
    }

    /** The same without what is secret. */
    HttpCredentials redacted() {
        return new HttpCredentials(origin, REDACTED, REDACTED);
    }

    /** {@code toString} of a record would show them. */
    @Override
    public String toString() {
        return "HttpCredentials[" + origin + "]";
    }
}
