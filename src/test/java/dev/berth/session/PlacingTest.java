package dev.berth.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.RecordCodec;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlacingTest {
    private final Vertx vertx = Vertx.vertx();

    @BeforeEach
    void start() {
        RecordCodec.registerAll(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static final SessionServices.Node NODE =
            new SessionServices.Node("here", Future::succeededFuture, () -> Optional.of("db"), () -> Optional.of("db"));

    /** @param first whether the other node is asked first */
    private ErrorCode code(boolean first, ErrorCode there, ErrorCode here) throws Exception {
        var other = vertx.eventBus().consumer(Addresses.node("db"), asked -> asked.fail(there.number(), "no"));
        Placing placing = new Placing(vertx, NODE);
        CreateSession request = CreateSession.ofDefaults();
        Supplier<Future<SessionAccepted>> make = () -> Future.failedFuture(new BerthException(here, "no"));
        Future<SessionAccepted> placed = first
                ? placing.place(request, ActionSource.REST, make)
                : placing.placeHere(request, ActionSource.REST, make);
        return placed.<ErrorCode>transform(done -> Future.succeededFuture(((BerthException) done.cause()).code()))
                .eventually(other::unregister)
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    /** It claimed the session, and refused it all the same: its row is in the way until it is taken back. */
    @Test
    void whatTheRefusingNodeClaimedIsNoConflictOfTheClient() throws Exception {
        assertThat(code(true, ErrorCode.NOT_READY, ErrorCode.CONFLICT)).isEqualTo(ErrorCode.NOT_READY);
        assertThat(code(false, ErrorCode.CONFLICT, ErrorCode.NOT_READY)).isEqualTo(ErrorCode.NOT_READY);
        assertThat(code(true, ErrorCode.NOT_READY, ErrorCode.LIMIT_REACHED)).isEqualTo(ErrorCode.LIMIT_REACHED);
        assertThat(code(true, ErrorCode.CONFLICT, ErrorCode.CAPACITY)).isEqualTo(ErrorCode.CONFLICT);
    }
}
