package dev.berth.http;

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
import java.util.Set;
import java.util.UUID;

/** Tells from a client's commands, and from how they are answered, what it does. Typed text is counted, never kept. */
final class CdpActions {
    /** Keys and wheel turns that follow one another faster are one action. */
    static final Duration BURST_GAP = Duration.ofSeconds(1);

    private static final int MAX_URL_CHARS = 2_000;
    private static final int ALT_CONTROL_META = 1 | 2 | 4;
    private static final Set<String> MODIFIERS = Set.of("Shift", "Control", "Alt", "Meta");
    private static final Set<String> WATCHED = Set.of(
            "Page.navigate",
            "Page.reload",
            "Page.navigateToHistoryEntry",
            "Page.captureScreenshot",
            "Page.printToPDF",
            "Page.handleJavaScriptDialog",
            "Page.setDocumentContent",
            "Page.close",
            "Target.createTarget",
            "Target.closeTarget",
            "DOM.setFileInputFiles",
            "Storage.setCookies",
            "Network.setCookie",
            "Network.setCookies",
            "Input.dispatchMouseEvent",
            "Input.dispatchKeyEvent",
            "Input.dispatchTouchEvent",
            "Input.dispatchDragEvent",
            "Input.insertText");

    private final Map<Long, Deed> awaited = new HashMap<>();
    private final List<ActionEntry> finished = new ArrayList<>();
    private Optional<Deed> burst = Optional.empty();

    /** What a command is: {@code burst} where it is one with others like it. */
    private record Meaning(String type, Map<String, Object> details, boolean burst) {
        static Optional<Meaning> of(String type, Map<String, Object> details) {
            return Optional.of(new Meaning(type, details, false));
        }

        static Optional<Meaning> ofBurst(String type, Map<String, Object> details) {
            return Optional.of(new Meaning(type, details, true));
        }
    }

    /** One action on its way: it is over when it does not grow any more and all its commands are answered. */
    private static final class Deed {
        final String type;
        final Instant start;
        final Map<String, Object> details;
        Instant lastSent;
        Instant lastReply;
        Optional<String> error = Optional.empty();
        int unanswered;
        boolean growing;

        Deed(Meaning meaning, Instant start) {
            this.type = meaning.type();
            this.details = new LinkedHashMap<>(meaning.details());
            this.start = start;
            this.lastSent = start;
            this.lastReply = start;
            this.growing = meaning.burst();
        }

        void add(Meaning more, Instant at) {
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
                    "action-" + UUID.randomUUID(),
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

    /** Whether commands of this method may be actions. */
    static boolean watches(String method) {
        return WATCHED.contains(method);
    }

    /** Whether replies are waited for. */
    boolean awaiting() {
        return !awaited.isEmpty();
    }

    boolean awaits(long id) {
        return awaited.containsKey(id);
    }

    /** How many commands are not answered yet. */
    int unanswered() {
        return awaited.size();
    }

    /** Whether there is a burst that {@link #tick} will end. */
    boolean inBurst() {
        return burst.isPresent();
    }

    /** A command went to Chrome. */
    void sent(CdpCommand command, Instant at) {
        if (command.id().isEmpty()) {
            return; // Chrome refuses it
        }
        meaning(command).ifPresent(meaning -> {
            Deed deed = deed(meaning, at);
            deed.unanswered++;
            Deed sameId = awaited.put(command.id().getAsLong(), deed);
            if (sameId != null) {
                answered(sameId, Optional.empty(), at);
            }
        });
    }

    /** A command was kept from Chrome. */
    void refused(CdpCommand command, String why, Instant at) {
        meaning(command).ifPresent(meaning -> {
            Deed deed = deed(meaning, at);
            deed.unanswered++;
            answered(deed, Optional.of(why), at);
        });
    }

    private Deed deed(Meaning meaning, Instant at) {
        tick(at);
        if (meaning.burst()
                && burst.filter(deed -> deed.type.equals(meaning.type())).isPresent()) {
            burst.get().add(meaning, at);
            return burst.get();
        }
        endBurst();
        Deed deed = new Deed(meaning, at);
        burst = meaning.burst() ? Optional.of(deed) : Optional.empty();
        return deed;
    }

    void replied(CdpReply reply, Instant at) {
        Deed deed = awaited.remove(reply.id());
        if (deed != null) {
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

    /** Time goes by: ends a burst that has not gone on. */
    void tick(Instant now) {
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

    /** No replies will come any more. */
    void ended(String why, Instant at) {
        endBurst();
        List<Deed> unanswered = List.copyOf(awaited.values());
        awaited.clear();
        unanswered.forEach(deed -> answered(deed, Optional.of(why), at));
    }

    /** What is over since the last time. */
    List<ActionEntry> take() {
        List<ActionEntry> taken = List.copyOf(finished);
        finished.clear();
        return taken;
    }

    private static Optional<Meaning> meaning(CdpCommand command) {
        return switch (command.method()) {
            case "Page.navigate" -> Meaning.of("navigate", url(command));
            case "Page.reload" -> Meaning.of("reload", Map.of());
            case "Page.navigateToHistoryEntry" -> Meaning.of("navigate-history", pick(command, "entryId"));
            case "Page.captureScreenshot" -> Meaning.of("screenshot", format(command));
            case "Page.printToPDF" -> Meaning.of("pdf", Map.of());
            case "Page.handleJavaScriptDialog" -> Meaning.of("dialog", pick(command, "accept"));
            case "Page.setDocumentContent" -> Meaning.of("set-content", Map.of());
            case "Target.createTarget" -> Meaning.of("open-page", url(command));
            case "Target.closeTarget", "Page.close" -> Meaning.of("close-page", pick(command, "targetId"));
            case "DOM.setFileInputFiles" ->
                Meaning.of("upload", Map.of("files", command.texts("files").size()));
            case "Storage.setCookies", "Network.setCookie", "Network.setCookies" -> Meaning.of("cookies", Map.of());
            default -> input(command);
        };
    }

    private static Optional<Meaning> input(CdpCommand command) {
        String event = command.text("type").orElse("");
        return switch (command.method()) {
            case "Input.dispatchMouseEvent" -> mouse(command, event);
            case "Input.dispatchKeyEvent" -> key(command, event);
            case "Input.insertText" -> typed(command);
            case "Input.dispatchTouchEvent" ->
                event.equals("touchEnd") ? Meaning.of("tap", Map.of()) : Optional.empty();
            case "Input.dispatchDragEvent" ->
                event.equals("drop") ? Meaning.of("drag", pick(command, "x", "y")) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Meaning> mouse(CdpCommand command, String event) {
        return switch (event) {
            case "mouseReleased" -> Meaning.of("click", pick(command, "x", "y", "button", "clickCount"));
            case "mouseWheel" ->
                Meaning.ofBurst(
                        "scroll",
                        Map.of(
                                "deltaX", command.number("deltaX").orElse(0),
                                "deltaY", command.number("deltaY").orElse(0)));
            default -> Optional.empty();
        };
    }

    /** A key that has a name, or is pressed with Control and the like, is a press; others are typing. */
    private static Optional<Meaning> key(CdpCommand command, String event) {
        String key = command.text("key").orElse("");
        boolean chord = (command.number("modifiers").orElse(0).intValue() & ALT_CONTROL_META) != 0;
        boolean down = event.equals("keyDown") || event.equals("rawKeyDown");
        if (down && !MODIFIERS.contains(key) && (characters(key) > 1 || chord && !key.isEmpty())) {
            return Meaning.of("press", Map.of("key", cut(key)));
        }
        boolean printable = characters(key) <= 1 && !chord;
        return printable && (down || event.equals("char")) ? typed(command) : Optional.empty();
    }

    private static Optional<Meaning> typed(CdpCommand command) {
        int characters = characters(command.text("text").orElse(""));
        return characters == 0 ? Optional.empty() : Meaning.ofBurst("type", Map.of("characters", characters));
    }

    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }

    private static Map<String, Object> url(CdpCommand command) {
        return Map.of("url", cut(command.text("url").orElse("")));
    }

    private static Map<String, Object> format(CdpCommand command) {
        return Map.of("format", cut(command.text("format").orElse("png")));
    }

    /** The parameters of these names that are there, in this order. */
    private static Map<String, Object> pick(CdpCommand command, String... names) {
        Map<String, Object> picked = new LinkedHashMap<>();
        for (String name : names) {
            Object value = command.params().get(name);
            if (value instanceof String text) {
                picked.put(name, cut(text));
            } else if (value instanceof Number || value instanceof Boolean) {
                picked.put(name, value);
            }
        }
        return picked;
    }

    private static String cut(String text) {
        return text.length() <= MAX_URL_CHARS ? text : text.substring(0, MAX_URL_CHARS) + "…";
    }
}
