package dev.berth.browser.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaunchGateTest {
    private static final Future<Void> WANTED = Future.future(never -> {});

    private final LaunchGate gate = new LaunchGate(2, Promise::promise);
    private final List<Promise<String>> launches = new ArrayList<>();

    private Future<String> launch(Future<Void> abort) {
        return gate.pass(
                () -> {
                    Promise<String> launch = Promise.promise();
                    launches.add(launch);
                    return launch.future();
                },
                abort);
    }

    @Test
    void soManyRunAtOnceAndTheOthersFollow() {
        Future<String> first = launch(WANTED);
        launch(WANTED);
        Future<String> third = launch(WANTED);
        assertThat(launches).hasSize(2);
        launches.get(0).complete("up");
        assertThat(first.result()).isEqualTo("up");
        assertThat(launches).hasSize(3);
        launches.get(2).complete("up too");
        assertThat(third.result()).isEqualTo("up too");
    }

    @Test
    void oneThatFailsMakesRoomToo() {
        launch(WANTED);
        launch(WANTED);
        launch(WANTED);
        launches.get(0).fail("no");
        assertThat(launches).hasSize(3);
    }

    @Test
    void whatNobodyWantsAnyMoreIsNotLaunched() {
        launch(WANTED);
        launch(WANTED);
        Promise<Void> abort = Promise.promise();
        Future<String> unwanted = launch(abort.future());
        Future<String> wanted = launch(WANTED);
        abort.complete();
        launches.get(0).complete("up");
        assertThat(unwanted.failed()).isTrue();
        assertThat(launches).hasSize(3);
        launches.get(2).complete("up");
        assertThat(wanted.succeeded()).isTrue();
    }
}
