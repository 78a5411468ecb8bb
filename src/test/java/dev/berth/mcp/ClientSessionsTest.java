package dev.berth.mcp;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.mcp.Workbench.Caller;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.RecordCodec;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionStatus.EndReason;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class ClientSessionsTest {
    private static final InitializeRequest INITIALIZE =
            new InitializeRequest("2025-06-18", ClientCapabilities.builder().build(), new Implementation("test", "1"));
    private final AtomicLong later = new AtomicLong();
    private final ClientSessions sessions = new ClientSessions(() -> System.nanoTime() + later.get());
    private Vertx vertx;
    private Protocol protocol;

    @BeforeEach
    void make(Vertx any) {
        vertx = any;
        RecordCodec.registerAll(vertx);
        // Sessions stay in the making.
        vertx.eventBus().consumer(Addresses.CREATE, create -> {});
        protocol = new Protocol(vertx, new JacksonMapper(), sessions, Catalogue.of(vertx, null, null));
    }

    private ClientSession session(long user) {
        return new ClientSession(
                protocol.start(INITIALIZE).session(),
                vertx.getOrCreateContext(),
                new ClientWorkbench(
                        vertx, new SessionClient(vertx), new Caller(user, 3, null), SessionOptions.DEFAULT));
    }

    /** A session whose browser is being made. */
    private ClientSession working(long user) {
        ClientSession session = session(user);
        session.workbench().session();
        return session;
    }

    /** Clients begin on several event loops at the same time. */
    @Test
    void aUserHasNoMoreThanAllowedWhoeverComesFirst() throws Exception {
        List<ClientSession> wished =
                IntStream.range(0, 200).mapToObj(i -> working(1)).toList();
        long refused = wished.parallelStream()
                .filter(one -> {
                    try {
                        sessions.add(one);
                        return false;
                    } catch (BerthException e) {
                        return true;
                    }
                })
                .count();
        assertThat(refused).isEqualTo(200 - ClientSessions.MAX_OF_USER);
        assertThat(sessions.size()).isEqualTo(ClientSessions.MAX_OF_USER);
        assertThatThrownBy(() -> sessions.add(working(1))).hasMessageContaining("you have 32 MCP sessions");
        sessions.add(session(2));
        ClientSession one = wished.stream()
                .filter(each -> sessions.find(each.id()).isPresent())
                .findFirst()
                .orElseThrow();
        sessions.end(one, EndReason.CLIENT);
        await(sessions.end(one, EndReason.CLIENT));
        sessions.add(working(1));
        assertThatThrownBy(() -> sessions.add(working(1))).isInstanceOf(BerthException.class);
    }

    /** {@code close()} of many clients sends no DELETE. */
    @Test
    void theLongestIdleSessionWithoutABrowserMakesRoom() {
        List<ClientSession> first =
                Stream.of(working(1), session(1), session(1)).toList();
        first.forEach(sessions::add);
        IntStream.range(first.size(), ClientSessions.MAX_OF_USER).forEach(i -> sessions.add(session(1)));
        sessions.add(session(1));
        assertThat(first).map(each -> sessions.find(each.id(), 1).isPresent()).containsExactly(true, false, true);
        first.get(2).used();
        sessions.add(session(1));
        assertThat(sessions.find(first.get(2).id(), 1)).isPresent();
        assertThat(sessions.size()).isEqualTo(ClientSessions.MAX_OF_USER);
    }

    @Test
    void aNodeHasNoMoreThanAllowed() {
        IntStream.range(0, ClientSessions.MAX).forEach(i -> sessions.add(session(i)));
        assertThatThrownBy(() -> sessions.add(session(-1))).hasMessageContaining("this node has no room");
    }

    @Test
    void whatIsNotUsedForTenMinutesEnds() throws Exception {
        ClientSession idle = session(1);
        sessions.add(idle);
        later.set(TimeUnit.MINUTES.toNanos(9));
        sessions.endIdle();
        assertThat(sessions.size()).isEqualTo(1);
        later.set(TimeUnit.MINUTES.toNanos(11));
        sessions.endIdle();
        assertThat(sessions.size()).isZero();
        assertThat(sessions.find(idle.id(), 1)).isEmpty();
    }
}
