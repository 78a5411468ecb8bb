package dev.berth.http.request;

import dev.berth.history.ShareLink;
import dev.berth.history.ShareLinkRepository;
import dev.berth.history.ShareLinkRepository.Found;
import dev.berth.http.request.ShareTokens.Named;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Lets in who comes by a link that was made for others, and ends what is sent there once the link is revoked or expires. Postgres is
 * asked once each time, so that a revoked link lets nobody in on any node. For any event loop.
 */
public final class LinkAccess {
    private static final String LINK = "berth.share-link";

    private final ShareTokens tokens;
    private final ShareLinkRepository links;
    private final LinkEnds ends;

    public LinkAccess(LinkTokens tokens, ShareLinkRepository links, LinkEnds ends) {
        this.tokens = new ShareTokens(tokens);
        this.links = links;
        this.ends = ends;
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
                .compose(found -> found.map(Future::succeededFuture).orElseGet(LinkAccess::refused));
    }

    private static <T> Future<T> refused() {
        return Future.failedFuture(
                new BerthException(ErrorCode.UNAUTHENTICATED, "the link is not valid: it has expired, or was revoked"));
    }

    /** See {@link LinkEnds#hold}. */
    public Runnable hold(ShareLink link, Consumer<String> end) {
        return ends.hold(link, end);
    }

    /** Notes that a request came by this link. */
    public void admit(RoutingContext ctx, ShareLink link) {
        ctx.put(LINK, link);
    }

    /** The same for a request whose answer takes a while. What is still being sent when the link ends is cut off. */
    public void admitTransfer(RoutingContext ctx, ShareLink link) {
        admit(ctx, link);
        ends.cutOff(ctx, link);
    }

    /** The link by which a request came; empty where it came otherwise. */
    public static Optional<ShareLink> of(RoutingContext ctx) {
        return Optional.ofNullable(ctx.get(LINK));
    }
}
