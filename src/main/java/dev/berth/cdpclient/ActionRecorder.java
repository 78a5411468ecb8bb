package dev.berth.cdpclient;

import dev.berth.cdpclient.command.CdpActions;
import dev.berth.cdpclient.command.CdpCommand;
import dev.berth.cdpclient.command.CdpPointing;
import dev.berth.cdpclient.command.CdpReply;
import dev.berth.protocol.ActionEntry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Keeps one client's actions: derives them from its commands and Chrome's replies, and reports them to its session. */
final class ActionRecorder {
    private static final int MAX_WAITING = 1_000;

    private final Vertx vertx;
    private final Runnable onChange;
    private final CdpActions actions;
    private final Function<String, Optional<String>> pageOf;
    private final Pointing pointing;
    private final ActionReporter reporter;
    private long burstTimer = -1;

    /** Hears where the client has the mouse, see {@link ChromeEnd#pointed}. */
    interface Pointing {
        void at(String pageId, double x, double y, boolean pressed);
    }

    /**
     * @param deliver completes when a batch is in the action log
     * @param pageOf the page to which a CDP session of the client belongs
     * @param onChange called when {@link #isBehind} may have changed
     */
    ActionRecorder(
            Vertx vertx,
            Function<List<ActionEntry>, Future<?>> deliver,
            Function<String, Optional<String>> pageOf,
            Pointing pointing,
            Runnable onChange) {
        this.actions = new CdpActions(pageOf);
        this.pageOf = pageOf;
        this.pointing = pointing;
        this.vertx = vertx;
        this.onChange = onChange;
        this.reporter = new ActionReporter(deliver, onChange);
    }

    /** Whether the client should wait, since too many commands have no reply or are not logged yet. */
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

    /** A command was sent to Chrome. */
    void sent(CdpCommand command) {
        actions.sent(command, Instant.now());
        CdpPointing.of(command)
                .ifPresent(place -> command.sessionId()
                        .flatMap(pageOf)
                        .ifPresent(page -> pointing.at(page, place.x(), place.y(), place.pressed())));
        report();
    }

    /** A command was refused, so Chrome does not get it. */
    void refused(CdpCommand command, String why) {
        actions.refused(command, why, Instant.now());
        report();
    }

    /** Gives up on commands that have waited too long for a reply. */
    void expire() {
        actions.expire(Instant.now());
        report();
    }

    /** No more replies will come, for reason {@code why}. Completes when all actions are in the log. */
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
