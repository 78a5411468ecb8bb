package dev.berth.browser.drive.element;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.drive.command.PageCommands;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.webfolder.cdp.command.Input;
import io.webfolder.cdp.type.constant.KeyEventType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Presses keys of a US keyboard. Used on the lane's thread; each call blocks. */
final class Keyboard {
    /** A grapheme cluster, that is what a reader takes for one character, such as a flag. */
    private static final Pattern CHARACTER = Pattern.compile("\\X");

    private final Input input;

    Keyboard(PageCommands commands) {
        this.input = commands.input();
    }

    /** A text, and how much of it has been typed. Any thread may call. */
    static final class Typing {
        private final List<String> characters;
        private final AtomicInteger typed = new AtomicInteger();

        Typing(String text) {
            characters = CHARACTER
                    .matcher(text)
                    .results()
                    .map(match -> match.group())
                    .toList();
        }

        private BerthException late(Deadline deadline) {
            return new BerthException(
                    ErrorCode.TIMEOUT,
                    typed + " of " + characters.size() + " characters were typed within " + deadline.millis() + " ms");
        }

        /**
         * For a page that was closed by a key: fails if characters are left. The closing key counts as typed, although it got
         * no answer.
         */
        <T> T wholly(T result) {
            int gone = typed.get() + 1;
            if (gone < characters.size()) {
                throw Failures.failed(
                        "the page was closed when " + gone + " of " + characters.size() + " characters were typed");
            }
            return result;
        }
    }

    /** Types key by key; inserts characters that have no key, such as é or an emoji. */
    void type(Typing typing, Deadline deadline) {
        typing.typed.set(0);
        deadline.onLate(() -> typing.late(deadline));
        for (String character : typing.characters) {
            if (deadline.over()) {
                throw deadline.late();
            }
            type(character);
            typing.typed.incrementAndGet();
        }
    }

    private void type(String character) {
        Optional<KeyStroke> stroke = KeyStroke.of(character);
        if (stroke.isPresent()) {
            down(stroke.get(), stroke.get().shift() ? KeyStroke.SHIFT : 0);
            up(stroke.get(), stroke.get().shift() ? KeyStroke.SHIFT : 0);
        } else {
            input.insertText(character);
        }
    }

    /** Replaces the selection by a text in one step, as an input method does. */
    void replaceSelection(String text) {
        if (text.isEmpty()) {
            press(Combination.parse("Delete"));
        } else {
            input.insertText(text);
        }
    }

    /** Presses a combination, such as {@code Control+a}. */
    void press(Combination combination) {
        List<KeyStroke> held = new ArrayList<>();
        int modifiers = 0;
        for (KeyStroke modifier : combination.modifiers()) {
            modifiers |= modifier.modifier();
            down(modifier, modifiers);
            held.add(0, modifier);
        }
        down(combination.key(), modifiers);
        up(combination.key(), modifiers);
        for (KeyStroke modifier : held) {
            modifiers &= ~modifier.modifier();
            up(modifier, modifiers);
        }
    }

    /** A key, and the modifiers that are held while it is pressed. */
    record Combination(List<KeyStroke> modifiers, KeyStroke key) {
        /** Whether it types a character, and is not a command. */
        boolean writes() {
            return key.text().length() == 1
                    && !key.text().equals("\r")
                    && modifiers.stream().allMatch(held -> held.modifier() == KeyStroke.SHIFT);
        }

        private static final Pattern PLUS = Pattern.compile("(?<=[^+])\\+");

        /** Throws {@code invalid_argument} for an unknown key. */
        static Combination parse(String text) {
            String[] names = PLUS.split(text, -1);
            List<KeyStroke> modifiers = new ArrayList<>();
            for (int i = 0; i < names.length - 1; i++) {
                modifiers.add(KeyStroke.of(names[i])
                        .filter(key -> key.modifier() != 0)
                        .orElseThrow(() -> unknown(text)));
            }
            boolean shift = modifiers.stream().anyMatch(key -> key.modifier() == KeyStroke.SHIFT);
            KeyStroke key = KeyStroke.of(names[names.length - 1]).orElseThrow(() -> unknown(text));
            return new Combination(modifiers, shift ? key.shifted() : key);
        }

        private static BerthException unknown(String text) {
            return new BerthException(
                    ErrorCode.INVALID_ARGUMENT,
                    "key: '" + text
                            + "' is not a key; use a KeyboardEvent.key name such as Enter, ArrowDown or a, after"
                            + " modifiers such as Control+ or Shift+");
        }
    }

    private void down(KeyStroke key, int modifiers) {
        // With Control, Alt or Meta a key is a command, not a character.
        String text = (modifiers & ~KeyStroke.SHIFT) == 0 ? key.text() : "";
        send(text.isEmpty() ? KeyEventType.RawKeyDown : KeyEventType.KeyDown, key, modifiers, text);
    }

    private void up(KeyStroke key, int modifiers) {
        send(KeyEventType.KeyUp, key, modifiers, "");
    }

    private void send(KeyEventType type, KeyStroke key, int modifiers, String text) {
        String given = text.isEmpty() ? null : text;
        input.dispatchKeyEvent(
                type,
                modifiers,
                null,
                given,
                given,
                null,
                key.code(),
                key.key(),
                key.keyCode(),
                key.keyCode(),
                false,
                false,
                false,
                key.modifier() == 0 ? 0 : 1);
    }
}
