package dev.berth.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What nodes ask one another about themselves, on an address of each, {@code berth.peer.<machineId>}. Thread-safe. */
public final class PeerBus implements Peers {
    private static final Logger log = LoggerFactory.getLogger(PeerBus.class);
    private static final long ANSWER_MILLIS = 2_000;
    /** Less, so that the failure of the call back is told. */
    private static final long CALL_BACK_MILLIS = 1_000;

    private static final String ADDRESS = "berth.peer.";
    private static final String POSTGRES = "postgres";
    private static final String CALL_BACK = "call-back";
    private static final String PING = "ping";
    private static final String FROM = "from";
    private static final int FAILED = 1;

    private final Vertx vertx;
    private final String machineId;
    private final Optional<Cluster> cluster;
    /** Who has not registered yet judges nobody for as long as somebody who does not reach Postgres. */
    private volatile Function<String, Future<Long>> reachesPostgres = asker -> Future.succeededFuture(0L);

    private volatile MessageConsumer<String> consumer;

    private PeerBus(Vertx vertx, String machineId, Optional<Cluster> cluster) {
        this.vertx = vertx;
        this.machineId = machineId;
        this.cluster = cluster;
    }

    /**
     * Completes once the other nodes can ask this one.
     *
     * @param cluster empty where the Vertx is clustered by its owner: who is linked is not known then
     */
    public static Future<PeerBus> start(Vertx vertx, String machineId, Optional<Cluster> cluster) {
        PeerBus bus = new PeerBus(vertx, machineId, cluster);
        return bus.listen().map(bus);
    }

    private Future<Void> listen() {
        consumer = vertx.eventBus().consumer(address(machineId), this::answer);
        return consumer.completion();
    }

    /** Listens anew, so that the cluster's registration of it is made anew. */
    Future<Void> listenAnew() {
        return close().transform(closed -> listen());
    }

    public Future<Void> close() {
        return consumer.unregister();
    }

    @Override
    public void tellOfPostgres(Function<String, Future<Long>> millis) {
        reachesPostgres = millis;
    }

    @Override
    public Set<String> linked() {
        return cluster.stream()
                .flatMap(known -> known.heardBelow(ADDRESS).stream())
                .filter(id -> !id.equals(machineId))
                .collect(Collectors.toSet());
    }

    @Override
    public Future<Long> reachesPostgres(String other) {
        return ask(other, POSTGRES, ANSWER_MILLIS);
    }

    /** Whether a node reaches this one: it is asked to call back. Fails also where it can't be asked. */
    Future<Void> isHeardBy(String other) {
        return ask(other, CALL_BACK, ANSWER_MILLIS).mapEmpty();
    }

    private Future<Long> ask(String other, String question, long millis) {
        DeliveryOptions options = new DeliveryOptions().setSendTimeout(millis).addHeader(FROM, machineId);
        return vertx.eventBus().<Long>request(address(other), question, options).map(Message::body);
    }

    private void answer(Message<String> question) {
        answerTo(question).onSuccess(question::reply).onFailure(e -> {
            log.debug("{} was not answered: {}", question.body(), e.toString());
            question.fail(FAILED, e.getMessage());
        });
    }

    private Future<Long> answerTo(Message<String> question) {
        return switch (question.body()) {
            case POSTGRES ->
                reachesPostgres.apply(
                        Optional.ofNullable(question.headers().get(FROM)).orElse(""));
            // Another node: of one's own address, the bus would not ask the cluster.
            case CALL_BACK -> ask(question.headers().get(FROM), PING, CALL_BACK_MILLIS);
            case PING -> Future.succeededFuture(0L);
            default -> Future.failedFuture("this node does not know the question " + question.body());
        };
    }

    private static String address(String machineId) {
        return ADDRESS + machineId;
    }
}
