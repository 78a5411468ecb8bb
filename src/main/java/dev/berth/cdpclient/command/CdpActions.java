package dev.berth.cdpclient.command;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
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

/** Derives action log entries from a client's commands and Chrome's replies. */
public final class CdpActions {
    private static final String PAGE = "pageId";

    /** How long a command may be unanswered: longer than any navigation takes. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Function<String, Optional<String>> pageOf;
    private final Map<Long, PendingAction> awaited = new HashMap<>();
    private final List<ActionEntry> finished = new ArrayList<>();

    /** @param pageOf the page to which a CDP session of the client belongs */
    public CdpActions(Function<String, Optional<String>> pageOf) {
        this.pageOf = pageOf;
    }

    /** An action that Chrome has not answered. */
    private record PendingAction(String type, Instant start, Map<String, Object> details) {
        ActionEntry entry(Optional<String> error, Instant at) {
            return new ActionEntry(
                    ActionEntry.newId(),
                    type,
                    start,
                    error.isEmpty(),
                    details,
                    Duration.between(start, at).toMillis(),
                    ActionSource.CDP,
                    error,
                    Cost.NONE);
        }
    }

    public boolean awaits(long id) {
        return awaited.containsKey(id);
    }

    /** The URL of the navigation that this command asked for; empty for any other command. */
    public Optional<String> navigatesTo(long id) {
        return Optional.ofNullable(awaited.get(id))
                .filter(action -> action.type().equals("navigate"))
                .map(action -> (String) action.details().get("url"));
    }

    public int unanswered() {
        return awaited.size();
    }

    public void sent(CdpCommand command, Instant at) {
        if (command.id().isEmpty()) {
            return; // Chrome refuses it
        }
        action(command, at).ifPresent(action -> {
            PendingAction sameId = awaited.put(command.id().getAsLong(), action);
            if (sameId != null) {
                finished.add(sameId.entry(Optional.empty(), at));
            }
        });
    }

    /**
     * The policy refused a command. Refused uploads are not logged: chromedriver asks only for files that exist, so that their entries would
     * tell which files the server's machine has.
     */
    public void refused(CdpCommand command, String why, Instant at) {
        action(command, at)
                .filter(action -> !action.type().equals("upload"))
                .ifPresent(action -> finished.add(action.entry(Optional.of(why), at)));
    }

    private Optional<PendingAction> action(CdpCommand command, Instant at) {
        return CdpMeaning.of(command).map(meaning -> {
            Map<String, Object> details = new LinkedHashMap<>(meaning.details());
            CdpMeaning.closedTarget(command)
                    .or(() -> pageOf.apply(command.sessionId().orElse("")))
                    .ifPresent(page -> details.put(PAGE, page));
            return new PendingAction(meaning.type(), at, details);
        });
    }

    public void replied(CdpReply reply, Instant at) {
        PendingAction action = awaited.remove(reply.id());
        if (action != null) {
            // The page that a command has opened.
            reply.targetId().ifPresent(page -> action.details().put(PAGE, page));
            Optional<String> error =
                    reply.error().or(() -> action.type().equals("navigate") ? reply.errorText() : Optional.empty());
            finished.add(action.entry(error, at));
        }
    }

    /** Gives up on old commands. Some commands are never answered, such as one whose page closes. */
    public void expire(Instant now) {
        awaited.entrySet().removeIf(each -> {
            boolean late = Duration.between(each.getValue().start(), now).compareTo(PATIENCE) > 0;
            if (late) {
                finished.add(each.getValue().entry(Optional.of("the browser did not answer it"), now));
            }
            return late;
        });
    }

    /** No more replies will come. */
    public void ended(String why, Instant at) {
        awaited.values().forEach(action -> finished.add(action.entry(Optional.of(why), at)));
        awaited.clear();
    }

    /** Gives the actions that finished since the last call. */
    public List<ActionEntry> take() {
        List<ActionEntry> taken = List.copyOf(finished);
        finished.clear();
        return taken;
    }
}
