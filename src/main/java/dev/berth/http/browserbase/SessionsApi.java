package dev.berth.http.browserbase;

import dev.berth.access.LinkTokens;
import dev.berth.config.SessionsConfig;
import dev.berth.history.SessionListing;
import dev.berth.http.request.Answers;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.GivenFields;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.request.SessionLinks.SocketUrls;
import dev.berth.http.request.SessionRequest;
import dev.berth.http.request.Validation;
import dev.berth.http.routes.CreateRoute;
import dev.berth.http.routes.DeleteRoute;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.PageOutcome.PageEntry;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.ReadPages;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** {@code /v1/sessions}: creates, lists, describes and releases sessions, and gives their live views. For any event loop. */
public final class SessionsApi {
    private static final int MAX_LISTED = 100;

    private final CreateRoute create;
    private final DeleteRoute delete;
    private final SessionRequest requests;
    private final SessionAccess access;
    private final SessionClient client;
    private final SessionListing listing;
    private final SessionLinks links;
    private final LinkTokens tokens;
    private final SessionsConfig limits;
    private final boolean blocksAds;

    /** @param blocksAds whether this server has a list of hosts to block */
    public SessionsApi(
            CreateRoute create,
            DeleteRoute delete,
            SessionRequest requests,
            SessionAccess access,
            SessionClient client,
            SessionListing listing,
            SessionLinks links,
            LinkTokens tokens,
            SessionsConfig limits,
            boolean blocksAds) {
        this.create = create;
        this.delete = delete;
        this.requests = requests;
        this.access = access;
        this.client = client;
        this.listing = listing;
        this.links = links;
        this.tokens = tokens;
        this.limits = limits;
        this.blocksAds = blocksAds;
    }

    Future<ShownSession> create(RoutingContext ctx) {
        GivenSession given = GivenSession.of(JsonBody.of(ctx), limits, blocksAds);
        return Answers.call(asked -> create.running(asked, command(asked, given)), ctx)
                .recover(e -> Future.failedFuture(GivenSession.renamed(e)))
                .compose(made -> access.describe(Authentication.user(ctx), made.sessionId()))
                .compose(session -> session.endReason().isPresent()
                        ? Future.failedFuture(session.absence())
                        : given.ignored()
                                .tell(client.as(Authentication.user(ctx)), session.sessionId())
                                .map(told -> shown(ctx, session)));
    }

    private CreateSession command(RoutingContext ctx, GivenSession given) {
        return requests.read(ctx, given.body(), Optional.empty(), tokens.idempotency(ctx.request(), given.body()));
    }

    private ShownSession shown(RoutingContext ctx, SessionDescription session) {
        return ShownSession.of(
                Authentication.key(ctx),
                session,
                Optional.of(session)
                        .filter(live -> live.endReason().isEmpty()
                                && Authentication.key(ctx).acts())
                        .map(live -> urls(ctx, live)));
    }

    private SocketUrls urls(RoutingContext ctx, SessionDescription session) {
        return links.urls(
                links.base(ctx.request()), Authentication.key(ctx).keyId(), session.sessionId(), session.expiresAt());
    }

    /** The newest sessions, at most {@value #MAX_LISTED}. */
    Future<List<ShownSession>> list(RoutingContext ctx) {
        GivenFilter filter = GivenFilter.of(ctx.queryParam("status"), ctx.queryParam("q"));
        return listing.list(filter.query(Authentication.user(ctx), MAX_LISTED))
                .map(page -> page.sessions().stream()
                        .map(session -> ShownSession.of(Authentication.key(ctx), session))
                        .toList());
    }

    Future<ShownSession> retrieve(RoutingContext ctx) {
        return access.describe(ctx).map(session -> shown(ctx, session));
    }

    Future<ShownSession> update(RoutingContext ctx) {
        GivenFields fields = new GivenFields("", JsonBody.of(ctx));
        if (!fields.required("status", fields::text).equals("REQUEST_RELEASE")) {
            throw fields.wrong("status", "REQUEST_RELEASE, which ends the session; nothing else can be changed");
        }
        return delete.end(ctx).compose(ended -> retrieve(ctx));
    }

    /** The live views. Berth's page shows the whole session, so that all pages have one URL. */
    record LiveUrls(String debuggerUrl, String debuggerFullscreenUrl, String wsUrl, List<LivePage> pages) {}

    record LivePage(
            String id, String title, String url, String faviconUrl, String debuggerUrl, String debuggerFullscreenUrl) {
        static LivePage of(PageEntry page, String liveUrl) {
            return new LivePage(page.pageId(), page.title(), page.url(), "", liveUrl, liveUrl);
        }
    }

    Future<LiveUrls> debug(RoutingContext ctx) {
        if (!ctx.queryParam("expiresIn").isEmpty()) {
            throw Validation.invalid("expiresIn: live views end with their session; leave it out, or make a link that"
                    + " ends earlier with POST /api/sessions/" + SessionAccess.id(ctx) + "/share");
        }
        return access.describe(ctx)
                .compose(session -> access.askLive(ctx, new ReadPages()).map(open -> {
                    SocketUrls urls = urls(ctx, session);
                    return new LiveUrls(
                            urls.liveUrl(),
                            urls.liveUrl(),
                            Authentication.key(ctx).acts() ? urls.connectUrl() : "",
                            open.pages().stream()
                                    .map(page -> LivePage.of(page, urls.liveUrl()))
                                    .toList());
                }));
    }
}
