package dev.berth.cluster;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.history.OwnDatabase;
import dev.berth.history.node.NodeRepository;
import dev.berth.history.node.NodeRepository.Applicant;
import dev.berth.it.Berth;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.NodeCommand.ClusterNode;
import dev.berth.protocol.NodeCommand.NodeStatus;
import dev.berth.protocol.RecordCodec;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Tuple;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Two nodes on one bus and a real Postgres. */
@Execution(ExecutionMode.CONCURRENT)
class HeartbeatIT {
    private static final long SHORT_MILLIS = 50;

    @TempDir
    Path dataDir;

    private OwnDatabase postgres;
    private final BlockingQueue<List<InetSocketAddress>> toldToA = new LinkedBlockingQueue<>();
    private final Promise<Void> lostA = Promise.promise();
    private final Promise<Void> lostB = Promise.promise();
    private Heartbeat a;
    private Heartbeat b;
    private boolean bIsClosed;

    @BeforeEach
    void join() throws Exception {
        postgres = new OwnDatabase(dataDir);
        RecordCodec.registerAll(postgres.vertx);
        a = await(Heartbeat.join(postgres.vertx, postgres.uri(), "da", process("a"), 1, toldToA::add, lostA::complete));
        b = await(Heartbeat.join(postgres.vertx, postgres.uri(), "db", process("b"), 1, told -> {}, lostB::complete));
    }

    @AfterAll
    static void forgive() {
        Berth.forgive("this process is no longer the node d");
    }

    @AfterEach
    void close() throws Exception {
        await(a.close());
        if (!bIsClosed) {
            await(b.close());
        }
        postgres.close();
    }

    private static Applicant process(String place) {
        return new Applicant(place, "127.0.0.1", 7_802, 7_800, "1.0");
    }

    private static Future<NodeStatus> status(String machineId) {
        return Future.succeededFuture(new NodeStatus(machineId, 8, 0, 0, 0, 0, 0, "Chrome/1", true, false));
    }

    private long epoch(String machineId) throws Exception {
        return await(new NodeRepository(postgres.database, machineId).find())
                .orElseThrow()
                .epoch();
    }

    @Test
    void nodesKnowEachOtherOnceTheyHoldSessions() throws Exception {
        assertThat(a.living()).isEmpty();
        await(Future.all(a.hold(() -> status("da")), b.hold(() -> status("db"))));
        assertThat(a.living()).extracting(ClusterNode::machineId).containsExactly("da", "db");
        assertThat(b.living()).extracting(ClusterNode::machineId).containsExactly("da", "db");
        List<InetSocketAddress> told = toldToA.poll(30, TimeUnit.SECONDS);
        while (told != null && told.isEmpty()) {
            told = toldToA.poll(30, TimeUnit.SECONDS);
        }
        assertThat(told).containsExactly(InetSocketAddress.createUnresolved("127.0.0.1", 7_800));
        await(b.release());
        assertThat(await(a.all())).filteredOn(row -> !row.present()).hasSize(1);
        assertThat(lostB.future().isComplete()).isFalse();
    }

    @Test
    void aNodeFindsThatItsEpochIsGoneAndAnswersForNothingAnyMore() throws Exception {
        await(a.confirmed());
        postgres.sql("update nodes set epoch = nextval('node_epochs') where machine_id = 'da'", Tuple.tuple());
        await(lostA.future());
        assertThatThrownBy(() -> await(a.confirmed())).hasRootCauseInstanceOf(BerthException.class);
        await(b.confirmed());
    }

    /** Also where it does not reach Postgres; but not by what is told of an earlier process of it. */
    @Test
    void aNodeHearsThatItWasDeclaredLost() throws Exception {
        long epoch = epoch("db");
        postgres.vertx.eventBus().publish(Addresses.lost("db"), epoch - 1);
        postgres.vertx.eventBus().publish(Addresses.lost("db"), epoch);
        await(lostB.future());
        assertThatThrownBy(() -> await(b.confirmed())).hasMessageContaining("declared lost");
        assertThat(lostA.future().isComplete()).isFalse();
    }

    @Test
    void aCopyOfItsDirectoryIsRefusedWhileItLivesAndTakesItsPlaceAfterwards() throws Exception {
        NodeRepository nodes = new NodeRepository(postgres.database, "db");
        Registration copy = new Registration(postgres.vertx, nodes, "db", process("copy"), 6_000);
        assertThatThrownBy(() -> await(copy.register())).hasMessageContaining("another Berth already runs as node db");
        long before = epoch("db");
        await(b.close());
        bIsClosed = true;
        Registration soon = new Registration(postgres.vertx, nodes, "db", process("copy"), SHORT_MILLIS);
        assertThat(await(soon.register())).isGreaterThan(before);
    }

    /** Whoever asks has locked the data directory, so the earlier process is dead. */
    @Test
    void theNextProcessOfItsDirectoryTakesItsPlaceAtOnce() throws Exception {
        long before = epoch("db");
        NodeRepository nodes = new NodeRepository(postgres.database, "db");
        // A test would not outlast the watch.
        Registration next = new Registration(postgres.vertx, nodes, "db", process("b"), Long.MAX_VALUE);
        assertThat(await(next.register())).isGreaterThan(before);
        await(lostB.future());
    }
}
