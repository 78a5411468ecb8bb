package dev.berth.http.routes;

import dev.berth.history.ShareLink;
import dev.berth.history.ShareLinkRepository;
import dev.berth.http.access.Authentication;
import dev.berth.http.access.SessionAccess;
import dev.berth.http.access.SessionLinks;
import dev.berth.http.access.ShareTokens;
import dev.berth.http.request.Answers;
import dev.berth.http.validation.Body;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Makes, lists and revokes links to a session's live view. */
public final class ShareRoutes {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SessionAccess access;
    private final ShareLinkRepository links;
    private final SessionLinks urls;

    public ShareRoutes(SessionAccess access, ShareLinkRepository links, SessionLinks urls) {
        this.access = access;
        this.links = links;
        this.urls = urls;
    }

    /** A link as its maker sees it. */
    public record View(String linkId, String url, boolean interactive, Instant createdAt, Instant expiresAt) {}

    /** The links of a session. */
    public record Views(List<View> links) {}

    /** The response to {@code DELETE}. */
    public record Revoked(boolean success) {}

    public void create(RoutingContext ctx) {
        Answers.call(this::make, ctx)
                .onSuccess(made -> Answers.send(ctx, 201, made))
                .onFailure(ctx::fail);
    }

    private Future<View> make(RoutingContext ctx) {
        return access.describe(ctx).compose(session -> {
            if (session.status().terminal()) {
                return Future.failedFuture(session.absence());
            }
            ShareLink link = link(ctx, session);
            return links.add(link).compose(added -> added ? Future.succeededFuture(view(ctx, link)) : full());
        });
    }

    private static ShareLink link(RoutingContext ctx, SessionDescription session) {
        JsonObject body = Body.of(ctx);
        Instant now = Instant.now();
        Instant expiresAt = Optional.ofNullable(body.getLong("ttl"))
                .map(now::plusMillis)
                .orElseGet(() -> session.expiresAt().plus(SessionLinks.AFTER_THE_END));
        return new ShareLink(
                RANDOM.nextLong(),
                session.sessionId(),
                Authentication.key(ctx).keyId(),
                body.getBoolean("interactive", false),
                now,
                expiresAt);
    }

    private static <T> Future<T> full() {
        return Future.failedFuture(new BerthException(
                ErrorCode.LIMIT_REACHED,
                "a session may have at most " + ShareLinkRepository.MAX_OF_SESSION + " links",
                "DELETE links that are no longer needed"));
    }

    public Future<Views> list(RoutingContext ctx) {
        return access.describe(ctx)
                .compose(session -> links.list(session.sessionId(), Instant.now()))
                .map(found ->
                        new Views(found.stream().map(link -> view(ctx, link)).toList()));
    }

    private View view(RoutingContext ctx, ShareLink link) {
        return new View(
                ShareTokens.id(link.linkId()),
                urls.liveUrl(ctx, link),
                link.interactive(),
                link.createdAt(),
                link.expiresAt());
    }

    public Future<Revoked> revoke(RoutingContext ctx) {
        Optional<Long> linkId = ShareTokens.id(ctx.pathParam("linkId"));
        return access.describe(ctx)
                .compose(session -> linkId.map(id -> links.remove(session.sessionId(), id))
                        .orElseGet(() -> Future.succeededFuture(false)))
                .compose(removed -> removed
                        ? Future.succeededFuture(new Revoked(true))
                        : Future.failedFuture(new BerthException(ErrorCode.NOT_FOUND, "the session has no such link")));
    }
}
