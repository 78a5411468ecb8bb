package dev.berth.session.act;

import dev.berth.loop.Scheduler;
import dev.berth.loop.Scheduler.Timer;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.LiveCommand.ChooseFiles;
import dev.berth.protocol.LiveCommand.ChooseOptions;
import dev.berth.protocol.LiveCommand.Copy;
import dev.berth.protocol.LiveCommand.Key;
import dev.berth.protocol.LiveCommand.KeyAction;
import dev.berth.protocol.LiveCommand.Mouse;
import dev.berth.protocol.LiveCommand.MouseAction;
import dev.berth.protocol.LiveCommand.Paste;
import dev.berth.protocol.LiveCommand.Text;
import dev.berth.protocol.LiveCommand.Touch;
import dev.berth.protocol.LiveCommand.TouchAction;
import dev.berth.protocol.LiveCommand.TouchPoint;
import dev.berth.protocol.UploadedFile;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes log entries of what people did: one for a click or a touch, where it ended; one for all that is typed in one go; none for moves
 * of the mouse. What goes into a field for a secret is in none. Dialogs that people answer are logged by SessionBrowserListener.
 */
final class LiveLog {
    static final String REDACTED = "[redacted]";
    private static final long BURST_MILLIS = 1_500;
    /** A hand that clicks shakes. */
    private static final double STILL_PIXELS = 5;

    private final Scheduler scheduler;
    private final Consumer<ActionEntry> log;
    /** When the latest command came. */
    private Instant began = Instant.EPOCH;

    private Optional<TypedText> typing = Optional.empty();
    private Optional<Timer> pause = Optional.empty();
    private Optional<Press> press = Optional.empty();
    private Optional<Press> touch = Optional.empty();

    private record Press(String pageId, double x, double y, Instant at) {}

    LiveLog(Scheduler scheduler, Consumer<ActionEntry> log) {
        this.scheduler = scheduler;
        this.log = log;
    }

    /**
     * @param secret whether what was typed must not be kept
     * @param begun when the command came
     */
    void did(LiveCommand<?> command, boolean secret, Envelope envelope, Instant begun) {
        began = begun;
        if (command instanceof Key key) {
            pressed(key, secret, envelope);
        } else if (command instanceof Text text) {
            typing(text.pageId(), secret, envelope).add(text.text());
        } else if (command instanceof Mouse mouse) {
            mouse(mouse, envelope);
        } else if (command instanceof Touch touched) {
            touch(touched, envelope);
        } else if (command instanceof Paste paste) {
            add("paste", details(paste, "text", secret ? REDACTED : paste.text()), envelope);
        } else if (command instanceof ChooseOptions choose) {
            add("select", details(choose, "indexes", choose.indexes()), envelope);
        } else if (command instanceof ChooseFiles choose) {
            Object names = choose.files().stream().map(UploadedFile::name).toList();
            add("upload", details(choose, "files", names), envelope);
        }
    }

    void copied(Copy copy, int characters, Envelope envelope, Instant begun) {
        began = begun;
        add("copy", details(copy, "characters", characters), envelope);
    }

    private void pressed(Key key, boolean secret, Envelope envelope) {
        Optional<String> name = TypedText.name(key);
        if (key.action() == KeyAction.UP) {
            return;
        }
        if (name.isPresent()) {
            // Which key it was tells nothing of a secret, so that it does not begin another entry.
            boolean within = typing.map(TypedText::isSecret).orElse(secret);
            typing(key.pageId(), within, envelope).press(name.get());
        } else if (!key.text().isEmpty()) {
            typing(key.pageId(), secret, envelope).add(key.text());
        }
    }

    /** What is being typed there; it ends after a rest. */
    private TypedText typing(String pageId, boolean secret, Envelope envelope) {
        if (typing.filter(now -> now.continues(pageId, secret, envelope)).isEmpty()) {
            flush();
            typing = Optional.of(new TypedText(pageId, secret, envelope, began));
        }
        pause.ifPresent(Timer::cancel);
        pause = Optional.of(scheduler.after(BURST_MILLIS, this::flush));
        return typing.orElseThrow();
    }

    /** Logs what has been typed. */
    void flush() {
        pause.ifPresent(Timer::cancel);
        pause = Optional.empty();
        Optional<TypedText> ended = typing;
        typing = Optional.empty();
        ended.ifPresent(typed -> log.accept(entry("type", typed.began(), typed.details(), typed.envelope())));
    }

    private void mouse(Mouse mouse, Envelope envelope) {
        if (mouse.action() == MouseAction.DOWN) {
            press = Optional.of(new Press(mouse.pageId(), mouse.x(), mouse.y(), scheduler.now()));
        } else if (mouse.action() == MouseAction.UP) {
            press.filter(down -> down.pageId().equals(mouse.pageId())).ifPresent(down -> {
                Map<String, Object> details = from(down, mouse.x(), mouse.y());
                details.put("button", mouse.button().name().toLowerCase(Locale.ROOT));
                details.put("clickCount", mouse.clickCount());
                end(details.containsKey("toX") ? "drag" : "click", down, details, envelope);
            });
            press = Optional.empty();
        }
    }

    private void touch(Touch touched, Envelope envelope) {
        if (touched.action() == TouchAction.START && touched.points().size() == 1) {
            TouchPoint point = touched.points().get(0);
            touch = Optional.of(new Press(touched.pageId(), point.x(), point.y(), scheduler.now()));
        } else if (touched.action() == TouchAction.END && touched.points().isEmpty()) {
            touch.ifPresent(down -> end("touch", down, from(down, down.x(), down.y()), envelope));
            touch = Optional.empty();
        }
    }

    private static Map<String, Object> from(Press down, double x, double y) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put(LiveCommand.PAGE_ID, down.pageId());
        details.put("x", down.x());
        details.put("y", down.y());
        if (Math.hypot(x - down.x(), y - down.y()) > STILL_PIXELS) {
            details.put("toX", x);
            details.put("toY", y);
        }
        return details;
    }

    private void end(String type, Press down, Map<String, Object> details, Envelope envelope) {
        flush();
        log.accept(entry(type, down.at(), details, envelope));
    }

    private static Map<String, Object> details(LiveCommand<?> command, String name, Object value) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put(LiveCommand.PAGE_ID, command.pageId());
        details.put(name, value);
        return details;
    }

    private void add(String type, Map<String, Object> details, Envelope envelope) {
        flush();
        log.accept(entry(type, began, details, envelope));
    }

    private ActionEntry entry(String type, Instant began, Map<String, Object> details, Envelope envelope) {
        return new ActionEntry(
                ActionEntry.newId(),
                type,
                began,
                true,
                details,
                Duration.between(began, scheduler.now()).toMillis(),
                envelope.source(),
                Optional.empty(),
                envelope.cost());
    }
}
