package dev.berth.live;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.LiveCommand.Wheel;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Sends a viewer's input to its session, in order. Where the page takes it slowly, only the latest of moves that follow each
 * other is sent; where it takes none, input is left out and the viewer is told. On the viewer's event loop.
 */
final class InputSender {
    /** Input that the page has not confirmed. */
    private static final int MAX_ACTING = 64;

    private static final int MAX_DRIVING = 16;

    private final ViewedSession session;
    private final Consumer<String> tellError;
    private final HeldInputs held = new HeldInputs();
    private Optional<LiveCommand<?>> move = Optional.empty();
    /** Completes when the page has confirmed the latest input, or takes none. */
    private Future<?> latest = Future.succeededFuture();

    private int acting;
    private int driving;
    private boolean toldOfLoss;

    InputSender(ViewedSession session, Consumer<String> tellError) {
        this.session = session;
        this.tellError = tellError;
    }

    /** @param frequent whether it may be replaced by the next of its kind while the page is busy */
    void act(LiveCommand<?> command, boolean frequent) {
        if (frequent && acting > 0) {
            replaceMove(command);
        } else {
            sendMove();
            send(command);
        }
    }

    private void replaceMove(LiveCommand<?> command) {
        if (move.filter(before -> !continues(before, command)).isPresent()) {
            sendMove();
        }
        move = Optional.of(
                move.<LiveCommand<?>>map(before -> joined(before, command)).orElse(command));
    }

    private static boolean continues(LiveCommand<?> before, LiveCommand<?> now) {
        return before.getClass() == now.getClass() && before.pageId().equals(now.pageId());
    }

    /** Turns of a wheel add up. */
    private static LiveCommand<?> joined(LiveCommand<?> before, LiveCommand<?> now) {
        return before instanceof Wheel first && now instanceof Wheel last ? first.and(last) : now;
    }

    private void sendMove() {
        Optional<LiveCommand<?>> last = move;
        move = Optional.empty();
        last.ifPresent(this::send);
    }

    private void send(LiveCommand<?> command) {
        if (acting >= MAX_ACTING) {
            if (!toldOfLoss) {
                toldOfLoss = true;
                tellError.accept("the page is not responding: input is skipped");
            }
            return;
        }
        held.sent(command);
        ask(command);
    }

    /** Lets go of what is held. */
    void letGo() {
        sendMove();
        held.letGo().forEach(this::ask);
    }

    private void ask(LiveCommand<?> command) {
        acting++;
        latest = session.ask(command).onFailure(this::failed).onComplete(done -> {
            acting--;
            toldOfLoss &= acting > 0;
            if (acting == 0) {
                sendMove();
            }
        });
    }

    /** The same as {@link #drive}, once the page has the input that was sent before: keys select what is copied. */
    <R> Future<R> driveNext(Supplier<Future<R>> work) {
        Future<?> before = latest;
        return drive(() -> before.transform(confirmed -> work.get()));
    }

    /** Does something that takes a while. Where it fails, or too much of that is under way, the viewer is told. */
    <R> Future<R> drive(Supplier<Future<R>> work) {
        if (driving >= MAX_DRIVING) {
            tellError.accept("wait until your earlier request is done");
            return Future.failedFuture("too much is under way");
        }
        driving++;
        return Future.succeededFuture()
                .compose(now -> work.get())
                .onFailure(this::failed)
                .onComplete(done -> driving--);
    }

    /** The viewer hears of the end of a session by other means. */
    private void failed(Throwable e) {
        boolean over = e instanceof BerthException known
                && (known.code() == ErrorCode.SESSION_ENDED || known.code() == ErrorCode.SESSION_NOT_FOUND);
        if (!over) {
            tellError.accept(String.valueOf(e.getMessage()));
        }
    }
}
