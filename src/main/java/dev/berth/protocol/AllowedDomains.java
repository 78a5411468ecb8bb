package dev.berth.protocol;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The hosts that an AI task may go to: {@code allowedDomains} of the task. The hosts of a session are {@link HostPatterns}.
 *
 * @param hosts host names, each with its subdomains, or IP addresses; in lower case, without ports. Empty for any host
 */
public record AllowedDomains(List<String> hosts) {
    public static final AllowedDomains ANY = new AllowedDomains(List.of());

    private static final int MAX_HOSTS = 100;
    private static final Pattern SITE = Pattern.compile("(?i)https?:.*", Pattern.DOTALL);
    private static final Pattern NOWHERE = Pattern.compile("(?i)(about|data|blob|javascript):.*", Pattern.DOTALL);

    /** Throws {@link BerthException} where one is no host. */
    public AllowedDomains {
        hosts = Require.elements("allowedDomains", hosts, 0, MAX_HOSTS).stream()
                .map(AllowedDomains::host)
                .toList();
    }

    private static String host(String text) {
        if (HostText.isAmbiguous(text)) {
            throw BerthException.invalid("allowedDomains: '" + Truncation.ellipsis(text, HostText.MAX_CHARS)
                    + "' means different hosts to different programs; write it in ASCII, as in xn--strae-oqa.de");
        }
        return HostText.canonical(text)
                .orElseThrow(() -> BerthException.invalid(
                        "allowedDomains must have host names such as example.com, without scheme, port or path, not '"
                                + Truncation.ellipsis(text, HostText.MAX_CHARS) + "'"));
    }

    /** These hosts and all below them, as patterns for connections; empty where any host is allowed. */
    public Optional<HostPatterns> patterns() {
        return Optional.of(hosts)
                .filter(all -> !all.isEmpty())
                .map(all -> new HostPatterns(all.stream()
                        .flatMap(host -> HostText.isAddress(host) ? Stream.of(host) : Stream.of(host, "*." + host))
                        .toList()));
    }

    /** Whether a navigation may go to this URL. A URL without a host, such as {@code about:blank}, sends nothing anywhere. */
    public boolean allow(String url) {
        return hosts.isEmpty()
                || NOWHERE.matcher(url).matches()
                || SITE.matcher(url).matches() && allowHost(hostOf(url));
    }

    private boolean allowHost(String host) {
        return hosts.stream()
                .anyMatch(each -> host.equals(each) || !HostText.isAddress(each) && host.endsWith("." + each));
    }

    /** The host of a URL as Chrome writes it; empty where it has none that can be read. */
    public static String hostOf(String url) {
        try {
            String host = new URI(url.split("[?#]", 2)[0]).getHost();
            return host == null ? authority(url) : HostText.ofConnection(host);
        } catch (URISyntaxException e) {
            return authority(url);
        }
    }

    /** {@link URI} refuses characters that paths and names in Chrome may have. */
    private static String authority(String url) {
        String rest = url.replaceFirst("^[a-zA-Z][a-zA-Z0-9+.-]*://", "");
        String authority = rest.equals(url) ? "" : rest.split("[/?#\\\\]", 2)[0];
        String host = authority.substring(authority.lastIndexOf('@') + 1).replaceFirst(":\\d*$", "");
        return HostText.ofConnection(host);
    }
}
