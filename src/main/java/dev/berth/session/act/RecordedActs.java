package dev.berth.session.act;

import dev.berth.browser.PageAct;
import dev.berth.loop.Scheduler;
import dev.berth.loop.Scheduler.Timer;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionElement;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.Cost;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes log entries of what pages tell that people and CDP clients did: one for a field that is filled in, with its last value; one for a
 * double click; one for a scroll. Runs on the session's context.
 */
public final class RecordedActs {
    private static final String REDACTED = "[redacted]";
    /** A field may be typed into slowly; each other entry ends it, too. */
    private static final Map<String, Long> PATIENCE = Map.of("fill", 5_000L, "scroll", 1_000L, "click", 2_000L);

    /** Chrome answers a client before it passes on what the page tells Berth of the same files. */
    private static final long UPLOAD_MILLIS = 1_000;

    private final Scheduler scheduler;
    private final Consumer<ActionEntry> log;
    private final LiveEntries people;
    private final LiveEntries clients;
    /** The latest upload of which a page tells. */
    private Optional<PageAct> upload = Optional.empty();

    /** Files that were given, of which no page has told yet. */
    private Optional<ActionEntry> given = Optional.empty();

    private Optional<Timer> patience = Optional.empty();

    private Optional<Pending> pending = Optional.empty();
    private Optional<Timer> rest = Optional.empty();
    private boolean closed;

    /** An act that may grow. */
    private record Pending(PageAct first, PageAct latest) {}

    public RecordedActs(Scheduler scheduler, Consumer<ActionEntry> log) {
        this.scheduler = scheduler;
        this.log = log;
        this.people = LiveEntries.ofPeople(scheduler, log);
        this.clients = LiveEntries.ofClients(scheduler, log);
    }

    /** A page tells of files that its field has been given, and of the field itself a little later. */
    public void uploading(PageAct act) {
        upload = Optional.of(act);
        given = given.filter(entry -> !isTold(entry));
    }

    /** A page tells of an act. */
    public void told(PageAct act) {
        logGiven();
        Optional<PageAct> grown = pending.flatMap(before -> merged(before.latest(), act));
        if (grown.isEmpty()) {
            flush();
        }
        pending = Optional.of(
                new Pending(grown.flatMap(more -> pending).map(Pending::first).orElse(act), grown.orElse(act)));
        rest.ifPresent(Timer::cancel);
        rest = Optional.ofNullable(PATIENCE.get(act.type())).map(millis -> scheduler.after(millis, this::flush));
        if (rest.isEmpty() || closed) {
            flush();
        }
    }

    private static Optional<PageAct> merged(PageAct before, PageAct act) {
        boolean same = before.type().equals(act.type())
                && before.pageId().equals(act.pageId())
                && before.source() == act.source()
                && before.element().equals(act.element());
        if (!same) {
            return Optional.empty();
        }
        return switch (act.type()) {
            case "fill" -> Optional.of(act);
            case "scroll" -> Optional.of(scrolled(before, act));
            case "click" ->
                Optional.of(act).filter(next -> number(next, "clickCount") == number(before, "clickCount") + 1);
            default -> Optional.empty();
        };
    }

    private static PageAct scrolled(PageAct before, PageAct act) {
        return new PageAct(
                act.pageId(),
                act.source(),
                act.type(),
                act.element(),
                Map.of("x", number(before, "x") + number(act, "x"), "y", number(before, "y") + number(act, "y")),
                act.at());
    }

    private static double number(PageAct act, String name) {
        return act.details().get(name) instanceof Number number ? number.doubleValue() : 0;
    }

    /**
     * Records an act by other means than mouse and keys. Pages tell nothing of that, but for files: a page tells of them about
     * then, if their field is in a document, and its entry names the field.
     */
    public void did(ActionEntry entry) {
        logGiven();
        boolean files = entry.success() && entry.type().equals("upload");
        if (!files || (closed && !isTold(entry))) {
            log(entry);
        } else if (!isTold(entry)) {
            given = Optional.of(entry);
            patience = Optional.of(scheduler.after(UPLOAD_MILLIS, this::logGiven));
        }
    }

    private boolean isTold(ActionEntry files) {
        return upload.filter(act -> files.pageId().equals(Optional.of(act.pageId()))
                        && !act.at().isBefore(files.timestamp()))
                .isPresent();
    }

    /** No page tells of these files any more, as what comes after them is told already. */
    private void logGiven() {
        patience.ifPresent(Timer::cancel);
        patience = Optional.empty();
        Optional<ActionEntry> untold = given;
        given = Optional.empty();
        untold.ifPresent(this::log);
    }

    /**
     * Logs, before an entry that comes, the act that the entry may be a consequence of. The entry of another source is no consequence, and
     * ends no field and no double click.
     */
    public void before(ActionEntry entry) {
        logGiven();
        boolean goesOn =
                pending.filter(act -> act.latest().source() != entry.source()).isPresent();
        if (!goesOn) {
            flush();
        }
    }

    private void flush() {
        rest.ifPresent(Timer::cancel);
        rest = Optional.empty();
        Optional<Pending> ended = pending;
        pending = Optional.empty();
        ended.ifPresent(act -> told(entry(act)));
    }

    /** The log ends soon: nothing waits any more, nor does what still comes. */
    public void close() {
        closed = true;
        logGiven();
        flush();
        people.flush();
        clients.flush();
    }

    private void told(ActionEntry entry) {
        if (entry.source() == ActionSource.LIVE) {
            log(entry);
        } else {
            clients.add(entry);
            if (closed) {
                clients.flush();
            }
        }
    }

    private void log(ActionEntry entry) {
        if (entry.source() == ActionSource.LIVE) {
            people.add(entry);
            if (closed) {
                people.flush();
            }
        } else {
            log.accept(entry);
        }
    }

    private static ActionEntry entry(Pending act) {
        PageAct latest = act.latest();
        return new ActionEntry(
                ActionEntry.newId(),
                latest.type(),
                act.first().at(),
                true,
                details(latest),
                // A page tells how long ago an act was: two that follow each other at once may seem to be in the other
                // order.
                Math.max(0, Duration.between(act.first().at(), latest.at()).toMillis()),
                latest.source(),
                Optional.empty(),
                Cost.NONE);
    }

    private static Map<String, Object> details(PageAct act) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put(ActionEntry.PAGE_ID, act.pageId());
        act.element().flatMap(ActionElement::selector).ifPresent(selector -> details.put("selector", selector));
        details.putAll(act.details());
        if (Boolean.TRUE.equals(details.remove("secret"))) {
            details.put(act.type().equals("paste") ? "text" : "value", REDACTED);
        }
        act.element().ifPresent(element -> details.put(ActionEntry.ELEMENT, element.details()));
        if (details.get("toElement") instanceof Map<?, ?> told) {
            ActionElement end = ActionElement.of(told);
            end.selector().ifPresent(selector -> details.put("to", selector));
            details.put("toElement", end.details());
        }
        return details;
    }
}
