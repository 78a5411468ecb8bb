package dev.berth.protocol;

import dev.berth.protocol.ArtifactEntry.UploadedFile;
import dev.berth.protocol.Pointing.Modifier;
import dev.berth.protocol.Pointing.MouseButton;
import dev.berth.protocol.Pointing.Offset;
import dev.berth.protocol.VerbChoices.ElementState;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An action on an element of one page: the one that {@link SessionClient#on} names, or the active one.
 *
 * @param <R> its reply
 */
public sealed interface ElementAction<R extends SessionReply> extends SessionCommand.Action<R> {

    /**
     * Clicks an element with real mouse events, at its middle or at another uncovered point. Like all actions on elements it
     * waits until the element is present, visible, stable, enabled and not covered; {@link ErrorCode#ACTION_FAILED} says which
     * of these failed.
     *
     * @param selector CSS, {@code xpath=}, {@code text=}, or {@code ref=} of a {@link PageAction.TakeSnapshot}
     * @param clickCount 2 for a double click
     */
    record Click(
            String selector,
            MouseButton button,
            int clickCount,
            Optional<Offset> position,
            List<Modifier> modifiers,
            boolean force,
            long timeout)
            implements ElementAction<ActionReply.ElementResult>, Pointing {
        public Click {
            Require.selector(selector);
            Require.present("button", button);
            Require.within("clickCount", clickCount, 1, 3);
            modifiers = Pointing.checked(position, modifiers);
            Require.timeout(timeout);
        }

        public Click(String selector, MouseButton button, int clickCount, long timeout) {
            this(selector, button, clickCount, Optional.empty(), List.of(), false, timeout);
        }
    }

    /** Moves the mouse to the middle of an element. */
    record Hover(String selector, Optional<Offset> position, List<Modifier> modifiers, boolean force, long timeout)
            implements ElementAction<ActionReply.ElementResult>, Pointing {
        public Hover {
            Require.selector(selector);
            modifiers = Pointing.checked(position, modifiers);
            Require.timeout(timeout);
        }

        public Hover(String selector, long timeout) {
            this(selector, Optional.empty(), List.of(), false, timeout);
        }
    }

    /**
     * Presses the left button of the mouse on an element, moves it, and releases it: sliders, drawings, lists that can be sorted, and
     * HTML's drag and drop.
     *
     * @param selector of what is dragged: see {@link Click}
     * @param to selector of the element on whose middle it is released; empty where {@code by} says it
     * @param by how far from there, or else from where it was pressed, it is released
     * @param position where the button is pressed
     * @param steps in how many moves it goes there; by default 20
     * @param hold how many milliseconds it rests there, with small moves, before it is released; by default 200
     */
    record Drag(
            String selector,
            Optional<String> to,
            Optional<Offset> by,
            Optional<Offset> position,
            List<Modifier> modifiers,
            boolean force,
            Optional<Integer> steps,
            Optional<Integer> hold,
            long timeout)
            implements ElementAction<ActionReply.ElementResult>, Pointing {
        public Drag {
            Require.selector(selector);
            Require.selector("to", to);
            Require.present("by", by);
            modifiers = Pointing.checked(position, modifiers);
            Require.present("steps", steps).ifPresent(count -> Require.within("steps", count, 1, 1_000));
            Require.present("hold", hold).ifPresent(millis -> Require.within("hold", millis, 0, 60_000));
            Require.timeout(timeout);
            if (to.isEmpty() && by.isEmpty()) {
                throw BerthException.invalid("to (a selector) or by ({x, y} in pixels) must be given");
            }
        }
    }

    /**
     * Focuses an element and types, key by key, after its present content.
     *
     * @param selector empty for the focused element, at its cursor
     */
    record Type(Optional<String> selector, String text, long timeout)
            implements ElementAction<ActionReply.ElementResult> {
        public Type {
            Require.selector(selector);
            Require.text("text", text, 0, Require.MAX_TEXT_CHARS);
            Require.timeout(timeout);
        }
    }

    /** Replaces the content of a field. */
    record Fill(String selector, String value, long timeout) implements ElementAction<ActionReply.ElementResult> {
        public Fill {
            Require.selector(selector);
            Require.text("value", value, 0, Require.MAX_TEXT_CHARS);
            Require.timeout(timeout);
        }
    }

    /**
     * Presses a key.
     *
     * @param selector the element to focus first; empty for the focused element
     * @param key as {@code KeyboardEvent.key} names it, after modifiers: {@code Enter}, {@code a}, {@code Control+Shift+A}
     */
    record Press(Optional<String> selector, String key, long timeout)
            implements ElementAction<ActionReply.ElementResult> {
        private static final int MAX_KEY_CHARS = 100;

        public Press {
            Require.selector(selector);
            Require.text("key", key, 1, MAX_KEY_CHARS);
            Require.timeout(timeout);
        }
    }

    /**
     * Selects options of a {@code select} element, and deselects all others.
     *
     * @param values their values or labels
     */
    record Select(String selector, List<String> values, long timeout)
            implements ElementAction<ActionReply.SelectionResult> {
        private static final int MAX_VALUES = 1_000;
        private static final int MAX_VALUE_CHARS = 10_000;

        public Select {
            Require.selector(selector);
            values = Require.elements("values", values, 0, MAX_VALUES);
            values.forEach(value -> Require.text("values", value, 0, MAX_VALUE_CHARS));
            Require.timeout(timeout);
        }
    }

    /**
     * Scrolls.
     *
     * @param selector the element to scroll into view, and to scroll where x or y is given; empty for the page
     * @param x CSS pixels to the right
     * @param y CSS pixels down
     */
    record Scroll(Optional<String> selector, double x, double y, long timeout)
            implements ElementAction<ActionReply.ScrollResult> {
        public Scroll {
            Require.selector(selector);
            Require.finite("x", x);
            Require.finite("y", y);
            Require.timeout(timeout);
        }
    }

    /** Waits until an element is in a state. {@link ErrorCode#TIMEOUT} where it does not get there. */
    record WaitFor(String selector, ElementState state, long timeout)
            implements ElementAction<ActionReply.ElementResult> {
        public WaitFor {
            Require.selector(selector);
            Require.present("state", state);
            Require.timeout(timeout);
        }
    }

    /**
     * Gives files to a file input.
     *
     * @param files whose bytes are in the object store
     * @param named the names of further files: of those that the session was given ({@link FileCommand}) or has downloaded
     */
    record Upload(String selector, List<UploadedFile> files, List<String> named, long timeout)
            implements ElementAction<ActionReply.ElementResult> {
        /** How many files one upload may have. */
        public static final int MAX_FILES = 100;

        public Upload {
            Require.selector(selector);
            files = Require.elements("files", files, 0, MAX_FILES);
            named = Require.elements("named", named, 0, MAX_FILES);
            named.forEach(name -> Require.text("files", name, 1, FileCommand.MAX_NAME_CHARS));
            Require.elements(
                    "files", Stream.concat(files.stream(), named.stream()).toList(), 1, MAX_FILES);
            Require.timeout(timeout);
        }

        public Upload(String selector, List<UploadedFile> files, long timeout) {
            this(selector, files, List.of(), timeout);
        }
    }
}
