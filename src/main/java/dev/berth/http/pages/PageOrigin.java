package dev.berth.http.pages;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where browsers reach this server, for the {@code Content-Security-Policy} of its pages. A policy names hosts: as the browser sent its
 * own, and as the operator has set the public URL, because a proxy may replace either.
 *
 * @param base where the client reaches this server
 * @param isSet whether the operator has set the public URL
 */
public record PageOrigin(Function<HttpServerRequest, String> base, boolean isSet) {
    private static final String SDK = "/sdk/";
    /** What a policy can name; it can't name IPv6 addresses. */
    private static final String PLACE = "[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?";

    /**
     * The sources of scripts: a page's own path, and the client for JavaScript, since other paths have files of users. All of the origin's
     * where the operator has not told the public URL, as a proxy may have put a path before it.
     *
     * @param path such as {@code /ui/}
     */
    public String scripts(RoutingContext ctx, String path) {
        List<String> places = places(ctx);
        return isSet && places.stream().allMatch(place -> place.matches(PLACE))
                ? places.stream().map(place -> place + path + ' ' + place + SDK).collect(Collectors.joining(" "))
                : "'self'";
    }

    /** The sources of WebSockets: not every browser takes {@code 'self'} for these, too. */
    String sockets(RoutingContext ctx) {
        return places(ctx).stream()
                .map(place -> place.replaceFirst("/.*", ""))
                .distinct()
                .filter(host -> host.matches("[A-Za-z0-9.:\\[\\]-]+"))
                .map(host -> "ws://" + host + " wss://" + host)
                .collect(Collectors.joining(" "));
    }

    private List<String> places(RoutingContext ctx) {
        String told = base.apply(ctx.request()).replaceFirst("^https?://", "");
        return Stream.of(String.valueOf(ctx.request().authority()), told)
                .distinct()
                .toList();
    }
}
