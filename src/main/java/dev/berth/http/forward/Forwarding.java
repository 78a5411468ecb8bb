package dev.berth.http.forward;

import dev.berth.history.OwnerRepository;
import dev.berth.history.OwnerRepository.Owner;
import dev.berth.http.request.Problem;
import dev.berth.http.request.RequestIds;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeCommand.ClusterNode;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes requests about other nodes' sessions on to them, whole: what a route needs of a session (its Chrome, its logs in memory,
 * files that wait for the object store) is there. A request that was passed on is answered where it arrives. On one event loop.
 */
public final class Forwarding {
    private static final Logger log = LoggerFactory.getLogger(Forwarding.class);
    private static final int CONNECT_MILLIS = 2_000;
    /** A node that was stopped still takes connections. */
    private static final int HANDSHAKE_MILLIS = 3_000;

    private static final int KEEP_ALIVE_SECONDS = 20;
    private static final long LOOK_MILLIS = 1_000;

    private final Neighbours neighbours;
    private final Credentials credentials;
    private final RequestIds requestIds;
    private final HttpClient client;
    private final Set<PassedRequest> underWay = new HashSet<>();

    /** @param maxRequests at the same time: each has a connection of its own */
    public Forwarding(
            Vertx vertx, Neighbours neighbours, Credentials credentials, RequestIds requestIds, int maxRequests) {
        this.neighbours = neighbours;
        this.credentials = credentials;
        this.requestIds = requestIds;
        this.client = vertx.createHttpClient(
                new HttpClientOptions(neighbours.calling())
                        .setConnectTimeout(CONNECT_MILLIS)
                        .setSslHandshakeTimeout(HANDSHAKE_MILLIS)
                        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS),
                new PoolOptions().setHttp1MaxSize(maxRequests).setMaxWaitQueueSize(0));
        vertx.setPeriodic(LOOK_MILLIS, look -> giveUpLost());
    }

    /** @param here answers what this node is to answer; may get the request paused */
    public void answer(HttpServerRequest request, Handler<HttpServerRequest> here) {
        Optional<Subject> subject = Subject.of(request).filter(about -> !isHere(about));
        if (subject.isEmpty()) {
            here.handle(request);
            return;
        }
        // The handler that answers reads the body later: none of it must be lost meanwhile.
        request.pause();
        // A stranger is refused here.
        credentials
                .areGood(request, subject.get())
                .compose(good -> good ? node(subject.get()) : Future.succeededFuture(Optional.empty()))
                .onSuccess(node ->
                        node.ifPresentOrElse(to -> pass(request, subject.get(), to, here), () -> here.handle(request)))
                .onFailure(e -> unfound(request, subject.get(), e, here));
    }

    /**
     * Fails a request for a session where Postgres does not answer: the routes would ask it for the same session, and wait as long again. A
     * task may be on this node.
     */
    private void unfound(HttpServerRequest request, Subject about, Throwable e, Handler<HttpServerRequest> here) {
        log.debug("the node of {} could not be found: {}", about, e.getMessage());
        if (e instanceof BerthException known && known.code().retryable() && !(about instanceof Subject.OfTask)) {
            request.response().putHeader(RequestIds.HEADER, requestIds.of(request));
            refuse(request, known);
            request.resume();
        } else {
            here.handle(request);
        }
    }

    private boolean isHere(Subject about) {
        return about instanceof Subject.OfSession session && neighbours.holds().test(session.id());
    }

    private Future<Optional<ClusterNode>> node(Subject about) {
        if (about instanceof Subject.NewSession) {
            return Future.succeededFuture(
                    neighbours.place().get().filter(to -> !to.machineId().equals(neighbours.machineId())));
        } else if (about instanceof Subject.OfNode node) {
            return Future.succeededFuture(neighbours.other(node.machineId()));
        }
        return owner(about).map(id -> id.flatMap(neighbours::other));
    }

    /** For a session that waits, any node answers. */
    private Future<Optional<String>> owner(Subject about) {
        OwnerRepository owners = neighbours.owners();
        if (about instanceof Subject.OfArtifact artifact) {
            return owners.ofPending(artifact.objectId());
        }
        return (about instanceof Subject.OfSession session
                        ? owners.ofSession(session.id())
                        : owners.ofTask(((Subject.OfTask) about).id()))
                .map(found -> found.filter(owner -> !owner.waits()).map(Owner::machineId));
    }

    private void pass(HttpServerRequest request, Subject about, ClusterNode to, Handler<HttpServerRequest> here) {
        PassedRequest passed = new PassedRequest(request, to, requestIds.of(request));
        underWay.add(passed);
        passed.over().onComplete(over -> underWay.remove(passed));
        // Where the other node is lost, ended sessions can be read here, and new ones made; the routes refuse requests
        // that only that node can answer.
        passed.start(
                client, about instanceof Subject.OfNode ? Optional.empty() : Optional.of(() -> here.handle(request)));
    }

    /** A node that was stopped or cut off closes no connection. */
    private void giveUpLost() {
        for (PassedRequest passed : List.copyOf(underWay)) {
            String id = passed.to().machineId();
            if (neighbours.other(id).isEmpty()) {
                passed.lost();
            } else {
                passed.look(neighbours.linked().test(id));
            }
        }
    }

    /** Ends what is under way, since the server stops. */
    public Future<?> stop() {
        List.copyOf(underWay).forEach(PassedRequest::stop);
        return client.close();
    }

    /** Refuses a request that no router has seen, in the form of the API that it is for. */
    static void refuse(HttpServerRequest request, BerthException why) {
        Subject.form(request)
                .ifPresentOrElse(
                        form -> Problem.refuseAndClose(request, why, form), () -> Problem.refuseAndClose(request, why));
    }

    static BerthException unreachable(ClusterNode node) {
        return new BerthException(
                ErrorCode.NOT_READY,
                "node " + node.machineId() + ", which has to answer this request, is not responding");
    }
}
