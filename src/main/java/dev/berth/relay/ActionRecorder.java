package dev.berth.relay;

import dev.berth.protocol.ActionEntry;
import dev.berth.relay.command.CdpActions;
import dev.berth.relay.command.CdpCommand;
import dev.berth.relay.command.CdpReply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Keeps one client's part of the action log: from its commands and Chrome's replies to what its session gets. */
final class ActionRecorder {
    private static final int MAX_WAITING = 1_000;

    private final Vertx vertx;
    private final Runnable onChange;
    private final CdpActions actions;
    private final ActionReporter reporter;
    private long burstTimer = -1;

    /**
     * @param deliver completes when a batch is in the log
     * @param pageOf the page that a session of the client's is of
     * @param onChange called when {@link #isBehind} may have changed
     */
    ActionRecorder(
            Vertx vertx,
            Function<List<ActionEntry>, Future<?>> deliver,
            Function<String, Optional<String>> pageOf,
            Runnable onChange) {
        this.actions = new CdpActions(pageOf);
        this.vertx = vertx;
        this.onChange = onChange;
        this.reporter = new ActionReporter(deliver, onChange);
    }

    /** Whether Chrome's replies are of interest. */
    boolean awaitsReplies() {
        return actions.awaiting();
    }

    /** Whether so much is not answered or not logged yet that the client should wait. */
    boolean isBehind() {
        return reporter.waiting() + actions.unanswered() > MAX_WAITING;
    }

    /** @param head the first bytes of a message from Chrome */
    void replied(byte[] head, int length) {
        OptionalLong id = CdpReply.id(head, length);
        if (id.isPresent() && actions.awaits(id.getAsLong())) {
            actions.replied(CdpReply.parse(id.getAsLong(), head, length), Instant.now());
            report();
        }
    }

    /** A command went to Chrome. */
    void sent(CdpCommand command) {
        actions.sent(command, Instant.now());
        report();
    }

    /** A command was kept from Chrome. */
    void refused(CdpCommand command, String why) {
        actions.refused(command, why, Instant.now());
        report();
    }

    /** Gives up on what has not been answered for long. */
    void expire() {
        actions.expire(Instant.now());
        report();
    }

    /** No replies will come any more, for a reason; completes when all is in the log. */
    Future<Void> close(String why) {
        vertx.cancelTimer(burstTimer);
        actions.ended(why, Instant.now());
        reporter.add(actions.take());
        return reporter.close();
    }

    private void report() {
        reporter.add(actions.take());
        if (actions.inBurst() && burstTimer < 0) {
            burstTimer = vertx.setTimer(CdpActions.BURST_GAP.toMillis(), ignored -> {
                burstTimer = -1;
                actions.tick(Instant.now());
                report();
            });
        }
        onChange.run();
    }
}
