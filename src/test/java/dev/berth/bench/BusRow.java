package dev.berth.bench;

import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionId;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What a consumer in the same JVM gets. */
final class BusRow implements Measurement {
    private static final String ECHO = "bench.echo";
    private static final int IN_FLIGHT = 32;
    private static final int ROUNDS = 5;
    private static final long SAMPLE_MILLIS = 1_000;

    @Override
    public List<Row> run(Rig rig) throws Exception {
        Vertx vertx = rig.warm.vertx;
        Api.Session session = rig.warm.api.create(new JsonObject()).join();
        MessageConsumer<String> echo = vertx.eventBus().consumer(ECHO, message -> message.reply(message.body()));
        Rig.await(echo.completion());
        SessionClient client = new SessionClient(vertx);
        SessionId id = new SessionId(session.id());
        Context context = Throughput.loop(vertx);
        try {
            Pair pair = Pair.interleave(
                    ROUNDS,
                    () -> Throughput.perSecond(
                            context, IN_FLIGHT, SAMPLE_MILLIS, lane -> client.ask(id, new DescribeSession())),
                    () -> Throughput.perSecond(
                            context,
                            IN_FLIGHT,
                            SAMPLE_MILLIS,
                            lane -> vertx.eventBus().request(ECHO, "x")));
            return List.of(new Row(
                    "DescribeSession in the same JVM",
                    "requests/s",
                    pair,
                    Budget.NONE,
                    "SessionClient.ask with " + IN_FLIGHT
                            + " under way, against requests of the same bus that a local consumer" + " echoes."));
        } finally {
            Rig.await(echo.unregister());
            session.delete().join();
        }
    }
}
