package dev.berth.http;

import dev.berth.history.ShareLinkRepository;
import dev.berth.http.access.Authentication;
import dev.berth.http.access.KeyReview;
import dev.berth.http.access.LinkAccess;
import dev.berth.http.access.LinkEnds;
import dev.berth.http.access.LinkTokens;
import dev.berth.http.access.SessionLinks;
import dev.berth.http.request.RequestIds;
import dev.berth.http.sockets.KeySockets;
import dev.berth.http.sockets.SocketPlaces;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.SessionClient;
import dev.berth.story.LiveStories;
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
    private static final long REVIEW_REST_MILLIS = 1_000;

    static HttpParts of(Vertx vertx, HttpServices services) {
        Authentication authentication = new Authentication(
                vertx,
                services.keys(),
                services.revocations(),
                services.config().apiKey());
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
                keySockets(vertx, services, authentication),
                new LiveStories(vertx, new SessionClient(vertx).here()),
                new LinkAccess(
                        tokens, services.shareLinks(), new LinkEnds(vertx, linkSockets(vertx, services)::opened)));
    }

    /** Clients that came by links. */
    private static KeySockets linkSockets(Vertx vertx, HttpServices services) {
        ShareLinkRepository links = services.shareLinks();
        return new KeySockets(
                        id -> links.findIds(List.of(id)).map(found -> !found.isEmpty()),
                        (held, gone) -> new KeyReview(
                                links::findIds,
                                held,
                                id -> false,
                                gone,
                                again -> vertx.setTimer(REVIEW_REST_MILLIS, rested -> again.run())))
                .listen(vertx, services.revocations()::listenForLinks);
    }

    private static KeySockets keySockets(Vertx vertx, HttpServices services, Authentication authentication) {
        return new KeySockets(authentication::exists, (held, gone) -> authentication.review(vertx, held, gone))
                .listen(vertx, services.revocations()::listen);
    }
}
