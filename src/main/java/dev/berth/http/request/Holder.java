package dev.berth.http.request;

import dev.berth.history.ShareLink;
import io.vertx.ext.web.RoutingContext;

/**
 * The number of who has a place or a turn of which there are few: a user, or all links together that were made with an API key, however
 * many they are. So who comes by a link takes no place from its owner. The numbers of users and keys are positive.
 */
public final class Holder {
    private Holder() {}

    /** Of a request: the link by which it came, or else the user. */
    public static long of(RoutingContext ctx) {
        return LinkAccess.of(ctx).map(Holder::of).orElseGet(() -> Authentication.user(ctx));
    }

    public static long of(ShareLink link) {
        return Long.MIN_VALUE + link.keyId();
    }
}
