package dev.berth.browser.drive.element;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One key of a US keyboard.
 *
 * @param key as {@code KeyboardEvent.key}
 * @param code as {@code KeyboardEvent.code}: its position on the keyboard
 * @param keyCode Windows' virtual key code
 * @param text the text that it types; empty for none
 * @param shift whether shift is held to get {@code key}
 * @param modifier its bit if it is a modifier key; otherwise 0
 */
record KeyStroke(String key, String code, int keyCode, String text, boolean shift, int modifier) {
    static final int ALT = 1;
    static final int CONTROL = 2;
    static final int META = 4;
    static final int SHIFT = 8;

    /** Plain and shifted character, code, virtual key code. */
    private static final String[] PRINTED = {
        "` ~ Backquote 192",
        "1 ! Digit1 49",
        "2 @ Digit2 50",
        "3 # Digit3 51",
        "4 $ Digit4 52",
        "5 % Digit5 53",
        "6 ^ Digit6 54",
        "7 & Digit7 55",
        "8 * Digit8 56",
        "9 ( Digit9 57",
        "0 ) Digit0 48",
        "- _ Minus 189",
        "= + Equal 187",
        "[ { BracketLeft 219",
        "] } BracketRight 221",
        "\\ | Backslash 220",
        "; : Semicolon 186",
        "' \" Quote 222",
        ", < Comma 188",
        ". > Period 190",
        "/ ? Slash 191"
    };

    private static final String[] NAMED = {
        "Backspace 8",
        "Tab 9",
        "Escape 27",
        "PageUp 33",
        "PageDown 34",
        "End 35",
        "Home 36",
        "ArrowLeft 37",
        "ArrowUp 38",
        "ArrowRight 39",
        "ArrowDown 40",
        "Insert 45",
        "Delete 46",
        "ContextMenu 93",
        "CapsLock 20",
        "Pause 19",
        "PrintScreen 44",
        "ScrollLock 145",
        "NumLock 144",
        "F1 112",
        "F2 113",
        "F3 114",
        "F4 115",
        "F5 116",
        "F6 117",
        "F7 118",
        "F8 119",
        "F9 120",
        "F10 121",
        "F11 122",
        "F12 123"
    };

    private static final Map<String, KeyStroke> BY_KEY = layout();

    private static Map<String, KeyStroke> layout() {
        Map<String, KeyStroke> keys = new HashMap<>();
        for (String line : PRINTED) {
            String[] key = line.split(" ");
            printed(keys, key[0], key[1], key[2], Integer.parseInt(key[3]));
        }
        for (char letter = 'a'; letter <= 'z'; letter++) {
            String upper = String.valueOf(letter).toUpperCase(java.util.Locale.ROOT);
            printed(keys, String.valueOf(letter), upper, "Key" + upper, upper.charAt(0));
        }
        for (String line : NAMED) {
            String[] key = line.split(" ");
            keys.put(key[0], new KeyStroke(key[0], key[0], Integer.parseInt(key[1]), "", false, 0));
        }
        KeyStroke enter = new KeyStroke("Enter", "Enter", 13, "\r", false, 0);
        keys.put("Enter", enter);
        keys.put("\n", enter);
        keys.put("\r\n", enter);
        keys.put("\t", keys.get("Tab"));
        KeyStroke space = new KeyStroke(" ", "Space", 32, " ", false, 0);
        keys.put(" ", space);
        keys.put("Space", space);
        modifier(keys, "Alt", 18, ALT);
        modifier(keys, "Control", 17, CONTROL);
        modifier(keys, "Meta", 91, META);
        modifier(keys, "Shift", 16, SHIFT);
        return keys;
    }

    private static void printed(Map<String, KeyStroke> keys, String plain, String shifted, String code, int keyCode) {
        keys.put(plain, new KeyStroke(plain, code, keyCode, plain, false, 0));
        keys.put(shifted, new KeyStroke(shifted, code, keyCode, shifted, true, 0));
    }

    private static void modifier(Map<String, KeyStroke> keys, String name, int keyCode, int bit) {
        keys.put(name, new KeyStroke(name, name + "Left", keyCode, "", false, bit));
    }

    /** The key of this name or character; empty if the layout has none. */
    static Optional<KeyStroke> of(String key) {
        return Optional.ofNullable(BY_KEY.get(key));
    }

    /** The same key with shift held. */
    KeyStroke shifted() {
        return shift || text.isEmpty()
                ? this
                : BY_KEY.values().stream()
                        .filter(other -> other.shift() && other.code().equals(code))
                        .findFirst()
                        .orElse(this);
    }
}
