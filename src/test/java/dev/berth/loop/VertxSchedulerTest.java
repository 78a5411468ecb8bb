package dev.berth.loop;

import static dev.berth.fake.Futures.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class VertxSchedulerTest {
    private static final long LATER_THAN_THE_END = 300;

    @Test
    void aLastingTimerOutlivesItsVerticle(Vertx vertx) throws Exception {
        Scheduler scheduler = VertxScheduler.lasting(vertx);
        Promise<Void> ran = Promise.promise();
        String verticle = await(vertx.deployVerticle(new VerticleBase() {
            @Override
            public Future<?> start() {
                scheduler.after(LATER_THAN_THE_END, ran::complete);
                return Future.succeededFuture();
            }
        }));
        await(vertx.undeploy(verticle));
        await(ran.future());
    }
}
