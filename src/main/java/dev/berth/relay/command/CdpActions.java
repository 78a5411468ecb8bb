package dev.berth.relay.command;

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

    /** Longer than any navigation takes. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Function<String, Optional<String>> pageOf;
    private final Map<Long, Deed> awaited = new HashMap<>();
    private final List<ActionEntry> finished = new ArrayList<>();
    private Optional<Deed> burst = Optional.empty();

    /** @param pageOf the page to which a CDP session of the client belongs */
    public CdpActions(Function<String, Optional<String>> pageOf) {
        this.pageOf = pageOf;
    }

    /** An action that is not finished: it ends when it no longer grows and all of its commands are answered. */
    private static final class Deed {
        final String type;
        final Instant start;
        final Map<String, Object> details;
        Instant lastSent;
        Instant lastReply;
        Optional<String> error = Optional.empty();
        int unanswered;
        boolean growing;

        Deed(CdpMeaning meaning, Instant start) {
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
            more.details().forEach((name, value) -> details.merge(name, value, Deed::sum));
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

    /** Whether any command waits for its reply. */
    public boolean awaiting() {
        return !awaited.isEmpty();
    }

    public boolean awaits(long id) {
        return awaited.containsKey(id);
    }

    /** How many commands have no reply yet. */
    public int unanswered() {
        return awaited.size();
    }

    /** Whether there is a burst for {@link #tick} to end. */
    public boolean inBurst() {
        return burst.isPresent();
    }

    /** A command was sent to Chrome. */
    public void sent(CdpCommand command, Instant at) {
        if (command.id().isEmpty()) {
            return; // Chrome refuses it
        }
        CdpMeaning.of(command).ifPresent(meaning -> {
            Deed deed = deed(meaning, command, at);
            deed.unanswered++;
            Deed sameId = awaited.put(command.id().getAsLong(), deed);
            if (sameId != null) {
                answered(sameId, Optional.empty(), at);
            }
        });
    }

    /** A command was refused, so Chrome does not get it. */
    public void refused(CdpCommand command, String why, Instant at) {
        CdpMeaning.of(command).ifPresent(meaning -> {
            Deed deed = deed(meaning, command, at);
            deed.unanswered++;
            answered(deed, Optional.of(why), at);
        });
    }

    private Deed deed(CdpMeaning meaning, CdpCommand command, Instant at) {
        tick(at);
        Optional<String> page = command.sessionId().flatMap(pageOf).or(() -> CdpMeaning.closedTarget(command));
        if (meaning.burst()
                && burst.filter(deed -> deed.type.equals(meaning.type()) && deed.isOn(page))
                        .isPresent()) {
            burst.get().add(meaning, at);
            return burst.get();
        }
        endBurst();
        Deed deed = new Deed(meaning, at);
        page.ifPresent(id -> deed.details.put(PAGE, id));
        burst = meaning.burst() ? Optional.of(deed) : Optional.empty();
        return deed;
    }

    public void replied(CdpReply reply, Instant at) {
        Deed deed = awaited.remove(reply.id());
        if (deed != null) {
            // The page that a command has opened.
            reply.targetId().ifPresent(page -> deed.details.put(PAGE, page));
            answered(
                    deed,
                    reply.error().or(() -> deed.type.equals("navigate") ? reply.errorText() : Optional.empty()),
                    at);
        }
    }

    private void answered(Deed deed, Optional<String> error, Instant at) {
        deed.unanswered--;
        deed.lastReply = at;
        deed.error = deed.error.or(() -> error);
        finishIfOver(deed);
    }

    /** Time has passed: ends a burst that has not grown for long enough. */
    public void tick(Instant now) {
        if (burst.filter(deed -> Duration.between(deed.lastSent, now).compareTo(BURST_GAP) >= 0)
                .isPresent()) {
            endBurst();
        }
    }

    private void endBurst() {
        burst.ifPresent(deed -> {
            deed.growing = false;
            finishIfOver(deed);
        });
        burst = Optional.empty();
    }

    private void finishIfOver(Deed deed) {
        if (!deed.growing && deed.unanswered == 0) {
            finished.add(deed.entry());
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
        List<Deed> unanswered = List.copyOf(awaited.values());
        awaited.clear();
        unanswered.forEach(deed -> answered(deed, Optional.of(why), at));
    }

    /** Gives the actions that finished since the last call. */
    public List<ActionEntry> take() {
        List<ActionEntry> taken = List.copyOf(finished);
        finished.clear();
        return taken;
    }
}
