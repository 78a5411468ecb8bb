package dev.berth.http.routes;

import dev.berth.http.request.SessionLinks;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.verbs.ArtifactLinks;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Links to artifacts, for the client that made the request. */
public record FileLinks(SessionLinks links, RoutingContext ctx) implements ArtifactLinks {
    @Override
    public Optional<Link> to(ArtifactEntry artifact) {
        return links.to(ctx, artifact).map(url -> new Link(url.url(), url.expiresAt()));
    }
}
