package dev.berth.browser;

import dev.berth.protocol.AddRoute;
import dev.berth.protocol.RouteEntry;
import io.vertx.core.Future;
import java.util.List;

/** The rules for what a browser requests. Lives on the browser's context. */
public interface BrowserRoutes {
    /** Adds a rule. Completes when it holds for all that is open; throws {@code limit_reached}. */
    Future<RouteEntry> add(AddRoute rule);

    /** Removes a rule. Fails with {@code not_found} if there is no such rule. */
    Future<Void> remove(String routeId);

    /** The rules, in the order in which they are tried. */
    List<RouteEntry> list();
}
