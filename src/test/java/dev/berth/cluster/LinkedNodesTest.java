package dev.berth.cluster;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.Addresses;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinkedNodesTest {
    private final LoopbackNet loopback = new LoopbackNet();

    @AfterEach
    void leave() throws Exception {
        loopback.leave();
    }

    private static MessageConsumer<Object> serve(Cluster node, String machineId) throws Exception {
        MessageConsumer<Object> supervisor =
                node.vertx().eventBus().consumer(Addresses.node(machineId), message -> message.reply("heard"));
        await(supervisor.completion());
        return supervisor;
    }

    @Test
    void aNodeIsLinkedWithThoseThatServeAndAreHeard() throws Exception {
        Cluster a = loopback.join(1, Optional.empty());
        Cluster b = loopback.join(2, Optional.empty(), 1);
        assertThat(a.isLinkedWith("b")).isFalse();
        serve(a, "a");
        MessageConsumer<Object> supervisor = serve(b, "b");
        assertThat(a.isLinkedWith("a")).isTrue();
        assertThat(a.isLinkedWith("b")).isTrue();
        assertThat(b.isLinkedWith("a")).isTrue();
        await(supervisor.unregister());
        assertThat(a.isLinkedWith("b")).isFalse();
        serve(b, "b");
        assertThat(a.isLinkedWith("b")).isTrue();
        await(b.leave());
        assertThat(a.isLinkedWith("b")).isFalse();
    }

    /** Another node's listener of a JVM's own is nobody else's. */
    @Test
    void whatOnlyItsOwnJvmHearsLinksNobody() throws Exception {
        Cluster a = loopback.join(1, Optional.empty());
        await(a.vertx()
                .eventBus()
                .localConsumer(Addresses.node("b"), message -> message.reply("heard"))
                .completion());
        assertThat(a.isLinkedWith("b")).isFalse();
    }
}
