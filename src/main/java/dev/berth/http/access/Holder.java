package dev.berth.http.access;

import dev.berth.history.ShareLink;
import io.vertx.ext.web.RoutingContext;

/**
 * Who has a place of which there are few: a key, its user, or a link that was made for others. So who comes by a link takes no place from
 * its owner.
 *
 * @param id of the key, the user or the link
 */
public record Holder(long id, boolean byLink) {
    public static Holder of(ShareLink link) {
        return new Holder(link.linkId(), true);
    }

    /** Of a request: the link by which it came, or else the user. */
    public static Holder of(RoutingContext ctx) {
        return LinkAccess.of(ctx).map(Holder::of).orElseGet(() -> new Holder(Authentication.user(ctx), false));
    }

    /**
     * Whose turn it is that this request waits for where readers take turns: the user's, or the one that all links of a key have together,
     * however many they are. The numbers of users are positive.
     */
    public static long turns(RoutingContext ctx) {
        return LinkAccess.of(ctx).map(link -> Long.MIN_VALUE + link.keyId()).orElseGet(() -> Authentication.user(ctx));
    }
}
