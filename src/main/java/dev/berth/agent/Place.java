package dev.berth.agent;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where a page is, in a form that is the same in each run of a task: an order's page has the order's number in its path. */
final class Place {
    private static final Pattern NUMBERED = Pattern.compile("[^/]*\\d[^/]*");

    private Place() {}

    /** The URL's scheme, host, port and path, and its fragment if that is a path too; segments with digits are wildcards. */
    static String of(String url) {
        try {
            // The names of variables stand in braces, which no URL has.
            URI uri = new URI(url.replaceAll("[{}]", "_"));
            String route = Optional.ofNullable(uri.getRawFragment())
                    .filter(fragment -> fragment.startsWith("/") || fragment.startsWith("!"))
                    .map(fragment -> "#" + fragment.replaceFirst("\\?.*", ""))
                    .orElse("");
            String path = Optional.ofNullable(uri.getRawPath()).orElse("") + route;
            return uri.getScheme() + "://" + uri.getRawAuthority()
                    + NUMBERED.matcher(path).replaceAll("*");
        } catch (URISyntaxException e) {
            // Of a data: URL, for example: no place that one could come back to.
            return "";
        }
    }
}
