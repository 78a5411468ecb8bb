package dev.berth.http;

import dev.berth.access.KeySockets;
import dev.berth.access.LinkTokens;
import dev.berth.access.Revocations;
import dev.berth.access.ShareLinkRepository;
import dev.berth.config.ServerConfig;
import dev.berth.http.browserless.Launch;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.ContractParameters;
import dev.berth.http.request.LinkAccess;
import dev.berth.http.request.OptionsReader;
import dev.berth.http.request.QueryParameters;
import dev.berth.http.request.RequestIds;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.sockets.OriginRule;
import dev.berth.http.sockets.SharedSessions;
import dev.berth.http.sockets.SocketPlaces;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.SessionClient;
import dev.berth.story.LiveStories;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * The parts that routes and sockets share. Made once for all event loops.
 *
 * @param keySockets of the clients that came by keys, and by tokens of keys
 * @param sharedLinks the links that were made for others
 */
record HttpParts(
        Contract contract,
        SessionClient client,
        Authentication authentication,
        LinkTokens tokens,
        SessionLinks links,
        OriginRule origins,
        RequestIds requestIds,
        Semaphore connections,
        SocketPlaces places,
        KeySockets keySockets,
        SharedSessions sharedSessions,
        LiveStories liveStories,
        ShareLinkRepository shareLinks,
        LinkAccess sharedLinks) {
    static HttpParts of(Vertx vertx, HttpServices services, Contract contract) {
        ShareLinkRepository links =
                new ShareLinkRepository(services.repositories().database());
        Revocations ofKeys = Revocations.ofKeys(vertx, services.notifications(), services.keys());
        Revocations ofLinks = Revocations.ofLinks(vertx, services.notifications(), links);
        Authentication authentication = new Authentication(
                services.keys(),
                ofKeys,
                services.config().apiKey(),
                () -> services.cluster()
                        .neighbours()
                        .map(cluster -> cluster.nodes().living().size())
                        .orElse(1));
        KeySockets keySockets = new KeySockets(authentication::validUntil);
        KeySockets linkSockets = new KeySockets(id ->
                links.findIds(List.of(id)).map(found -> found.stream().findAny().map(there -> Instant.MAX)));
        ofKeys.listen(keySockets);
        ofLinks.listen(linkSockets);
        authentication.upkeep().begin(vertx, keySockets);
        ofKeys.reviewRegularly();
        ofLinks.reviewRegularly();
        int maxConnections = services.config().http().maxConnections();
        LinkTokens tokens = new LinkTokens(services.tokenSecret());
        return new HttpParts(
                contract,
                new SessionClient(vertx).at(services.machineId()).here().from(ActionSource.REST),
                authentication,
                tokens,
                new SessionLinks(
                        services.config().http(),
                        tokens,
                        services.store(),
                        services.config().objectStore().presignSeconds()),
                new OriginRule(
                        services.config().http().publicUrl(),
                        services.config().http().corsOrigins()),
                new RequestIds(),
                new Semaphore(maxConnections),
                new SocketPlaces(maxConnections),
                keySockets,
                new SharedSessions(new OptionsReader(services.config()).read(new QueryParameters(Map.of()))),
                new LiveStories(vertx, new SessionClient(vertx).here()),
                links,
                new LinkAccess(vertx, tokens, links, linkSockets::opened));
    }

    /** What this server allows clients of Browserless. */
    static Launch.Limits launchLimits(ServerConfig config) {
        return new Launch.Limits(
                config.sessions().maxLifetimeMillis(),
                config.egress().blockList().isPresent());
    }

    /** Reads the parameters of an operation of the contract. */
    ContractParameters parameters(String operationId) {
        return new ContractParameters(contract.parsed().operation(operationId));
    }
}
