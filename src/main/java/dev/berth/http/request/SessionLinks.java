package dev.berth.http.request;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.berth.access.LinkTokens;
import dev.berth.access.ShareLink;
import dev.berth.access.ShareTokens;
import dev.berth.artifact.ArtifactStore;
import dev.berth.config.HttpConfig;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.ShownJson.Link;
import dev.berth.protocol.ShownJson.Links;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The URLs at which a client reaches a session's sockets and files: under the public URL, or under the host that the client
 * used.
 */
public final class SessionLinks {
    /** The path of artifacts. */
    public static final String ARTIFACTS = "/artifacts/";

    /** The path of the pages that show sessions. */
    public static final String LIVE = "/live/";

    /** The path of the files of DevTools, as in a Chrome with a debugging port. */
    public static final String DEVTOOLS = "/devtools/";

    /** The path of the dashboard's pages of sessions. */
    private static final String PAGES = "/ui/session/";

    /** How long the links to a session live on after it must have ended. */
    public static final Duration AFTER_THE_END = Duration.ofHours(1);

    /** Time for a client to use a URL that creates a session. */
    private static final Duration BEFORE_THE_START = Duration.ofMinutes(10);

    private static final String OFFERED = "berth.links";
    private static final int MAX_SIGNED = 10_000;

    private final Optional<String> publicUrl;
    private final String scheme;
    private final LinkTokens tokens;
    private final ShareTokens shareTokens;
    private final ArtifactStore store;
    private final int artifactSeconds;
    /** The tokens of live sessions stay the same, and clients poll for them: to sign one takes 15 us. */
    private final Cache<Signed, String> signed = Caffeine.newBuilder()
            .maximumSize(MAX_SIGNED)
            .executor(Runnable::run)
            .build();

    private record Signed(String purpose, long keyId, Instant expiresAt) {}

    /** @param artifactSeconds how long a link to an artifact is valid */
    public SessionLinks(HttpConfig http, LinkTokens tokens, ArtifactStore store, int artifactSeconds) {
        this.scheme = http.scheme();
        this.publicUrl = http.publicUrl().map(url -> url.toString().replaceFirst("/+$", ""));
        this.tokens = tokens;
        this.shareTokens = new ShareTokens(tokens);
        this.store = store;
        this.artifactSeconds = artifactSeconds;
    }

    /** The purpose of a token for the CDP socket of a session. */
    public static String purpose(SessionId id) {
        return "session:" + id;
    }

    /** The purpose of a token that creates a session, and reaches it once it is there. */
    public static String connectPurpose(SessionId id) {
        return "connect:" + id;
    }

    /** The purpose of a token that reads a session's events, and nothing else. */
    public static String eventsPurpose(SessionId id) {
        return "events:" + id;
    }

    /** The purpose of a token for the live view of a session. */
    public static String livePurpose(SessionId id) {
        return "live:" + id;
    }

    /** The purpose of a token for an artifact. */
    public static String purpose(String objectId) {
        return "artifact:" + objectId;
    }

    /**
     * The URLs of a session's CDP socket and of the page that shows it, for whom a key let in.
     *
     * @param base the {@link #base} that the client used
     */
    public SocketUrls urls(String base, long keyId, SessionId id, Instant expiresAt) {
        return new SocketUrls(
                cdpUrl(base, id, token(keyId, purpose(id), expiresAt)),
                liveUrl(base, id, token(keyId, livePurpose(id), expiresAt)));
    }

    public record SocketUrls(String connectUrl, String liveUrl) {}

    /**
     * The URL of a session's CDP socket.
     *
     * @param expiresAt of the session
     */
    public String cdpUrl(HttpServerRequest request, SessionId id, long keyId, Instant expiresAt) {
        return cdpUrl(base(request), id, token(keyId, purpose(id), expiresAt));
    }

    /** The same for the socket of a page. */
    public String pageUrl(HttpServerRequest request, SessionId id, String pageId, long keyId, Instant expiresAt) {
        return socketBase(base(request)) + "/api/sessions/" + id + "/cdp" + CdpAddress.PAGE + pageId + "?token="
                + token(keyId, purpose(id), expiresAt);
    }

    /**
     * The URL of DevTools for a page.
     *
     * @param pageUrl of {@link #pageUrl}
     */
    public String devToolsUrl(HttpServerRequest request, String pageUrl) {
        String[] socket = pageUrl.split("://", 2);
        return base(request) + DEVTOOLS + "inspector.html?" + socket[0] + "="
                + URLEncoder.encode(socket[1], StandardCharsets.UTF_8);
    }

    private static String cdpUrl(String base, SessionId id, String token) {
        return socketBase(base) + "/api/sessions/" + id + "/cdp?token=" + token;
    }

    /** The URL that creates a session for the client that connects, with the query of {@code request}. */
    public String connectUrl(HttpServerRequest request, CdpAddress address) {
        return socketBase(base(request)) + address.maker(request) + CdpAddress.query(request);
    }

    /**
     * The URL that creates this very session, or leads to it once it is there: for clients whose key must not be repeated.
     *
     * @param id of no session yet
     */
    public String connectUrl(HttpServerRequest request, CdpAddress address, SessionId id, long keyId) {
        String query = CdpAddress.query(request);
        String token = tokens.issue(connectPurpose(id), keyId, Instant.now().plus(BEFORE_THE_START));
        return socketBase(base(request)) + address.maker(request) + (query.isEmpty() ? "?" : query + "&") + "session="
                + id + "&token=" + token;
    }

    private static String socketBase(String base) {
        return "ws" + base.substring("http".length());
    }

    /** The URL by which a browser reads the session's events: its EventSource sends no headers. */
    public String eventsUrl(RoutingContext ctx, SessionAccepted session) {
        String token = token(Authentication.key(ctx).keyId(), eventsPurpose(session.sessionId()), session.expiresAt());
        return base(ctx.request()) + "/api/sessions/" + session.sessionId() + "/events?token=" + token;
    }

    /** The URL of a link that was made for others: of the page that shows the whole session, or its live view. */
    public String url(RoutingContext ctx, ShareLink link) {
        return url(base(ctx.request()), link);
    }

    public String url(String base, ShareLink link) {
        String token = shareTokens.issue(link);
        return link.whole()
                ? base + PAGES + link.sessionId() + "?token=" + token
                : liveUrl(base, link.sessionId(), token);
    }

    /** The URL by which the holder of a link to a whole session reads the session's report. */
    public String reportUrl(RoutingContext ctx, ShareLink link, String format) {
        return base(ctx.request()) + "/api/sessions/" + link.sessionId() + "/report?format=" + format + "&token="
                + shareTokens.issue(link);
    }

    private static String liveUrl(String base, SessionId id, String token) {
        return base + LIVE + id + "?token=" + token;
    }

    /** The id of a session for clients of WebDriver: with a token, as a client proves itself by the id alone. */
    public String driverId(long keyId, SessionId id, Instant expiresAt) {
        return id.value() + "." + token(keyId, purpose(id), expiresAt);
    }

    /**
     * The URL of a socket of a WebDriver session.
     *
     * @param driverId of {@link #driverId}
     * @param path below the session
     */
    public String driverSocketUrl(HttpServerRequest request, String driverId, String path) {
        return socketBase(base(request)) + "/session/" + driverId + path;
    }

    /** A token that is valid until the session has ended for sure: its holder is told of the end for a while. */
    private String token(long keyId, String purpose, Instant sessionExpiresAt) {
        return signed.get(
                new Signed(purpose, keyId, sessionExpiresAt.plus(AFTER_THE_END)),
                token -> tokens.issue(token.purpose(), token.keyId(), token.expiresAt()));
    }

    /** The links of the client that made a request, for {@link Answers}. */
    static Links offered(RoutingContext ctx) {
        Links links = ctx.get(OFFERED);
        return links == null ? Links.NONE : links;
    }

    /** A handler that has {@link Answers} link artifacts. */
    public Handler<RoutingContext> offer() {
        return ctx -> {
            ctx.put(OFFERED, of(ctx));
            ctx.next();
        };
    }

    /** Links to artifacts, for the client that made the request. */
    public Links of(RoutingContext ctx) {
        return artifact -> to(ctx, artifact);
    }

    /** A link to the artifact that is valid for a limited time; empty where the artifact can't be read yet. */
    public Optional<Link> to(RoutingContext ctx, ArtifactEntry artifact) {
        return LinkAccess.of(ctx)
                .map(link -> to(ctx.request(), link, artifact))
                .orElseGet(() -> to(ctx.request(), Authentication.key(ctx).keyId(), artifact));
    }

    /**
     * The same, for a client that came by a link that was made for others: it ends with that link. So it leads to Berth always: a
     * presigned URL of the object store could not be revoked.
     */
    public Optional<Link> to(HttpServerRequest request, ShareLink link, ArtifactEntry artifact) {
        Instant inAWhile = Instant.now().plusSeconds(artifactSeconds);
        Instant expiresAt = inAWhile.isBefore(link.expiresAt()) ? inAWhile : link.expiresAt();
        return Optional.of(artifact)
                .filter(ArtifactEntry::readable)
                .map(file -> link(request, file, shareTokens.issue(link, file.objectId(), expiresAt), expiresAt));
    }

    /** The same, for a client that this key let in. */
    public Optional<Link> to(HttpServerRequest request, long keyId, ArtifactEntry artifact) {
        return store.isPublic()
                ? presigned(artifact)
                : Optional.of(artifact).filter(ArtifactEntry::readable).map(file -> link(request, keyId, file));
    }

    private Optional<Link> presigned(ArtifactEntry artifact) {
        return artifact.state() == ArtifactState.STORED
                ? Optional.of(store.presign(artifact.objectKey()))
                : Optional.empty();
    }

    private Link link(HttpServerRequest request, long keyId, ArtifactEntry artifact) {
        Instant expiresAt = Instant.now().plusSeconds(artifactSeconds);
        return link(request, artifact, tokens.issue(purpose(artifact.objectId()), keyId, expiresAt), expiresAt);
    }

    private Link link(HttpServerRequest request, ArtifactEntry artifact, String token, Instant expiresAt) {
        return new Link(base(request) + ARTIFACTS + artifact.objectId() + "?token=" + token, expiresAt);
    }

    /** The URL of this server for the client: the public URL, or the host that the client called. Ends without a slash. */
    public String base(HttpServerRequest request) {
        return publicUrl.orElseGet(() -> {
            HostAndPort called = request.authority();
            String local =
                    request.localAddress().host() + ":" + request.localAddress().port();
            // By the setting, not by the connection, which may be that of the node that passed the request on. Where a
            // proxy
            // speaks TLS, public-url says so.
            return scheme + "://" + (called == null ? local : called.toString());
        });
    }
}
