package dev.berth.http.sockets;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.HandScheduler;
import dev.berth.http.sockets.SocketAccess.Entrance;
import dev.berth.http.sockets.StreamDoor.Use;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.RecordCodec;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.PageNavigated;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.ShownJson.Links;
import dev.berth.protocol.StoryCursor;
import dev.berth.protocol.StoryCursor.StoryKind;
import dev.berth.protocol.UsageSample.Traffic;
import dev.berth.story.StoryReader;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.VertxInternal;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A history that takes long to read, over a real socket, with a clock that is turned by hand. */
@ExtendWith(VertxExtension.class)
class StoryUseTest {
    private static final String AWAY = "/away";

    private final HandScheduler clock = new HandScheduler();
    private final SessionId id = SessionId.random();
    private final BlockingQueue<Promise<List<SessionEvent>>> reads = new LinkedBlockingQueue<>();
    private Vertx vertx;
    private Context loop;
    private int port;
    private EventStream stream;
    private StoryUse use;
    private Socket client;

    /** Its pages come when the test gives them. */
    private final class Slow implements StoryReader.Stored {
        @Override
        public Future<List<SessionEvent>> read(StoryKind kind, long offset) {
            Promise<List<SessionEvent>> page = Promise.promise();
            reads.add(page);
            return page.future();
        }

        @Override
        public Future<StoryCursor> end() {
            return Future.succeededFuture(StoryCursor.START);
        }
    }

    @BeforeEach
    void connect(Vertx given) throws Exception {
        vertx = given;
        loop = ((VertxInternal) vertx).createEventLoopContext();
        port = await(await(on(
                        loop,
                        () -> vertx.createHttpServer()
                                .requestHandler(this::start)
                                .listen(0, "127.0.0.1"))))
                .actualPort();
        connect("/");
    }

    private void connect(String path) throws IOException {
        client = new Socket("127.0.0.1", port);
        client.setSoTimeout(20_000);
        String head = "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
        client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    }

    private void start(HttpServerRequest request) {
        stream = new EventStream(request, clock);
        use = new StoryUse(
                loop,
                EnumSet.of(StoryKind.NAVIGATION),
                new Slow(),
                (logs, reader) -> Future.succeededFuture(() -> {}),
                Optional.of(StoryCursor.START),
                Links.NONE);
        Entrance entrance = new Entrance(new SessionClient(vertx), id, 1, true);
        Use used = request.path().equals(AWAY) ? new AwayStream.UntilItIsKnown(use, entrance) : use;
        used.start(stream).onFailure(stream::fail);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
    }

    private Promise<List<SessionEvent>> asked() throws InterruptedException {
        return reads.poll(20, TimeUnit.SECONDS);
    }

    private void assertReceived(String last) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(last) < 0) {
            int next = client.getInputStream().read();
            assertThat(next).as("after " + text).isNotNegative();
            text.append((char) next);
        }
    }

    private SessionEvent navigated() {
        return new PageNavigated(id, 0, new NavigationEntry("https://a.test/", "slow", Instant.EPOCH));
    }

    @Test
    void heartbeatsAreSentWhileTheHistoryIsRead() throws Exception {
        Promise<List<SessionEvent>> first = asked();
        clock.advance(EventStream.HEARTBEAT_MILLIS);
        assertReceived("id: " + StoryCursor.START + "\n\n");
        clock.advance(EventStream.HEARTBEAT_MILLIS);
        assertReceived("\r\n:\n\n");
        first.complete(List.of());
        asked().complete(List.of(navigated()));
        assertReceived("slow");
    }

    /** An {@code EventSource} comes again after what looks like a stream that broke off. */
    @Test
    void aClientWhoseSessionRunsElsewhereGetsAStreamThatEnds() throws Exception {
        asked();
        on(loop, () -> {
            use.runsElsewhere();
            return null;
        });
        assertReceived("HTTP/1.1 200");
        assertReceived("id: " + StoryCursor.START + "\n\n");
        assertReceived("the session runs on another node: connect again with Last-Event-ID");
        await(stream.over());
    }

    @Test
    void aFailureThatComesSoonIsAnHttpError() throws Exception {
        asked().fail(new BerthException(ErrorCode.NOT_READY, "not now"));
        assertReceived("HTTP/1.1 503");
        await(stream.over());
        assertThat(clock.timers()).isZero();
    }

    /** An {@code EventSource} gives up after an HTTP error. */
    @Test
    void theStreamOfASessionWhoseNodeDoesNotAnswerIsOpenUntilItsEndIsKnown() throws Exception {
        RecordCodec.registerAll(vertx);
        Promise<Void> asked = Promise.promise();
        vertx.eventBus().consumer(Addresses.session(id), message -> {
            message.fail(ErrorCode.NOT_READY.number(), "its node can't be reached");
            asked.tryComplete();
        });
        asked();
        client.close();
        connect(AWAY);
        assertReceived("HTTP/1.1 200");
        assertReceived("id: " + StoryCursor.START + "\n\n");
        await(asked.future());
        clock.advance(EventStream.HEARTBEAT_MILLIS);
        assertReceived("\r\n:\n\n");
        assertThat(reads).isEmpty();
        SessionEnded ended =
                new SessionEnded(id, SessionStatus.FAILED, EndReason.NODE_LOST, Instant.EPOCH, Traffic.NONE);
        vertx.eventBus().publish(Addresses.events(id), ended);
        asked().complete(List.of(ended));
        asked().complete(List.of());
        asked().complete(List.of(navigated()));
        asked().complete(List.of());
        assertReceived("slow");
        await(stream.over());
    }
}
