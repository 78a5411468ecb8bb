package dev.berth.browser.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.Failures;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.LiveCommand.Button;
import dev.berth.protocol.LiveCommand.Key;
import dev.berth.protocol.LiveCommand.KeyAction;
import dev.berth.protocol.LiveCommand.Mouse;
import dev.berth.protocol.LiveCommand.MouseAction;
import dev.berth.protocol.LiveCommand.Paste;
import dev.berth.protocol.LiveCommand.Wheel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageInputTest {
    private final List<LiveCommand<?>> sent = new ArrayList<>();
    private final Deque<Promise<Void>> answers = new ArrayDeque<>();
    private Promise<Void> prepared = Promise.promise();
    private boolean prepares;

    private final PageInput input = new PageInput(new PageInput.Page() {
        @Override
        public Future<Void> prepare(LiveCommand<?> command) {
            return prepares ? prepared.future() : Future.succeededFuture();
        }

        @Override
        public Future<Void> send(LiveCommand<?> command) {
            sent.add(command);
            Promise<Void> answer = Promise.promise();
            answers.add(answer);
            return answer.future();
        }
    });

    @Test
    void movesThatWaitAreMerged() {
        input.add(move(1));
        Future<Void> passed = input.add(move(2));
        input.add(move(3));
        assertThat(sent).containsExactly(move(1));
        assertThat(passed.succeeded()).isTrue();
        answers.remove().complete();
        assertThat(sent).containsExactly(move(1), move(3));
    }

    @Test
    void noClickPassesAMove() {
        input.add(move(1));
        input.add(move(2));
        input.add(press(2));
        input.add(move(3));
        assertThat(sent).containsExactly(move(1));
        answers.remove().complete();
        assertThat(sent).containsExactly(move(1), move(2), press(2));
        answers.remove().complete();
        assertThat(sent).containsExactly(move(1), move(2), press(2), move(3));
    }

    @Test
    void turnsOfTheWheelAreAdded() {
        input.add(turn(1));
        input.add(turn(10));
        input.add(turn(100));
        answers.remove().complete();
        assertThat(sent).containsExactly(turn(1), turn(110));
    }

    @Test
    void theNextWaitsUntilThePageIsPrepared() {
        prepares = true;
        Future<Void> done = input.add(key("a"));
        input.add(key("b"));
        assertThat(sent).isEmpty();
        Promise<Void> first = prepared;
        prepared = Promise.promise();
        first.complete();
        assertThat(sent).containsExactly(key("a"));
        answers.remove().complete();
        assertThat(done.succeeded()).isTrue();
    }

    @Test
    void aPasteWaitsForWhatGivesTheFocus() {
        Paste paste = new Paste("page", "words");
        input.add(press(1));
        input.add(paste);
        assertThat(sent).containsExactly(press(1));
        answers.remove().complete();
        assertThat(sent).containsExactly(press(1), paste);
    }

    @Test
    void aFailureDoesNotStopTheNext() {
        Future<Void> failed = input.add(key("a"));
        input.add(key("b"));
        answers.remove().fail(Failures.failed("on purpose"));
        assertThat(failed.cause()).hasMessage("on purpose");
        answers.remove().complete();
        assertThat(sent).containsExactly(key("a"), key("b"));
    }

    @Test
    void aPageThatTakesNothingRefusesInTheEnd() {
        for (int i = 0; i < 8 + PageInput.MAX_WAITING; i++) {
            input.add(key("a"));
        }
        assertThat(sent).hasSize(8);
        assertThat(((BerthException) input.add(key("b")).cause()).code()).isEqualTo(ErrorCode.LIMIT_REACHED);
    }

    @Test
    void whatWaitsFailsWhenThePageIsGone() {
        input.add(move(1));
        Future<Void> waiting = input.add(move(2));
        input.close(Failures.failed("gone"));
        assertThat(waiting.cause()).hasMessage("gone");
    }

    private static Mouse move(double x) {
        return new Mouse("page", MouseAction.MOVE, x, 0, Button.NONE, 0, 0, 0);
    }

    private static Mouse press(double x) {
        return new Mouse("page", MouseAction.DOWN, x, 0, Button.LEFT, 1, 1, 0);
    }

    private static Wheel turn(double pixels) {
        return new Wheel("page", 1, 2, 0, pixels, 0);
    }

    private static Key key(String name) {
        return new Key("page", KeyAction.DOWN, name, "", name, 65, 0, false, 0);
    }
}
