package dev.berth.http.routes;

import dev.berth.access.ApiKey;
import dev.berth.history.ActionRepository;
import dev.berth.history.ArtifactRepository;
import dev.berth.history.SessionListing;
import dev.berth.http.request.AdminReads;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.LinkAccess;
import dev.berth.http.request.QueryParameters;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.routes.SessionView.Reader;
import dev.berth.limits.CountLimit;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.SessionCommand.CheckHealth;
import dev.berth.protocol.SessionCommand.ReadActions;
import dev.berth.protocol.SessionCommand.ReadArtifacts;
import dev.berth.protocol.SessionCommand.ReadPages;
import dev.berth.protocol.SessionCommand.ReadRoutes;
import dev.berth.protocol.SessionLabels.Outcome;
import dev.berth.protocol.SessionReply.ActionSlice;
import dev.berth.protocol.SessionReply.HealthReport;
import dev.berth.protocol.SessionReply.PageList;
import dev.berth.protocol.SessionReply.RouteList;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.SessionStatus.Health;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Lists and describes sessions, and reads their actions, artifacts and health. */
public final class SessionRoutes {
    private static final int DEFAULT_SESSIONS = 30;
    private static final int DEFAULT_ACTIONS = 100;

    private final SessionAccess access;
    private final SessionListing listing;
    private final ActionRepository actions;
    private final ArtifactRepository artifacts;
    private final SessionLinks links;
    private final CountLimit<Long> searches;

    /** @param searches counts those of each user that look through all of the user's sessions */
    public SessionRoutes(
            SessionAccess access,
            SessionListing listing,
            ActionRepository actions,
            ArtifactRepository artifacts,
            SessionLinks links,
            CountLimit<Long> searches) {
        this.access = access;
        this.listing = listing;
        this.searches = searches;
        this.actions = actions;
        this.artifacts = artifacts;
        this.links = links;
    }

    /** A part of the list of sessions. */
    public record Sessions(List<?> sessions, long total, boolean hasMore) {}

    public Future<Sessions> list(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx);
        Reader reader = reader(ctx);
        return page(new SessionListing.Query(
                        Authentication.user(ctx),
                        query.flag("includeTerminated"),
                        query.text("status").flatMap(SessionStatus::parse),
                        Set.of(),
                        query.text("outcome").map(name -> ProtocolJson.constant(Outcome.class, name)),
                        query.metadata(),
                        query.text("q"),
                        query.limit(DEFAULT_SESSIONS),
                        query.offset()))
                .map(page -> new Sessions(
                        page.sessions().stream()
                                .map(row -> reader.view(
                                        row,
                                        Optional.ofNullable(page.positions().get(row.sessionId()))))
                                .toList(),
                        page.total(),
                        page.hasMore()));
    }

    private Future<SessionListing.Page> page(SessionListing.Query query) {
        return query.part().isEmpty()
                ? listing.list(query)
                : searches.during(query.userId(), () -> listing.list(query));
    }

    /** How a client that has a key sees sessions. */
    Reader reader(RoutingContext ctx) {
        ApiKey key = Authentication.key(ctx);
        return new Reader(links, links.base(ctx.request()), key.keyId(), key.acts());
    }

    public Future<?> get(RoutingContext ctx) {
        boolean byLink = LinkAccess.of(ctx).isPresent();
        return access.describe(ctx)
                .map(session -> byLink || AdminReads.isForeign(ctx)
                        ? SessionView.bare(session)
                        : reader(ctx).view(session));
    }

    /** A part of the action log. */
    public record Actions(List<ActionEntry> actions, long total) {}

    public Future<Actions> actions(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx);
        ReadActions read = new ReadActions(query.offset(), query.limit(DEFAULT_ACTIONS));
        return access.ask(
                        ctx,
                        read,
                        page -> page.complete() ? Future.succeededFuture(page) : page(ctx, read),
                        ended -> page(ctx, read))
                .map(page -> new Actions(page.actions(), page.total()));
    }

    private Future<ActionSlice> page(RoutingContext ctx, ReadActions read) {
        return actions.page(SessionAccess.id(ctx), read.offset(), read.limit());
    }

    /** A list of artifacts. */
    public record Artifacts(List<ArtifactEntry> artifacts) {}

    public Future<Artifacts> artifacts(RoutingContext ctx) {
        return access.ask(
                        ctx,
                        new ReadArtifacts(),
                        live -> live.complete()
                                ? Future.succeededFuture(live.artifacts())
                                : artifacts.list(SessionAccess.id(ctx)),
                        ended -> artifacts.list(ended.sessionId()))
                .map(Artifacts::new);
    }

    public Future<RouteList> routes(RoutingContext ctx) {
        return access.askLive(ctx, new ReadRoutes());
    }

    public Future<PageList> pages(RoutingContext ctx) {
        return access.askLive(ctx, new ReadPages());
    }

    public Future<HealthReport> health(RoutingContext ctx) {
        return access.ask(
                ctx, new CheckHealth(), Future::succeededFuture, ended -> Future.succeededFuture(over(ended)));
    }

    private static HealthReport over(SessionDescription session) {
        String why = session.endReason().map(EndReason::wireName).orElse("its node does not answer");
        return new HealthReport(
                Health.UNHEALTHY,
                session.status(),
                false,
                session.currentUrl(),
                session.duration(),
                Optional.of("the session is over: " + why));
    }
}
