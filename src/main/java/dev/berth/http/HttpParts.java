package dev.berth.http;

import dev.berth.feed.LiveStories;
import dev.berth.history.Revocations;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.LinkAccess;
import dev.berth.http.request.LinkTokens;
import dev.berth.http.request.RequestIds;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.sockets.KeySockets;
import dev.berth.http.sockets.SocketPlaces;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.SessionClient;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.Semaphore;

/** What routes and sockets share. Made once for all event loops. */
record HttpParts(
        SessionClient client,
        Authentication authentication,
        LinkTokens tokens,
        SessionLinks links,
        RequestIds requestIds,
        Semaphore connections,
        SocketPlaces places,
        KeySockets keySockets,
        LiveStories liveStories,
        LinkAccess sharedLinks) {
    static HttpParts of(Vertx vertx, HttpServices services) {
        Authentication authentication = new Authentication(
                services.keys(), services.keyRevocations(), services.config().apiKey());
        services.keyRevocations().reviewRegularly();
        services.linkRevocations().reviewRegularly();
        int maxConnections = services.config().http().maxConnections();
        LinkTokens tokens = new LinkTokens(services.tokenSecret());
        return new HttpParts(
                new SessionClient(vertx).at(services.machineId()).here().from(ActionSource.REST),
                authentication,
                tokens,
                new SessionLinks(
                        services.config().http().publicUrl(),
                        tokens,
                        services.store(),
                        services.config().objectStore().presignSeconds()),
                new RequestIds(),
                new Semaphore(maxConnections),
                new SocketPlaces(maxConnections),
                told(services.keyRevocations(), new KeySockets(authentication::exists)),
                new LiveStories(vertx, new SessionClient(vertx).here()),
                new LinkAccess(vertx, tokens, services.shareLinks(), linkSockets(services)::opened));
    }

    /** Clients that came by links. */
    private static KeySockets linkSockets(HttpServices services) {
        return told(
                services.linkRevocations(),
                new KeySockets(id -> services.shareLinks().findIds(List.of(id)).map(found -> !found.isEmpty())));
    }

    private static KeySockets told(Revocations revocations, KeySockets sockets) {
        revocations.listen(sockets);
        return sockets;
    }
}
