package dev.berth.cluster;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.HandScheduler;
import dev.berth.history.OwnerRepository;
import dev.berth.history.OwnerRepository.Owner;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.HandedOn;
import dev.berth.protocol.LogCommand.FollowLogs;
import dev.berth.protocol.LogCommand.UnfollowLogs;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.RecordCodec;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.CancelAction;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.LogAppended;
import dev.berth.protocol.SessionEvent.SessionCreated;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionEvent.SessionStarted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.Acknowledged;
import dev.berth.protocol.SessionReply.LogsFollowed;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.UsageSample.Traffic;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions on the node "a", asked for from the node "b" and from a JVM without a server. */
class CommandForwardingTest {
    private static final SessionId LIVE = SessionId.random();
    private static final SessionId ENDED = SessionId.random();
    private static final TaskId TASK = TaskId.random();
    private static final EndSession END = new EndSession(EndReason.CLIENT);

    private final LoopbackNet loopback = new LoopbackNet();
    private Cluster a;
    private Cluster b;
    private MessageConsumer<Object> ofA;
    private final Rows rows = new Rows();
    private final HandScheduler clock = new HandScheduler();
    private volatile boolean lives = true;
    private volatile boolean linked = true;

    /** What Postgres says. Nothing is remembered. */
    private static final class Rows extends OwnerRepository {
        private final Map<String, Owner> owners = new ConcurrentHashMap<>(Map.of(
                LIVE.value(),
                new Owner("a", false, false),
                ENDED.value(),
                new Owner("a", false, true),
                TASK.value(),
                new Owner("a", false, false)));
        private final AtomicInteger looks = new AtomicInteger();

        private Rows() {
            super(null);
        }

        @Override
        public Future<Optional<Owner>> ofSession(SessionId id) {
            looks.incrementAndGet();
            return Future.succeededFuture(Optional.ofNullable(owners.get(id.value())));
        }

        @Override
        public Future<Optional<Owner>> ofTask(TaskId id) {
            return Future.succeededFuture(Optional.ofNullable(owners.get(id.value())));
        }

        @Override
        public void forget(String id) {}

        @Override
        public Future<Optional<String>> ofPending(String objectId) {
            throw new AssertionError("not asked");
        }
    }

    @BeforeEach
    void join() throws Exception {
        a = join(1);
        b = join(2, 1);
        // As the supervisor of a node does.
        ofA = a.vertx().eventBus().consumer(Addresses.node("a"), message -> HandedOn.deliver(a.vertx(), message));
        await(ofA.completion());
        await(CommandForwarding.start(b.vertx(), "b", clock, rows, node -> lives, node -> linked));
    }

    @AfterEach
    void leave() throws Exception {
        loopback.leave();
    }

    private Cluster join(int node, Integer... others) throws Exception {
        Cluster joined = loopback.join(node, Optional.empty(), others);
        RecordCodec.registerAll(joined.vertx());
        return joined;
    }

    private void listen(String address, Consumer<Message<Object>> listener) throws Exception {
        listen(a, address, listener);
    }

    private static void listen(Cluster node, String address, Consumer<Message<Object>> listener) throws Exception {
        await(node.vertx()
                .eventBus()
                .<Object>localConsumer(address, listener::accept)
                .completion());
    }

    /** What is asked, once the pauses are over that it takes. */
    private BerthException refusalInTime(Future<?> asked) throws Exception {
        while (!asked.isComplete()) {
            clock.advance(500);
            Thread.onSpinWait();
        }
        return refusal(asked);
    }

    private static BerthException refusal(Future<?> asked) throws Exception {
        try {
            throw new AssertionError("answered " + await(asked));
        } catch (ExecutionException e) {
            return (BerthException) e.getCause();
        }
    }

    @Test
    void theSessionHearsWhatIsAskedAndForWhom() throws Exception {
        CompletableFuture<Message<Object>> heard = new CompletableFuture<>();
        listen(Addresses.session(LIVE), message -> {
            heard.complete(message);
            message.fail(ErrorCode.CONFLICT.number(), new BerthException(ErrorCode.CONFLICT, "no", "wait").replyText());
        });
        BerthException refused =
                refusal(new SessionClient(b.vertx()).as(7).because("why not").ask(LIVE, END));
        assertThat(refused.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(refused).hasMessage("no");
        assertThat(refused.hint()).contains("wait");
        assertThat(heard.join().body()).isEqualTo(END);
        Envelope envelope = Envelope.of(heard.join());
        assertThat(envelope.owner()).hasValue(7);
        assertThat(envelope.reason()).contains("why not");
    }

    @Test
    void aJvmWithoutAServerReachesItToo() throws Exception {
        listen(Addresses.session(LIVE), message -> message.fail(ErrorCode.CONFLICT.number(), "heard"));
        Cluster c = join(3, 1);
        assertThat(refusal(new SessionClient(c.vertx()).ask(LIVE, END))).hasMessage("heard");
    }

    @Test
    void whatHasEndedOrNeverWasIsAbsent() throws Exception {
        SessionClient client = new SessionClient(b.vertx());
        assertThat(refusal(client.ask(ENDED, END)).code()).isEqualTo(ErrorCode.SESSION_NOT_FOUND);
        assertThat(refusal(client.ask(SessionId.random(), END)).code()).isEqualTo(ErrorCode.SESSION_NOT_FOUND);
    }

    @Test
    void aNodeThatIsGoneIsNamed() throws Exception {
        await(ofA.unregister());
        BerthException refused = refusalInTime(new SessionClient(b.vertx()).ask(LIVE, END));
        assertThat(refused.code()).isEqualTo(ErrorCode.NOT_READY);
        assertThat(refused).hasMessage("node a, which holds it, can't be reached at the moment");
    }

    @Test
    void aSessionThatWaitsIsAnsweredForByTheNodeThatWasAsked() throws Exception {
        rows.owners.put(LIVE.value(), new Owner("a", true, false));
        listen(b, Addresses.waiting("b"), message -> {
            assertThat(message.headers().get(Addresses.TO)).isEqualTo(Addresses.session(LIVE));
            message.fail(
                    ErrorCode.CONFLICT.number(), "for " + Envelope.of(message).owner());
        });
        assertThat(refusal(new SessionClient(b.vertx()).as(7).ask(LIVE, END))).hasMessage("for OptionalLong[7]");
    }

    @Test
    void aSessionThatIsClaimedWhileItIsAskedIsFound() throws Exception {
        rows.owners.put(LIVE.value(), new Owner("b", true, false));
        listen(b, Addresses.waiting("b"), message -> {
            rows.owners.put(LIVE.value(), new Owner("a", false, false));
            message.fail(ErrorCode.SESSION_NOT_FOUND.number(), "it does not wait");
        });
        Future<?> asked = new SessionClient(b.vertx()).ask(LIVE, END);
        // Its node listens some time after its claim.
        LoopbackNet.until(b, () -> {
            clock.advance(10);
            return rows.looks.get() > 3;
        });
        listen(Addresses.session(LIVE), message -> message.fail(ErrorCode.CONFLICT.number(), "here"));
        assertThat(refusalInTime(asked)).hasMessage("here");
    }

    /** To another user it does not exist. */
    @Test
    void oneThatDoesNotAnswerIsNotLookedForAgainAndAgain() throws Exception {
        listen(Addresses.session(LIVE), message -> message.fail(ErrorCode.SESSION_NOT_FOUND.number(), "no"));
        assertThat(refusal(new SessionClient(b.vertx()).as(7).ask(LIVE, END)).code())
                .isEqualTo(ErrorCode.SESSION_NOT_FOUND);
        assertThat(rows.looks).hasValue(1);
        rows.owners.put(LIVE.value(), new Owner("a", true, false));
        listen(b, Addresses.waiting("b"), message -> message.fail(ErrorCode.SESSION_NOT_FOUND.number(), "no"));
        assertThat(refusalInTime(new SessionClient(b.vertx()).as(7).ask(LIVE, END))
                        .code())
                .isEqualTo(ErrorCode.SESSION_NOT_FOUND);
        assertThat(rows.looks).hasValue(4);
    }

    /** Log entries go straight to who asked for them. */
    @Test
    void logEntriesReachAFollowerOnAnotherNode() throws Exception {
        LogAppended appended =
                new LogAppended(LIVE, LogKind.CONSOLE, 3, LogLines.of(List.of(LogLines.line(Map.of("text", "hello")))));
        listen(Addresses.session(LIVE), message -> {
            message.reply(new LogsFollowed(Map.of(LogKind.CONSOLE, 3L)));
            if (message.body() instanceof FollowLogs follow) {
                a.vertx().eventBus().request(Addresses.follower(LIVE, follow.followerId()), appended);
            }
        });
        CompletableFuture<LogAppended> heard = new CompletableFuture<>();
        await(new SessionClient(b.vertx()).followLogs(LIVE, Set.of(LogKind.CONSOLE), heard::complete));
        assertThat(heard.get(10, TimeUnit.SECONDS)).isEqualTo(appended);
    }

    @Test
    void eventsReachWhoSubscribedOnAnotherNode() throws Exception {
        SessionEnded ended =
                new SessionEnded(LIVE, SessionStatus.COMPLETED, EndReason.CLIENT, Instant.EPOCH, Traffic.NONE);
        List<Object> heard = Collections.synchronizedList(new ArrayList<>());
        await(new SessionClient(b.vertx()).here().events(LIVE, heard::add).completion());
        await(new SessionClient(b.vertx())
                .events(LIVE, event -> heard.add(event.sessionId()))
                .completion());
        a.vertx().eventBus().publish(Addresses.events(LIVE), ended);
        LoopbackNet.until(b, () -> !heard.isEmpty());
        // Who asked for what is here alone heard nothing.
        assertThat(heard).containsExactly(LIVE);
    }

    /** As a node of an older version has no codec for a newer message. */
    @Test
    void aCommandThatAnOlderNodeDoesNotKnowIsRefused() throws Exception {
        listen(Addresses.session(LIVE), message -> message.reply(new Acknowledged()));
        a.vertx().eventBus().unregisterDefaultCodec(CancelAction.class);
        BerthException refused = refusal(new SessionClient(b.vertx()).ask(LIVE, new CancelAction("call")));
        assertThat(refused.code()).isEqualTo(ErrorCode.NOT_READY);
        assertThat(refused).hasMessage("the node runs another version of Berth and does not know this request");
        // The connection goes on, and what the node does know is answered.
        assertThat(await(new SessionClient(b.vertx()).ask(LIVE, new UnfollowLogs("follower"))))
                .isEqualTo(new Acknowledged());
    }

    @Test
    void whatAnOlderListenerCantReadIsLeftOut() throws Exception {
        BlockingQueue<SessionEvent> heard = new LinkedBlockingQueue<>();
        List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
        b.vertx().exceptionHandler(thrown::add);
        await(new SessionClient(b.vertx()).events(LIVE, heard::add).completion());
        b.vertx().eventBus().unregisterDefaultCodec(SessionStarted.class);
        SessionCreated created = new SessionCreated(LIVE, Instant.EPOCH);
        a.vertx().eventBus().publish(Addresses.events(LIVE), new SessionStarted(LIVE, Instant.EPOCH));
        a.vertx().eventBus().publish(Addresses.events(LIVE), created);
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(created);
        assertThat(thrown).isEmpty();
    }

    @Test
    void onlySessionsAndTasksAreRelayed() throws Exception {
        DeliveryOptions options = new DeliveryOptions().addHeader(Addresses.TO, Addresses.node("a"));
        String told = await(b.vertx()
                .eventBus()
                .request(Addresses.RELAY, END, options)
                .map("answered")
                .otherwise(Throwable::getMessage));
        assertThat(told).contains("must be a session's or a task's address");
    }

    private Future<?> underWay() throws Exception {
        Promise<Message<Object>> there = Promise.promise();
        listen(Addresses.session(LIVE), there::complete);
        Future<?> asked = new SessionClient(b.vertx()).ask(LIVE, END);
        await(there.future());
        return asked;
    }

    @Test
    void whoAskedANodeThatDiesWithTheRequestIsTold() throws Exception {
        Future<?> asked = underWay();
        clock.advance(20_000);
        assertThat(asked.isComplete()).isFalse();
        rows.owners.put(LIVE.value(), new Owner("a", false, true));
        assertThat(refusalInTime(asked).code()).isEqualTo(ErrorCode.SESSION_NOT_FOUND);
        assertThat(clock.timers()).isZero();
    }

    @Test
    void whoAskedANodeThatIsDeclaredLostIsToldAtTheNextLook() throws Exception {
        Future<?> asked = underWay();
        rows.owners.put(LIVE.value(), new Owner("a", false, true));
        clock.advance(1_000);
        assertThat(asked.isComplete()).isFalse();
        lives = false;
        clock.advance(1_000);
        assertThat(refusal(asked).code()).isEqualTo(ErrorCode.SESSION_NOT_FOUND);
    }

    @Test
    void whoAskedANodeThatCanNotBeReachedAnyMoreIsTold() throws Exception {
        Future<?> asked = underWay();
        linked = false;
        clock.advance(2_000);
        linked = true;
        clock.advance(1_000);
        linked = false;
        clock.advance(2_000);
        assertThat(asked.isComplete()).isFalse();
        clock.advance(1_000);
        assertThat(refusal(asked)).hasMessage("node a, which holds it, can't be reached at the moment");
    }
}
