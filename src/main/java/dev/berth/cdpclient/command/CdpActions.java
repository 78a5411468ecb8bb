package dev.berth.cdpclient.command;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.Cost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Derives action log entries from a client's commands and Chrome's replies. Typed text is counted, never kept. */
public final class CdpActions {
    /** Keys and wheel turns with shorter gaps become one action. */
    public static final Duration BURST_GAP = Duration.ofSeconds(1);

    private static final String PAGE = "pageId";

    /** How long a command may be unanswered: longer than any navigation takes. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Function<String, Optional<String>> pageOf;
    private final Map<Long, PendingAction> awaited = new HashMap<>();
    private final List<ActionEntry> finished = new ArrayList<>();
    private Optional<PendingAction> burst = Optional.empty();

    /** @param pageOf the page to which a CDP session of the client belongs */
    public CdpActions(Function<String, Optional<String>> pageOf) {
        this.pageOf = pageOf;
    }

    /** An action that is not finished: it ends when it no longer grows and all of its commands are answered. */
    private static final class PendingAction {
        final String type;
        final Instant start;
        final Map<String, Object> details;
        Instant lastSent;
        Instant lastReply;
        Optional<String> error = Optional.empty();
        int unanswered;
        boolean growing;

        PendingAction(CdpMeaning meaning, Instant start) {
            this.type = meaning.type();
            this.details = new LinkedHashMap<>(meaning.details());
            this.start = start;
            this.lastSent = start;
            this.lastReply = start;
            this.growing = meaning.burst();
        }

        boolean isOn(Optional<String> page) {
            return page.equals(Optional.ofNullable(details.get(PAGE)));
        }

        void add(CdpMeaning more, Instant at) {
            more.details().forEach((name, value) -> details.merge(name, value, PendingAction::sum));
            lastSent = at;
        }

        private static Object sum(Object a, Object b) {
            return a instanceof Integer x && b instanceof Integer y
                    ? (Object) (x + y)
                    : ((Number) a).doubleValue() + ((Number) b).doubleValue();
        }

        ActionEntry entry() {
            return new ActionEntry(
                    ActionEntry.newId(),
                    type,
                    start,
                    error.isEmpty(),
                    details,
                    Duration.between(start, lastReply).toMillis(),
                    ActionSource.CDP,
                    error,
                    Cost.NONE);
        }
    }

    public boolean awaits(long id) {
        return awaited.containsKey(id);
    }

    public int unanswered() {
        return awaited.size();
    }

    /** Whether there is a burst for {@link #tick} to end. */
    public boolean inBurst() {
        return burst.isPresent();
    }

    public void sent(CdpCommand command, Instant at) {
        if (command.id().isEmpty()) {
            return; // Chrome refuses it
        }
        CdpMeaning.of(command).ifPresent(meaning -> {
            PendingAction action = action(meaning, command, at);
            action.unanswered++;
            PendingAction sameId = awaited.put(command.id().getAsLong(), action);
            if (sameId != null) {
                answered(sameId, Optional.empty(), at);
            }
        });
    }

    public void refused(CdpCommand command, String why, Instant at) {
        CdpMeaning.of(command).ifPresent(meaning -> {
            PendingAction action = action(meaning, command, at);
            action.unanswered++;
            answered(action, Optional.of(why), at);
        });
    }

    private PendingAction action(CdpMeaning meaning, CdpCommand command, Instant at) {
        tick(at);
        Optional<String> page = command.sessionId().flatMap(pageOf).or(() -> CdpMeaning.closedTarget(command));
        if (meaning.burst()
                && burst.filter(action -> action.type.equals(meaning.type()) && action.isOn(page))
                        .isPresent()) {
            burst.get().add(meaning, at);
            return burst.get();
        }
        endBurst();
        PendingAction action = new PendingAction(meaning, at);
        page.ifPresent(id -> action.details.put(PAGE, id));
        burst = meaning.burst() ? Optional.of(action) : Optional.empty();
        return action;
    }

    public void replied(CdpReply reply, Instant at) {
        PendingAction action = awaited.remove(reply.id());
        if (action != null) {
            // The page that a command has opened.
            reply.targetId().ifPresent(page -> action.details.put(PAGE, page));
            answered(
                    action,
                    reply.error().or(() -> action.type.equals("navigate") ? reply.errorText() : Optional.empty()),
                    at);
        }
    }

    private void answered(PendingAction action, Optional<String> error, Instant at) {
        action.unanswered--;
        action.lastReply = at;
        action.error = action.error.or(() -> error);
        finishIfOver(action);
    }

    /** Time has passed: ends a burst that has not grown for long enough. */
    public void tick(Instant now) {
        if (burst.filter(action -> Duration.between(action.lastSent, now).compareTo(BURST_GAP) >= 0)
                .isPresent()) {
            endBurst();
        }
    }

    private void endBurst() {
        burst.ifPresent(action -> {
            action.growing = false;
            finishIfOver(action);
        });
        burst = Optional.empty();
    }

    private void finishIfOver(PendingAction action) {
        if (!action.growing && action.unanswered == 0) {
            finished.add(action.entry());
        }
    }

    /** Gives up on old commands. Some are never answered, such as a click that closes its page. */
    public void expire(Instant now) {
        awaited.entrySet().removeIf(each -> {
            boolean late = Duration.between(each.getValue().lastSent, now).compareTo(PATIENCE) > 0;
            if (late) {
                answered(each.getValue(), Optional.of("the browser did not answer it"), now);
            }
            return late;
        });
    }

    /** No more replies will come. */
    public void ended(String why, Instant at) {
        endBurst();
        List<PendingAction> unanswered = List.copyOf(awaited.values());
        awaited.clear();
        unanswered.forEach(action -> answered(action, Optional.of(why), at));
    }

    /** Gives the actions that finished since the last call. */
    public List<ActionEntry> take() {
        List<ActionEntry> taken = List.copyOf(finished);
        finished.clear();
        return taken;
    }
}
