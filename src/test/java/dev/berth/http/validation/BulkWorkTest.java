package dev.berth.http.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class BulkWorkTest {
    @Test
    void workThatThrowsFails(Vertx vertx, VertxTestContext test) {
        new BulkWork(vertx)
                .compose(() -> {
                    throw new IllegalStateException("no");
                })
                .onComplete(test.failing(e -> test.verify(() -> {
                    assertThat(e).hasMessage("no");
                    test.completeNow();
                })));
    }

    @Test
    void resultsArriveOnTheCallersContext(Vertx vertx, VertxTestContext test) {
        vertx.runOnContext(ignored -> {
            var caller = vertx.getOrCreateContext();
            new BulkWork(vertx)
                    .compose(() -> Future.succeededFuture(vertx.getOrCreateContext()))
                    .onComplete(test.succeeding(worker -> test.verify(() -> {
                        assertThat(worker.isWorkerContext()).isTrue();
                        assertThat(vertx.getOrCreateContext()).isSameAs(caller);
                        test.completeNow();
                    })));
        });
    }
}
