package dev.berth.http.access;

import dev.berth.artifact.ArtifactStore;
import dev.berth.artifact.ArtifactStore.PresignedUrl;
import dev.berth.history.ShareLink;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactState;
import dev.berth.protocol.SessionAccepted;
import dev.berth.protocol.SessionId;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
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

    /** How long the links to a session live on after it must have ended. */
    public static final Duration AFTER_THE_END = Duration.ofHours(1);

    private final Optional<URI> publicUrl;
    private final LinkTokens tokens;
    private final ShareTokens shareTokens;
    private final ArtifactStore store;
    private final int artifactSeconds;

    /** @param artifactSeconds how long a link to an artifact is valid */
    public SessionLinks(Optional<URI> publicUrl, LinkTokens tokens, ArtifactStore store, int artifactSeconds) {
        this.publicUrl = publicUrl;
        this.tokens = tokens;
        this.shareTokens = new ShareTokens(tokens);
        this.store = store;
        this.artifactSeconds = artifactSeconds;
    }

    /** What a token for the CDP socket of a session is valid for. */
    public static String purpose(SessionId id) {
        return "session:" + id;
    }

    /** What a token is valid for that reads a session's events, and nothing else. */
    public static String eventsPurpose(SessionId id) {
        return "events:" + id;
    }

    /** What a token for the live view of a session is valid for. */
    public static String livePurpose(SessionId id) {
        return "live:" + id;
    }

    /** What a token for an artifact is valid for. */
    public static String purpose(String objectId) {
        return "artifact:" + objectId;
    }

    public String connectUrl(RoutingContext ctx, SessionAccepted session) {
        return cdpUrl(ctx.request(), session.sessionId(), token(ctx, session, purpose(session.sessionId())));
    }

    /** A URL with a new token of this key that is valid until {@code expiresAt}. */
    public String cdpUrl(HttpServerRequest request, SessionId id, long keyId, Instant expiresAt) {
        return cdpUrl(request, id, tokens.issue(purpose(id), keyId, expiresAt));
    }

    public String cdpUrl(HttpServerRequest request, SessionId id, String token) {
        return socketBase(request) + "/api/sessions/" + id + "/cdp?token=" + token;
    }

    /** The URL that creates a session for the client that connects, with the query of {@code request}. */
    public String connectUrl(HttpServerRequest request) {
        return socketBase(request) + "/connect" + (request.query() == null ? "" : "?" + request.query());
    }

    private String socketBase(HttpServerRequest request) {
        return base(request).replaceFirst("^http", "ws");
    }

    public String liveUrl(RoutingContext ctx, SessionAccepted session) {
        String token = token(ctx, session, livePurpose(session.sessionId()));
        return liveUrl(ctx, session.sessionId(), token);
    }

    /** Where a browser reads the session's events: its EventSource sends no headers. */
    public String eventsUrl(RoutingContext ctx, SessionAccepted session) {
        String token = token(ctx, session, eventsPurpose(session.sessionId()));
        return base(ctx.request()) + "/api/sessions/" + session.sessionId() + "/events?token=" + token;
    }

    /** The URL of a link that was made for others. */
    public String liveUrl(RoutingContext ctx, ShareLink link) {
        return liveUrl(ctx, link.sessionId(), shareTokens.issue(link));
    }

    private String liveUrl(RoutingContext ctx, SessionId id, String token) {
        return base(ctx.request()) + LIVE + id + "?token=" + token;
    }

    /** Until the session has ended for sure: its holder is told of the end for a while. */
    private String token(RoutingContext ctx, SessionAccepted session, String purpose) {
        long keyId = Authentication.key(ctx).keyId();
        return tokens.issue(purpose, keyId, session.expiresAt().plus(AFTER_THE_END));
    }

    /** A link to the artifact that is valid for a limited time; empty where the artifact can't be read yet. */
    public Optional<PresignedUrl> to(RoutingContext ctx, ArtifactEntry artifact) {
        return to(ctx.request(), Authentication.key(ctx).keyId(), artifact);
    }

    /** The same, for a client that this key let in. */
    public Optional<PresignedUrl> to(HttpServerRequest request, long keyId, ArtifactEntry artifact) {
        return store.isPublic()
                ? presigned(artifact)
                : Optional.of(artifact).filter(ArtifactEntry::readable).map(file -> link(request, keyId, file));
    }

    private Optional<PresignedUrl> presigned(ArtifactEntry artifact) {
        return artifact.state() == ArtifactState.STORED
                ? Optional.of(store.presign(artifact.objectKey()))
                : Optional.empty();
    }

    private PresignedUrl link(HttpServerRequest request, long keyId, ArtifactEntry artifact) {
        Instant expiresAt = Instant.now().plusSeconds(artifactSeconds);
        String token = tokens.issue(purpose(artifact.objectId()), keyId, expiresAt);
        return new PresignedUrl(base(request) + ARTIFACTS + artifact.objectId() + "?token=" + token, expiresAt);
    }

    private String base(HttpServerRequest request) {
        return publicUrl.map(url -> url.toString().replaceFirst("/+$", "")).orElseGet(() -> {
            HostAndPort called = request.authority();
            String local =
                    request.localAddress().host() + ":" + request.localAddress().port();
            // Berth speaks plain HTTP to clients. Where TLS stands before it, public-url says so.
            return "http://" + (called == null ? local : called.toString());
        });
    }
}
