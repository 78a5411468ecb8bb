package dev.berth.protocol;

import dev.berth.protocol.LogLines.AnyOf;
import dev.berth.protocol.LogLines.Condition;
import dev.berth.protocol.LogLines.FieldBegins;
import dev.berth.protocol.LogLines.FieldHas;
import dev.berth.protocol.LogLines.FieldIs;
import dev.berth.protocol.LogLines.InstantWithin;
import java.time.LocalDate;

/** Finds a field of a JSON object without parsing the object. Only for JSON that Berth wrote, which has no white space. */
final class JsonFields {
    /** {@code 2026-01-02T03:04:05.006Z}. */
    private static final int INSTANT_CHARS = 24;

    private final byte[] text;
    private final int end;

    private JsonFields(byte[] text, int end) {
        this.text = text;
        this.end = end;
    }

    static boolean meet(byte[] text, int from, int end, Condition condition) {
        if (condition instanceof AnyOf any) {
            return any.conditions().stream().anyMatch(one -> meet(text, from, end, one));
        }
        JsonFields fields = new JsonFields(text, end);
        int value = fields.find(from + 1, condition.name());
        if (value >= end) {
            return false;
        } else if (condition instanceof FieldIs is) {
            return fields.equal(value, fields.afterValue(value), is.json());
        } else if (condition instanceof FieldBegins begins) {
            return fields.equal(value, value + begins.json().length(), begins.json());
        } else if (condition instanceof InstantWithin within) {
            long millis = fields.millis(value);
            return millis >= within.fromMillis() && millis < within.toMillis();
        }
        return text[value] == '"' && fields.has(value + 1, ((FieldHas) condition).text());
    }

    /** Whether the string that begins at {@code from} contains this. An escape is compared as a whole: {@code \n} has no n. */
    private boolean has(int from, byte[] wanted) {
        for (int at = from; at + wanted.length < end && text[at] != '"'; at += escape(at)) {
            int same = 0;
            while (same < wanted.length && lower(text[at + same]) == lower(wanted[same])) {
                same++;
            }
            if (same == wanted.length) {
                return true;
            }
        }
        return false;
    }

    /** How many bytes the character at {@code at} takes, of which an escape has several. */
    private int escape(int at) {
        return text[at] != '\\' ? 1 : text[at + 1] == 'u' ? 6 : 2;
    }

    /** The value of a field that is an instant, as Berth writes them; the beginning of time where there is no such field. */
    static long millis(byte[] text, int from, int end, String name) {
        JsonFields fields = new JsonFields(text, end);
        return fields.millis(fields.find(from + 1, name));
    }

    private long millis(int quote) {
        if (quote + INSTANT_CHARS + 1 >= end || text[quote] != '"' || text[quote + INSTANT_CHARS + 1] != '"') {
            return Long.MIN_VALUE;
        }
        int at = quote + 1;
        long days = LocalDate.of(number(at, 4), number(at + 5, 2), number(at + 8, 2))
                .toEpochDay();
        long seconds = days * 86_400L + number(at + 11, 2) * 3_600L + number(at + 14, 2) * 60L + number(at + 17, 2);
        return seconds * 1_000 + number(at + 20, 3);
    }

    private int number(int from, int digits) {
        int number = 0;
        for (int i = from; i < from + digits; i++) {
            number = 10 * number + text[i] - '0';
        }
        return number;
    }

    /** The start of a field's value; the end where there is no such field. */
    private int find(int from, String name) {
        int at = from;
        while (at < end && text[at] == '"') {
            int nameEnd = afterString(at);
            if (equal(at + 1, nameEnd - 1, name)) {
                return nameEnd + 1;
            }
            at = afterValue(nameEnd + 1) + 1;
        }
        return end;
    }

    private boolean equal(int from, int to, String expected) {
        if (to - from != expected.length() || to > end) {
            return false;
        }
        for (int i = 0; i < expected.length(); i++) {
            if (lower(text[from + i]) != lower(expected.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static int lower(int character) {
        return character >= 'A' && character <= 'Z' ? character + ('a' - 'A') : character;
    }

    private int afterValue(int from) {
        if (from < end && text[from] == '"') {
            return afterString(from);
        }
        int at = from;
        int depth = 0;
        while (at < end) {
            byte next = text[at];
            if (next == '"') {
                at = afterString(at);
                continue;
            } else if (next == '{' || next == '[') {
                depth++;
            } else if (next == '}' || next == ']' || next == ',') {
                if (depth == 0) {
                    return at;
                }
                depth -= next == ',' ? 0 : 1;
            }
            at++;
        }
        return end;
    }

    private int afterString(int quote) {
        for (int at = quote + 1; at < end; at++) {
            if (text[at] == '\\') {
                at++;
            } else if (text[at] == '"') {
                return at + 1;
            }
        }
        return end;
    }
}
