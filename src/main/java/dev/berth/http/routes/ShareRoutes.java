package dev.berth.http.routes;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.berth.access.ShareLink;
import dev.berth.access.ShareLinkRepository;
import dev.berth.access.ShareTokens;
import dev.berth.http.request.Answers.Success;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.request.Validation;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Makes, lists and revokes links to a session: to its live view, or to all that is kept of it. */
public final class ShareRoutes {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration OF_WHOLE_LINKS = Duration.ofDays(7);

    private final SessionAccess access;
    private final ShareLinkRepository links;
    private final SessionLinks urls;

    public ShareRoutes(SessionAccess access, ShareLinkRepository links, SessionLinks urls) {
        this.access = access;
        this.links = links;
        this.urls = urls;
    }

    /**
     * A link as its maker sees it.
     *
     * @param jsonUrl where a link to a whole session has its report; the same for markdownUrl
     */
    public record ShareView(
            String linkId,
            String url,
            boolean interactive,
            boolean whole,
            @JsonInclude(Include.NON_ABSENT) Optional<String> jsonUrl,
            @JsonInclude(Include.NON_ABSENT) Optional<String> markdownUrl,
            Instant createdAt,
            Instant expiresAt) {}

    /** The links of a session. */
    public record ShareViews(List<ShareView> links) {}

    public Future<ShareView> create(RoutingContext ctx) {
        return access.describe(ctx)
                .compose(session -> add(session, link(ctx, session)))
                .map(link -> view(ctx, link));
    }

    /**
     * Makes a link for a client that is no HTTP request.
     *
     * @param base of its URL
     */
    public Future<String> link(String base, long user, long keyId, SessionId id, boolean whole) {
        return access.describe(user, id)
                .compose(session -> add(session, link(session, keyId, !whole, whole, Optional.empty())))
                .map(link -> urls.url(base, link));
    }

    private Future<ShareLink> add(SessionDescription session, ShareLink link) {
        return session.status().terminal() && !link.whole()
                ? Future.failedFuture(session.absence())
                : links.add(link).compose(added -> added ? Future.succeededFuture(link) : full());
    }

    private static ShareLink link(RoutingContext ctx, SessionDescription session) {
        JsonObject body = JsonBody.of(ctx);
        boolean whole = body.getBoolean("whole", false);
        boolean interactive = body.getBoolean("interactive", false);
        if (whole && interactive) {
            throw Validation.invalid("interactive must be false for a link to the whole session, which is read-only");
        }
        return link(
                session, Authentication.key(ctx).keyId(), interactive, whole, Optional.ofNullable(body.getLong("ttl")));
    }

    private static ShareLink link(
            SessionDescription session, long keyId, boolean interactive, boolean whole, Optional<Long> ttl) {
        Instant now = Instant.now();
        Instant expiresAt = ttl.map(now::plusMillis)
                .orElseGet(() ->
                        whole ? now.plus(OF_WHOLE_LINKS) : session.expiresAt().plus(SessionLinks.AFTER_THE_END));
        return new ShareLink(RANDOM.nextLong(), session.sessionId(), keyId, interactive, whole, now, expiresAt);
    }

    private static <T> Future<T> full() {
        return Future.failedFuture(new BerthException(
                ErrorCode.LIMIT_REACHED,
                "a session can have at most " + ShareLinkRepository.MAX_OF_SESSION + " links",
                "DELETE links that you no longer need"));
    }

    public Future<ShareViews> list(RoutingContext ctx) {
        return access.describe(ctx)
                .compose(session -> links.list(session.sessionId(), Instant.now()))
                .map(found -> new ShareViews(
                        found.stream().map(link -> view(ctx, link)).toList()));
    }

    private ShareView view(RoutingContext ctx, ShareLink link) {
        Optional<ShareLink> reported = Optional.of(link).filter(ShareLink::whole);
        return new ShareView(
                ShareTokens.id(link.linkId()),
                urls.url(ctx, link),
                link.interactive(),
                link.whole(),
                reported.map(whole -> urls.reportUrl(ctx, whole, "json")),
                reported.map(whole -> urls.reportUrl(ctx, whole, "markdown")),
                link.createdAt(),
                link.expiresAt());
    }

    public Future<Success> revoke(RoutingContext ctx) {
        Optional<Long> linkId = ShareTokens.id(ctx.pathParam("linkId"));
        return access.describe(ctx)
                .compose(session -> linkId.map(id -> links.remove(session.sessionId(), id))
                        .orElseGet(() -> Future.succeededFuture(false)))
                .compose(removed -> removed
                        ? Future.succeededFuture(new Success(true))
                        : Future.failedFuture(
                                new BerthException(ErrorCode.NOT_FOUND, "the session has no link with this id")));
    }
}
