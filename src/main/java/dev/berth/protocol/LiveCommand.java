package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.berth.protocol.ArtifactEntry.UploadedFile;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An act of a person on the screen of a session. The command does not wait for the actions in the queue: a person can act while a
 * navigation is under way. Fails as actions do, and with {@link ErrorCode#LIMIT_REACHED} where a page takes nothing, and too much waits for
 * it.
 *
 * <p>Coordinates are CSS pixels of the page's viewport. Modifiers are the sum of 1 (Alt), 2 (Control), 4 (Meta) and 8 (Shift).
 *
 * @param <R> its reply
 */
public sealed interface LiveCommand<R extends SessionReply> extends SessionCommand<R> {
    /** The page, by its target id. */
    String pageId();

    /** A page may be busy for a while. */
    @Override
    default long deadlineMillis() {
        return 30_000;
    }

    /** A choice, by its small letters in JSON. */
    interface Named {
        String name();

        @JsonValue
        default String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    enum MouseAction implements Named {
        MOVE,
        DOWN,
        UP
    }

    enum KeyAction implements Named {
        DOWN,
        UP
    }

    enum TouchAction implements Named {
        START,
        MOVE,
        END,
        CANCEL
    }

    enum Button implements Named {
        NONE,
        LEFT,
        MIDDLE,
        RIGHT,
        BACK,
        FORWARD
    }

    /**
     * Moves the mouse, or presses or releases a button of it. Moves are merged where the page is slow.
     *
     * @param button the one that is pressed or released
     * @param buttons those that are held, as {@code MouseEvent.buttons}
     * @param clickCount 1 for a click, 2 for a double click; 0 for a move
     */
    record Mouse(
            String pageId,
            MouseAction action,
            double x,
            double y,
            Button button,
            int buttons,
            int clickCount,
            int modifiers)
            implements LiveCommand<SessionReply.Acknowledged> {
        private static final int MAX_CLICKS = 10;

        public Mouse {
            Require.id(PAGE_ID, pageId);
            Require.present("action", action);
            Require.within("x", x, -MAX_PIXELS, MAX_PIXELS);
            Require.within("y", y, -MAX_PIXELS, MAX_PIXELS);
            Require.present("button", button);
            Require.within("buttons", buttons, 0, MAX_BUTTONS);
            Require.within("clickCount", clickCount, 0, MAX_CLICKS);
            Require.within(MODIFIERS, modifiers, 0, MAX_MODIFIERS);
        }
    }

    /** Turns the mouse's wheel by so many CSS pixels. */
    record Wheel(String pageId, double x, double y, double deltaX, double deltaY, int modifiers)
            implements LiveCommand<SessionReply.Acknowledged> {
        public Wheel {
            Require.id(PAGE_ID, pageId);
            Require.within("x", x, -MAX_PIXELS, MAX_PIXELS);
            Require.within("y", y, -MAX_PIXELS, MAX_PIXELS);
            Require.within("deltaX", deltaX, -MAX_PIXELS, MAX_PIXELS);
            Require.within("deltaY", deltaY, -MAX_PIXELS, MAX_PIXELS);
            Require.within(MODIFIERS, modifiers, 0, MAX_MODIFIERS);
        }

        /** This turn and the next one as one, where the next one is. */
        public Wheel and(Wheel next) {
            return new Wheel(
                    next.pageId, next.x, next.y, sum(deltaX, next.deltaX), sum(deltaY, next.deltaY), next.modifiers);
        }

        private static double sum(double one, double other) {
            return Math.max(-MAX_PIXELS, Math.min(MAX_PIXELS, one + other));
        }
    }

    /**
     * Presses or releases a key.
     *
     * @param key as {@code KeyboardEvent.key}
     * @param code as {@code KeyboardEvent.code}; may be empty
     * @param text what it types; empty for none
     * @param keyCode as {@code KeyboardEvent.keyCode}
     * @param location as {@code KeyboardEvent.location}
     * @param repeat whether it is held
     */
    record Key(
            String pageId,
            KeyAction action,
            String key,
            String code,
            String text,
            int keyCode,
            int location,
            boolean repeat,
            int modifiers)
            implements LiveCommand<SessionReply.Acknowledged> {
        private static final int MAX_NAME_CHARS = 50;
        private static final int MAX_KEY_CODE = 65_535;
        private static final int MAX_LOCATION = 3;

        public Key {
            Require.id(PAGE_ID, pageId);
            Require.present("action", action);
            Require.text("key", key, 1, MAX_NAME_CHARS);
            Require.text("code", code, 0, MAX_NAME_CHARS);
            Require.text("text", text, 0, MAX_NAME_CHARS);
            Require.within("keyCode", keyCode, 0, MAX_KEY_CODE);
            Require.within("location", location, 0, MAX_LOCATION);
            Require.within(MODIFIERS, modifiers, 0, MAX_MODIFIERS);
        }
    }

    /** Types a text without keys, as an input method or a touch screen's keyboard does. */
    record Text(String pageId, String text) implements LiveCommand<SessionReply.Acknowledged> {
        public Text {
            Require.id(PAGE_ID, pageId);
            Require.text("text", text, 1, Require.MAX_TEXT_CHARS);
        }
    }

    /**
     * Touches the page.
     *
     * @param points those that touch it now; none at the end
     */
    record Touch(String pageId, TouchAction action, List<TouchPoint> points, int modifiers)
            implements LiveCommand<SessionReply.Acknowledged> {
        private static final int MAX_POINTS = 16;

        public Touch {
            Require.id(PAGE_ID, pageId);
            Require.present("action", action);
            points = Require.elements("points", points, 0, MAX_POINTS);
            Require.within(MODIFIERS, modifiers, 0, MAX_MODIFIERS);
        }
    }

    /** @param id of the finger, while it touches */
    record TouchPoint(int id, double x, double y) {
        public TouchPoint {
            Require.within("id", id, 0, Integer.MAX_VALUE);
            Require.within("x", x, -MAX_PIXELS, MAX_PIXELS);
            Require.within("y", y, -MAX_PIXELS, MAX_PIXELS);
        }
    }

    /** Pastes a text where the focus is. */
    record Paste(String pageId, String text) implements LiveCommand<SessionReply.Acknowledged> {
        public Paste {
            Require.id(PAGE_ID, pageId);
            Require.text("text", text, 1, Require.MAX_TEXT_CHARS);
        }
    }

    /** Reads the selected text. */
    record Copy(String pageId) implements LiveCommand<SessionReply.CopiedText> {
        public Copy {
            Require.id(PAGE_ID, pageId);
        }
    }

    /** Asks whether the page left it to the browser to open a menu when the right mouse button was pressed last, which was there. */
    record ReadMenu(String pageId, double x, double y) implements LiveCommand<SessionReply.PageMenu> {
        public ReadMenu {
            Require.id(PAGE_ID, pageId);
            Require.within("x", x, -MAX_PIXELS, MAX_PIXELS);
            Require.within("y", y, -MAX_PIXELS, MAX_PIXELS);
        }
    }

    /**
     * Answers the JavaScript dialog of a page.
     *
     * @param promptText the answer to a {@code prompt}; empty for the page's default
     */
    record AnswerDialog(String pageId, boolean accept, Optional<String> promptText)
            implements LiveCommand<SessionReply.Acknowledged> {
        private static final int MAX_ANSWER_CHARS = 16_384;

        public AnswerDialog {
            Require.id(PAGE_ID, pageId);
            Require.text("promptText", promptText, 0, MAX_ANSWER_CHARS);
        }
    }

    /**
     * Gives files to a page that waits for them.
     *
     * @param files none to cancel
     */
    record ChooseFiles(String pageId, String chooserId, List<UploadedFile> files)
            implements LiveCommand<SessionReply.Acknowledged> {
        public ChooseFiles {
            Require.id(PAGE_ID, pageId);
            Require.id("chooserId", chooserId);
            files = Require.elements("files", files, 0, ElementAction.Upload.MAX_FILES);
        }
    }

    /**
     * Chooses from the open list of a {@code select} element, or with the picker of an {@code input}, and closes it.
     *
     * @param indexes of the options that are selected from now on; none to leave it as it is
     * @param value of the input from now on; none to leave it as it is
     */
    record ChooseOptions(String pageId, String selectId, List<Integer> indexes, Optional<String> value)
            implements LiveCommand<SessionReply.Acknowledged> {
        private static final int MAX_OPTIONS = 10_000;
        private static final int MAX_VALUE_CHARS = 100;

        public ChooseOptions {
            Require.id(PAGE_ID, pageId);
            Require.id("selectId", selectId);
            indexes = Require.elements("indexes", indexes, 0, MAX_OPTIONS);
            indexes.forEach(index -> Require.within("indexes", index, 0, MAX_OPTIONS));
            Require.text("value", value, 0, MAX_VALUE_CHARS);
        }
    }

    /** Limit for coordinates, larger than any screen. */
    double MAX_PIXELS = 1_000_000;

    int MAX_BUTTONS = 31;
    int MAX_MODIFIERS = 15;
    String PAGE_ID = "pageId";
    String MODIFIERS = "modifiers";
}
