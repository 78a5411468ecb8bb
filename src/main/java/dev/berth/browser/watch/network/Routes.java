package dev.berth.browser.watch.network;

import dev.berth.protocol.AddRoute;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.RouteEntry;
import dev.berth.protocol.RouteEntry.AppliedRoute;
import dev.berth.protocol.RouteEntry.ResourceType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules of one session for its requests, in the order in which they are tried. Pure. */
final class Routes {
    static final int MAX_RULES = 30;
    /** Limit for the patterns of a session together: an event loop compares each request's URL with all of them. */
    static final int MAX_PATTERN_CHARS = 4_000;

    /** Limit for all mocked bodies of a session together: bytes. */
    static final long MAX_BODY_BYTES = 1 << 20;

    private static final Set<ResourceType> OF_SCRIPTS = EnumSet.of(ResourceType.XHR, ResourceType.FETCH);

    private final List<Route> routes = new ArrayList<>();
    private int made;

    /** A rule in force. */
    static final class Route {
        private final String id;
        private final AddRoute rule;
        private final UrlPattern pattern;
        private final Set<String> types;
        private long used;

        private Route(String id, AddRoute rule) {
            this.id = id;
            this.rule = rule;
            this.pattern = new UrlPattern(rule.url());
            this.types = cdpTypes(rule.types());
        }

        private static Set<String> cdpTypes(List<ResourceType> types) {
            Set<ResourceType> all = EnumSet.noneOf(ResourceType.class);
            all.addAll(types);
            if (types.stream().anyMatch(OF_SCRIPTS::contains)) {
                all.addAll(OF_SCRIPTS);
            }
            return all.stream().map(ResourceType::cdpName).collect(Collectors.toSet());
        }

        AddRoute rule() {
            return rule;
        }

        AppliedRoute applied() {
            return new AppliedRoute(id, rule.action());
        }

        RouteEntry entry() {
            return RouteEntry.of(id, rule, used);
        }

        private boolean matches(String url, String method, String type) {
            return (rule.methods().isEmpty() || rule.methods().contains(method))
                    && (types.isEmpty() || types.contains(type))
                    && pattern.matches(url);
        }

        private boolean isSpent() {
            return rule.times().filter(times -> used >= times).isPresent();
        }
    }

    boolean isEmpty() {
        return routes.isEmpty();
    }

    Route add(AddRoute rule) {
        long bytes = routes.stream().mapToLong(route -> route.rule.bodySize()).sum() + rule.bodySize();
        if (routes.size() >= MAX_RULES) {
            throw full("a session can have at most " + MAX_RULES + " routes");
        } else if (bytes > MAX_BODY_BYTES) {
            throw full("the bodies of a session's routes can have at most " + MAX_BODY_BYTES + " bytes in total");
        }
        if (routes.stream().mapToLong(each -> each.rule.patternChars()).sum() + rule.patternChars()
                > MAX_PATTERN_CHARS) {
            throw full("the URL patterns of a session's routes can have at most " + MAX_PATTERN_CHARS
                    + " characters in total, with each alternative in braces written out");
        }
        Route route = new Route("route-" + ++made, rule);
        routes.add(route);
        return route;
    }

    private static BerthException full(String why) {
        return new BerthException(ErrorCode.LIMIT_REACHED, why, "DELETE routes that you no longer need");
    }

    /** Whether there was one. */
    boolean remove(String routeId) {
        return routes.removeIf(route -> route.id.equals(routeId));
    }

    List<RouteEntry> list() {
        return routes.stream().map(Route::entry).toList();
    }

    /** @param type by CDP's name */
    Optional<Route> find(String url, String method, String type) {
        return routes.stream().filter(route -> route.matches(url, method, type)).findFirst();
    }

    /** A request for which the rule holds. Returns whether it is gone with that. */
    boolean use(Route route) {
        route.used++;
        return route.isSpent() && routes.remove(route);
    }

    /** The requests that Chrome has to hold until the rules were asked: patterns of {@code Fetch.enable}. */
    JsonArray patterns() {
        JsonArray patterns = new JsonArray();
        for (Route route : routes) {
            JsonObject pattern = new JsonObject().put("urlPattern", UrlPattern.forChrome(route.rule.url()));
            if (route.types.isEmpty()) {
                patterns.add(pattern);
            }
            route.types.forEach(type -> patterns.add(pattern.copy().put("resourceType", type)));
        }
        return patterns;
    }
}
