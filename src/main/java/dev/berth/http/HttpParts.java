package dev.berth.http;

import dev.berth.http.connection.ConnectionLimit;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.LinkTokens;
import dev.berth.http.request.RequestIds;
import dev.berth.http.request.SessionLinks;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.SessionClient;
import io.vertx.core.Vertx;

/** What routes and sockets have in common: made once for all event loops. */
record HttpParts(
        SessionClient client,
        Authentication authentication,
        LinkTokens tokens,
        SessionLinks links,
        RequestIds requestIds,
        ConnectionLimit connections) {
    static HttpParts of(Vertx vertx, HttpServices services) {
        LinkTokens tokens = new LinkTokens(services.tokenSecret());
        return new HttpParts(
                new SessionClient(vertx).from(ActionSource.REST),
                new Authentication(
                        vertx,
                        services.keys(),
                        services.revocations(),
                        services.config().apiKey()),
                tokens,
                new SessionLinks(
                        services.config().http().publicUrl(),
                        tokens,
                        services.store(),
                        services.config().objectStore().presignSeconds()),
                new RequestIds(),
                new ConnectionLimit(services.config().http().maxConnections()));
    }
}
