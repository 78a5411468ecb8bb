package dev.berth.script;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.PageAction.MouseUse;
import dev.berth.protocol.Pointing.MouseButton;
import dev.berth.protocol.Pointing.Offset;
import dev.berth.script.ScriptAct.Click;
import dev.berth.script.ScriptAct.Drag;
import dev.berth.script.ScriptAct.Mouse;
import dev.berth.script.ScriptAct.Scroll;
import dev.berth.script.ScriptSelector.ScriptTarget;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the mouse did, as acts of a program. */
final class PointerActs {
    private static final Offset NOWHERE = new Offset(0, 0);

    private PointerActs() {}

    static List<ScriptAct> click(ActionEntry entry, LoggedDetails details) {
        int count = entry.type().equals("double-click") ? 2 : details.integer("clickCount", 1);
        Optional<ScriptTarget> target = details.target();
        Optional<Offset> at = details.offset("x", "y");
        if (target.isEmpty() && at.isPresent()) {
            return List.of(new Mouse(MouseUse.CLICK, at.get(), details.button(), count, NOWHERE));
        }
        return LoggedActs.onElement(
                entry, details, found -> new Click(found, details.button(), count, details.pointing()));
    }

    static List<ScriptAct> drag(ActionEntry entry, LoggedDetails details) {
        Optional<ScriptTarget> target = details.target();
        Optional<ScriptTarget> to = details.target("to", "toElement");
        Optional<Offset> by = details.inner("by").offset("x", "y");
        if (target.isPresent() && (to.isPresent() || by.isPresent())) {
            return List.of(new Drag(target.get(), to, by.orElse(NOWHERE), details.pointing()));
        }
        Optional<Offset> from = details.offset("x", "y");
        Optional<Offset> end = details.offset("toX", "toY");
        if (from.isEmpty() || end.isEmpty()) {
            return LoggedActs.leftOut(entry, details, "the log does not say from where to where");
        }
        return List.of(
                new Mouse(MouseUse.MOVE, from.get(), MouseButton.LEFT, 1, NOWHERE),
                new Mouse(MouseUse.DOWN, from.get(), MouseButton.LEFT, 1, NOWHERE),
                new Mouse(MouseUse.MOVE, end.get(), MouseButton.LEFT, 1, NOWHERE),
                new Mouse(MouseUse.UP, end.get(), MouseButton.LEFT, 1, NOWHERE));
    }

    /** Only a click names its point itself. */
    static List<ScriptAct> mouse(LoggedDetails details) {
        MouseUse use = Stream.of(MouseUse.values())
                .filter(each ->
                        details.text("action").filter(each.wireName()::equals).isPresent())
                .findFirst()
                .orElse(MouseUse.CLICK);
        Offset at = details.offset("x", "y").orElse(NOWHERE);
        Offset by = new Offset(
                details.number("deltaX").orElse(0.0), details.number("deltaY").orElse(0.0));
        ScriptAct act = new Mouse(use, at, details.button(), details.integer("clickCount", 1), by);
        return use == MouseUse.CLICK || use == MouseUse.MOVE
                ? List.of(act)
                : List.of(new Mouse(MouseUse.MOVE, at, MouseButton.LEFT, 1, NOWHERE), act);
    }

    static List<ScriptAct> scroll(LoggedDetails details) {
        Optional<Offset> wheel = details.offset("deltaX", "deltaY");
        if (wheel.isPresent()) {
            return List.of(new Mouse(MouseUse.WHEEL, NOWHERE, MouseButton.LEFT, 1, wheel.get()));
        }
        return List.of(new Scroll(
                details.target(),
                details.number("x").orElse(0.0),
                details.number("y").orElse(0.0)));
    }
}
