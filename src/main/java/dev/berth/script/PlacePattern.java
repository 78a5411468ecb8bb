package dev.berth.script;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Patterns of URLs: {@code *} stands for a part of a path that the site makes anew each time, and {@code **} for the rest. */
final class PlacePattern {
    private static final Set<String> WEB = Set.of("http", "https");

    private PlacePattern() {}

    /** The scheme, host and port as the URL writes them; empty for a URL of no web server. */
    static Optional<String> site(String url) {
        try {
            URI uri = URI.create(url.replaceFirst("(?s)^([a-z]+://[^/?#]*).*", "$1"));
            boolean web = uri.getRawAuthority() != null && WEB.contains(uri.getScheme());
            return web ? Optional.of(uri.getScheme() + "://" + uri.getRawAuthority()) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The pattern of the URL's path. A query often has codes that hold once. */
    static String of(String url, String site) {
        String rest = url.substring(site.length());
        String path = rest.replaceFirst("(?s)[?#].*", "");
        if (path.length() <= 1) {
            return site + "/" + (rest.length() <= 1 ? "" : "**");
        }
        String pattern =
                Stream.of(path.split("/", -1)).map(PlacePattern::segment).collect(Collectors.joining("/"));
        return site + pattern.replaceFirst("\\*$", "") + "**";
    }

    private static String segment(String segment) {
        boolean madeAnew = segment.matches("\\d+|(?=.*\\d)[\\w-]{12,}");
        return madeAnew ? "*" : segment.replaceAll("[*?{}\\[\\]\\\\()!+@|]+", "*");
    }
}
