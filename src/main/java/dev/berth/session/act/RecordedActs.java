package dev.berth.session.act;

import dev.berth.browser.PageAct;
import dev.berth.loop.Scheduler;
import dev.berth.loop.Scheduler.Timer;
import dev.berth.protocol.ActionElement;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.Cost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes log entries of what pages tell that people and CDP clients did: one for a field that is filled in, with its last value; one for a
 * double click; one for a scroll. What is known of mouse and keys alone is logged only where the page tells nothing of it, such as one
 * without a document. Runs on the session's context.
 */
public final class RecordedActs {
    private static final String REDACTED = "[redacted]";
    /** A field may be typed into slowly; each other entry ends it, too. */
    private static final Map<String, Long> PATIENCE = Map.of("fill", 5_000L, "scroll", 1_000L, "click", 2_000L);
    /** By then a page has told of what it took. */
    static final long TELLING_MILLIS = 500;

    /** A client may use its mouse faster than a page tells; the oldest is judged then. */
    private static final int MAX_RAW = 1_000;

    private static final int MAX_PAGES = 1_000;
    /** What mouse, keys and files are logged as where pages do not tell, with what pages tell of instead. */
    private static final Map<String, Set<String>> RAW = Map.of(
            "click", Set.of("click", "drag"),
            "drag", Set.of("click", "drag"),
            "touch", Set.of("click", "scroll"),
            "tap", Set.of("click", "scroll"),
            "type", Set.of("fill", "press"),
            "press", Set.of("fill", "press"),
            "paste", Set.of("fill"),
            "scroll", Set.of("scroll"),
            "select", Set.of("select", "fill"),
            "upload", Set.of("upload"));

    private final Scheduler scheduler;
    private final Consumer<ActionEntry> log;
    private final LiveEntries people;
    private final LiveEntries clients;
    /** When each page told something of each kind for the last time. */
    private final Map<String, Map<String, Instant>> heard = new LinkedHashMap<>();

    private final Deque<Raw> raw = new ArrayDeque<>();
    private Optional<Timer> judging = Optional.empty();
    private Optional<Pending> pending = Optional.empty();
    private Optional<Timer> rest = Optional.empty();
    private boolean closed;

    private record Raw(ActionEntry entry, Instant due) {}

    /** An act that may grow. */
    private record Pending(PageAct first, PageAct latest) {}

    public RecordedActs(Scheduler scheduler, Consumer<ActionEntry> log) {
        this.scheduler = scheduler;
        this.log = log;
        this.people = LiveEntries.ofPeople(scheduler, log);
        this.clients = LiveEntries.ofClients(scheduler, log);
    }

    /** A page tells of an act. */
    public void told(PageAct act) {
        boolean isAct = !act.type().equals(PageAct.HEARD);
        heard(act.pageId(), isAct ? act.type() : String.valueOf(act.details().get("by")));
        if (!isAct) {
            return;
        }
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

    private void heard(String pageId, String kind) {
        if (PageAct.TYPES.contains(kind)) {
            heard.computeIfAbsent(pageId, page -> new HashMap<>()).put(kind, scheduler.now());
        }
        if (heard.size() > MAX_PAGES) {
            heard.remove(heard.keySet().iterator().next());
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

    /** What mouse or keys did; logged unless the page tells of it. Others are logged at once. */
    public void raw(ActionEntry entry) {
        if (!entry.success() || !RAW.containsKey(entry.type()) || entry.pageId().isEmpty()) {
            log(entry);
            return;
        }
        raw.add(new Raw(entry, scheduler.now().plusMillis(TELLING_MILLIS)));
        if (raw.size() > MAX_RAW) {
            judge(raw.remove().entry());
        }
        if (closed) {
            close();
        } else if (judging.isEmpty()) {
            judging = Optional.of(scheduler.after(TELLING_MILLIS, this::judge));
        }
    }

    private void judge() {
        Instant now = scheduler.now();
        while (!raw.isEmpty() && !raw.peek().due().isAfter(now)) {
            judge(raw.remove().entry());
        }
        judging = raw.isEmpty()
                ? Optional.empty()
                : Optional.of(scheduler.after(
                        Math.max(1, Duration.between(now, raw.peek().due()).toMillis()), this::judge));
    }

    private void judge(ActionEntry entry) {
        Map<String, Instant> told = heard.getOrDefault(entry.pageId().orElse(""), Map.of());
        boolean knows = RAW.get(entry.type()).stream()
                .map(told::get)
                .anyMatch(at -> at != null && !at.isBefore(entry.timestamp()));
        if (!knows) {
            log(entry);
        }
    }

    /**
     * An entry comes: what it may be a consequence of comes first. What others do meanwhile is none, and ends no field and no double
     * click.
     */
    public void before(ActionEntry entry) {
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
        flush();
        judging.ifPresent(Timer::cancel);
        raw.forEach(each -> judge(each.entry()));
        raw.clear();
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
                Duration.between(act.first().at(), latest.at()).toMillis(),
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
            details.put("value", REDACTED);
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
