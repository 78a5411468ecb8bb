package dev.berth.agent;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where a page is, in a form that is the same in each run of a task: an order's page has the order's number in its path. */
final class PagePlace {
    /** A page chooses its URL. */
    private static final int MAX_CHARS = 2_000;

    private static final Pattern DIGIT = Pattern.compile("\\d");

    private PagePlace() {}

    /**
     * The URL's scheme, host, port and path, and its fragment if that is a path too; segments with digits are wildcards. Empty where
     * one could not come back to it.
     */
    static String of(String url) {
        if (url.length() > MAX_CHARS) {
            return "";
        }
        try {
            // The names of variables stand in braces, which no URL has.
            URI uri = new URI(url.replaceAll("[{}]", "_"));
            String route = Optional.ofNullable(uri.getRawFragment())
                    .filter(fragment -> fragment.startsWith("/") || fragment.startsWith("!"))
                    .map(fragment -> "#" + fragment.split("\\?", 2)[0])
                    .orElse("");
            String path = Optional.ofNullable(uri.getRawPath()).orElse("") + route;
            return uri.getScheme() + "://" + uri.getRawAuthority()
                    + Stream.of(path.split("/", -1)).map(PagePlace::unnumbered).collect(Collectors.joining("/"));
        } catch (URISyntaxException e) {
            // Of a data: URL, for example.
            return "";
        }
    }

    private static String unnumbered(String segment) {
        return DIGIT.matcher(segment).find() ? "*" : segment;
    }
}
