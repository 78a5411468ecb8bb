package dev.berth.http.request;

import dev.berth.access.LinkTokens;
import dev.berth.access.ShareLink;
import dev.berth.access.ShareLinkRepository;
import dev.berth.access.ShareLinkRepository.Found;
import dev.berth.access.ShareTokens;
import dev.berth.access.ShareTokens.Named;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Lets clients in by links that were made for others, and cuts off what is sent to them once the link is revoked or expires. Asks
 * Postgres at each request, so that a revoked link lets nobody in on any node. For any event loop.
 */
public final class LinkAccess {
    private static final String LINK = "berth.share-link";

    private final ShareTokens tokens;
    private final ShareLinkRepository links;
    private final Vertx vertx;
    private final BiFunction<Long, Runnable, Runnable> onRevoked;

    /**
     * @param onRevoked takes what is to be run, on any thread, when a link of this id is revoked, or is not there any more; gives what is to
     * be run when this is over
     */
    public LinkAccess(
            Vertx vertx, LinkTokens tokens, ShareLinkRepository links, BiFunction<Long, Runnable, Runnable> onRevoked) {
        this.vertx = vertx;
        this.tokens = new ShareTokens(tokens);
        this.links = links;
        this.onRevoked = onRevoked;
    }

    /**
     * The link to a session that a token is of; fails where that is not valid.
     *
     * @param token for which {@link ShareTokens#isOne} is true
     */
    public Future<Found> enter(Optional<SessionId> session, String token) {
        return find(
                session.flatMap(id -> tokens.verify(id, token, Instant.now())),
                named -> links.find(session.orElseThrow(), named.linkId()));
    }

    /** The link with which a token for an artifact ends; fails where one of them is not valid. */
    public Future<Found> enterArtifact(String objectId, String token) {
        return find(tokens.verify(objectId, token, Instant.now()), named -> links.find(named.linkId()));
    }

    private static Future<Found> find(Optional<Named> named, Function<Named, Future<Optional<Found>>> find) {
        return CallersContext.bring(named.map(find).orElseGet(() -> Future.succeededFuture(Optional.empty())))
                .map(found -> found.orElseThrow(() -> new BerthException(
                        ErrorCode.UNAUTHENTICATED, "the link is not valid: it has expired, or was revoked")));
    }

    /**
     * Calls back when the link is revoked or expires.
     *
     * @param end is told why, on the current context
     * @return to be run when there is nothing to end any more
     */
    public Runnable hold(ShareLink link, Consumer<String> end) {
        Context context = vertx.getOrCreateContext();
        Runnable forget = onRevoked.apply(
                link.linkId(), () -> context.runOnContext(ignored -> end.accept("the link was revoked")));
        long left =
                Math.max(1, Duration.between(Instant.now(), link.expiresAt()).toMillis());
        long timer = vertx.setTimer(left, ignored -> end.accept("the link has expired"));
        return () -> {
            forget.run();
            vertx.cancelTimer(timer);
        };
    }

    /** Notes that a request came by this link. */
    public void admit(RoutingContext ctx, ShareLink link) {
        ctx.put(LINK, link);
    }

    /** The same for a request whose answer takes a while. An answer that is still being sent when the link ends is cut off. */
    public void admitTransfer(RoutingContext ctx, ShareLink link) {
        admit(ctx, link);
        // The end of a request whose client has left is told no more.
        if (!ctx.response().closed()) {
            Runnable release = hold(link, why -> Connections.cut(ctx.request()));
            ctx.addEndHandler(over -> release.run());
        }
    }

    /**
     * The number of who has a place or a turn of which there are few: a user, or all links together that were made with an API key, so that
     * visitors by links take no place from the owner. Numbers of users and keys are positive.
     */
    public static long holder(RoutingContext ctx) {
        return of(ctx).map(LinkAccess::holder).orElseGet(() -> Authentication.user(ctx));
    }

    public static long holder(ShareLink link) {
        return Long.MIN_VALUE + link.keyId();
    }

    /** The link by which a request came; empty where it came otherwise. */
    public static Optional<ShareLink> of(RoutingContext ctx) {
        return Optional.ofNullable(ctx.get(LINK));
    }
}
