package dev.berth.cdpclient;

import dev.berth.browser.Browser;
import dev.berth.browser.Pointer.Moved;
import dev.berth.browser.cdp.MessageHead;
import dev.berth.cdpclient.command.CdpActions;
import dev.berth.cdpclient.command.CdpCommand;
import dev.berth.cdpclient.command.CdpCommand.MousePlace;
import dev.berth.cdpclient.command.CdpMeaning;
import dev.berth.cdpclient.command.CdpReply;
import dev.berth.loop.LoopPromise;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps one client's actions: derives them from its commands and Chrome's replies, and reports them to its session. */
final class ActionRecorder {
    private static final int MAX_WAITING = 1_000;

    private final Context context;
    private final Runnable onChange;
    private final CdpActions actions;
    private final Function<String, Optional<String>> pageOf;
    private final Supplier<Optional<Browser>> browser;
    private final ActionReporter reporter;

    /**
     * @param context the client's
     * @param deliver completes when the session has a batch
     * @param pageOf the page to which a CDP session of the client belongs
     * @param browser the session's, which is told how the client uses mouse and keys
     * @param onChange called when {@link #isBehind} may have changed
     */
    ActionRecorder(
            Context context,
            Function<List<ActionEntry>, Future<?>> deliver,
            Function<String, Optional<String>> pageOf,
            Supplier<Optional<Browser>> browser,
            Runnable onChange) {
        this.context = context;
        this.actions = new CdpActions(pageOf);
        this.pageOf = pageOf;
        this.browser = browser;
        this.onChange = onChange;
        this.reporter = new ActionReporter(deliver, onChange);
    }

    /** Whether the client should wait, since too many commands have no reply or are not logged yet. */
    boolean isBehind() {
        return reporter.waiting() + actions.unanswered() > MAX_WAITING;
    }

    /** The URL of the navigation that this command asked for; empty for any other command. */
    Optional<String> navigatesTo(long id) {
        return actions.navigatesTo(id);
    }

    /** @param head the first bytes of a message from Chrome */
    void replied(byte[] head, int length) {
        OptionalLong id = MessageHead.id(head, 0, length);
        if (id.isPresent() && actions.awaits(id.getAsLong())) {
            actions.replied(CdpReply.parse(id.getAsLong(), head, length), Instant.now());
            report();
        }
    }

    /**
     * The future that must complete before Chrome gets the command, if any: the page must be ready to report the mouse and keys that it
     * gets.
     */
    Optional<Future<?>> uses(CdpCommand command) {
        return Optional.of(command)
                .filter(each -> CdpMeaning.usesPage(each.method()))
                .flatMap(this::page)
                .flatMap(page -> browser.get().map(used -> used.inputSources().uses(page, ActionSource.CDP)))
                .filter(told -> !told.isComplete())
                .map(told -> LoopPromise.on(context, told));
    }

    void sent(CdpCommand command) {
        actions.sent(command, Instant.now());
        MousePlace.of(command).ifPresent(place -> page(command).ifPresent(page -> pointed(page, place)));
        report();
    }

    private Optional<String> page(CdpCommand command) {
        return pageOf.apply(command.sessionId().orElse(""));
    }

    private void pointed(String page, MousePlace place) {
        Moved moved = new Moved(page, place.x(), place.y(), place.pressed());
        browser.get().ifPresent(shown -> shown.pointer().tell(moved));
    }

    void refused(CdpCommand command, String why) {
        actions.refused(command, why, Instant.now());
        report();
    }

    /** Gives up on commands that have waited too long for a reply. */
    void expire() {
        actions.expire(Instant.now());
        report();
    }

    /** No more replies will come, for reason {@code why}. Completes when the session has all actions. */
    Future<Void> close(String why) {
        actions.ended(why, Instant.now());
        reporter.add(actions.take());
        return reporter.close();
    }

    private void report() {
        reporter.add(actions.take());
        onChange.run();
    }

    /** Reports a client's actions to its session in order, one batch at a time. */
    static final class ActionReporter {
        private static final Logger log = LoggerFactory.getLogger(ActionReporter.class);
        private static final int MAX_BATCH = 200;

        private final Function<List<ActionEntry>, Future<?>> deliver;
        private final Runnable onDelivered;
        private final Queue<ActionEntry> waiting = new ArrayDeque<>();
        private final Promise<Void> done = Promise.promise();
        private boolean delivering;
        private boolean closing;

        /**
         * @param deliver completes when the session has a batch
         * @param onDelivered called after each batch
         */
        ActionReporter(Function<List<ActionEntry>, Future<?>> deliver, Runnable onDelivered) {
            this.deliver = deliver;
            this.onDelivered = onDelivered;
        }

        void add(Collection<ActionEntry> actions) {
            waiting.addAll(actions);
            deliverNext();
        }

        int waiting() {
            return waiting.size();
        }

        Future<Void> close() {
            closing = true;
            deliverNext();
            return done.future();
        }

        private void deliverNext() {
            if (delivering) {
                return;
            }
            if (waiting.isEmpty()) {
                if (closing) {
                    done.tryComplete();
                }
                return;
            }
            List<ActionEntry> batch = new ArrayList<>();
            while (batch.size() < MAX_BATCH && !waiting.isEmpty()) {
                batch.add(waiting.remove());
            }
            delivering = true;
            Future.succeededFuture()
                    .compose(now -> deliver.apply(batch))
                    .onFailure(e -> log.warn(
                            "{} actions of a CDP client could not be logged: {}", batch.size(), e.getMessage()))
                    .onComplete(delivered -> {
                        delivering = false;
                        onDelivered.run();
                        deliverNext();
                    });
        }
    }
}
