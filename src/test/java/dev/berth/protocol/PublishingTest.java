package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class PublishingTest {
    /** As where the connections to two nodes break. */
    @Test
    void whatTheBusThrowsDoesNotReachWhoPublishes() {
        EventBus bus = (EventBus) Proxy.newProxyInstance(
                EventBus.class.getClassLoader(), new Class<?>[] {EventBus.class}, (proxy, method, arguments) -> {
                    throw new IllegalStateException("Promise already completed");
                });
        Vertx vertx = (Vertx) Proxy.newProxyInstance(
                Vertx.class.getClassLoader(), new Class<?>[] {Vertx.class}, (proxy, method, arguments) -> bus);
        assertThatCode(() -> Publishing.publish(vertx, Addresses.SESSIONS, "event"))
                .doesNotThrowAnyException();
    }
}
