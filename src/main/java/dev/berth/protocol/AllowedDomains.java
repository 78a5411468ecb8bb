package dev.berth.protocol;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The hosts that navigations may go to.
 *
 * @param hosts host names, each with its subdomains, or IP addresses; in lower case, without ports. Empty for any host
 */
public record AllowedDomains(List<String> hosts) {
    public static final AllowedDomains ANY = new AllowedDomains(List.of());

    private static final int MAX_HOSTS = 100;
    private static final int MAX_HOST_CHARS = 253;
    private static final Pattern NAME = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");
    private static final Pattern ADDRESS = Pattern.compile("\\d+(\\.\\d+){3}|\\[[0-9a-f:.]+]");

    /** Chrome takes a host whose last part is a number for an address, and writes it with four numbers. */
    private static final Pattern NUMBER = Pattern.compile("(.*\\.)?(\\d+|0x[0-9a-f]*)");

    private static final Pattern SITE = Pattern.compile("(?i)https?:.*", Pattern.DOTALL);
    private static final Pattern NOWHERE = Pattern.compile("(?i)(about|data|blob|javascript):.*", Pattern.DOTALL);

    /** What Java encodes by the rules of 2003, ß as ss, and Chrome by those of 2008, as a letter of its own. */
    static final Pattern AMBIGUOUS = Pattern.compile("[ßẞς\\u200c\\u200d]");

    /** Throws {@link BerthException} where one is no host. */
    public AllowedDomains {
        hosts = Require.elements("allowedDomains", hosts, 0, MAX_HOSTS).stream()
                .map(AllowedDomains::host)
                .toList();
    }

    private static String host(String text) {
        if (AMBIGUOUS.matcher(text).find()) {
            throw BerthException.invalid("allowedDomains: '" + Truncation.ellipsis(text, MAX_HOST_CHARS)
                    + "' means different hosts to different programs; write it in ASCII, as in xn--strae-oqa.de");
        }
        String host = ascii(text.strip().toLowerCase(Locale.ROOT));
        if (host.length() > MAX_HOST_CHARS
                || !isName(host) && !ADDRESS.matcher(host).matches()) {
            throw BerthException.invalid(
                    "allowedDomains must have host names such as example.com, without scheme, port or path, not '"
                            + Truncation.ellipsis(text, MAX_HOST_CHARS) + "'");
        }
        return host;
    }

    private static boolean isName(String host) {
        return NAME.matcher(host).matches() && !NUMBER.matcher(host).matches();
    }

    private static String ascii(String host) {
        try {
            return host.startsWith("[") ? host : IDN.toASCII(host);
        } catch (IllegalArgumentException e) {
            return host;
        }
    }

    /** Whether a navigation may go to this URL. A URL without a host, such as {@code about:blank}, sends nothing anywhere. */
    public boolean allow(String url) {
        return hosts.isEmpty()
                || NOWHERE.matcher(url).matches()
                || SITE.matcher(url).matches() && allowHost(hostOf(url));
    }

    private boolean allowHost(String host) {
        return hosts.stream()
                .anyMatch(each -> host.equals(each) || !ADDRESS.matcher(each).matches() && host.endsWith("." + each));
    }

    /** The host of a URL as Chrome writes it; empty where it has none that can be read. */
    public static String hostOf(String url) {
        try {
            String host = new URI(url.split("[?#]", 2)[0]).getHost();
            return host == null ? authority(url) : withoutDot(host.toLowerCase(Locale.ROOT));
        } catch (URISyntaxException e) {
            return authority(url);
        }
    }

    /** {@link URI} refuses characters that paths and names in Chrome may have. */
    private static String authority(String url) {
        String rest = url.replaceFirst("^[a-zA-Z][a-zA-Z0-9+.-]*://", "");
        String authority = rest.equals(url) ? "" : rest.split("[/?#\\\\]", 2)[0];
        String host = authority.substring(authority.lastIndexOf('@') + 1).replaceFirst(":\\d*$", "");
        return withoutDot(host.toLowerCase(Locale.ROOT));
    }

    /** A name with the root's dot means the same host. */
    private static String withoutDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }
}
