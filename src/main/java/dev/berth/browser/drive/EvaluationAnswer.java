package dev.berth.browser.drive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.ChromeRefusal;
import dev.berth.protocol.ActionReply.EvaluationResult;
import dev.berth.protocol.Truncation;
import io.vertx.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Chrome's answer to a script.
 *
 * @param held the id of the resulting object, if it must still be described; empty if {@code result} is complete
 */
record EvaluationAnswer(EvaluationResult result, String held) {
    private static final int MAX_THROWN_CHARS = 4_096;
    /** The frames of describe.js, at the end of a stack. */
    private static final Pattern OWN_FRAMES =
            Pattern.compile("\\n\\s+at (async )?([\\w.<>$]+\\.)?berthEvaluate .*", Pattern.DOTALL);

    /** The answer to {@code Runtime.evaluate}. */
    static EvaluationAnswer read(byte[] message, int length) throws IOException {
        return read(message, length, EvaluationAnswer::readObject);
    }

    /** The answer to the call of describe.js. */
    static EvaluationAnswer readDescribed(byte[] message, int length) throws IOException {
        return read(message, length, (name, at) -> {
            if (name.equals("value")) {
                at.members(EvaluationAnswer::readObject);
            }
        });
    }

    private static EvaluationAnswer read(byte[] message, int length, Member result) throws IOException {
        // Byte offsets take a table of names: one for this answer, as the page chooses the names.
        JsonFactory factory = CdpConnection.JSON
                .rebuild()
                .enable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
        try (JsonParser json = factory.createParser(message, 0, length)) {
            FieldsRead fields = new FieldsRead(json, message);
            json.nextToken();
            fields.members((name, at) -> {
                if (name.equals("error")) {
                    at.members((field, error) -> {
                        if (field.equals("message")) {
                            throw new ChromeRefusal(error.text());
                        }
                    });
                } else if (name.equals("result")) {
                    at.members((field, within) -> {
                        if (field.equals("result")) {
                            within.members(result);
                        } else if (field.equals("exceptionDetails")) {
                            within.members(EvaluationAnswer::readThrown);
                        }
                    });
                }
            });
            return fields.answer();
        }
    }

    private static void readObject(String name, FieldsRead at) throws IOException {
        switch (name) {
            case "value" -> at.value = at.slice();
            // Numbers that JSON lacks: their JavaScript notation as a string. JSON does have -0.
            case "unserializableValue" -> at.value = at.text().equals("-0") ? "-0" : Json.encode(at.text());
            case "type" -> at.type = at.type.equals("null") ? "null" : at.text();
            case "subtype" -> at.type = at.text().equals("null") ? "null" : at.type;
            case "description" -> at.description = at.text();
            case "objectId" -> at.held = at.text();
            case "tooLarge" -> at.tooLarge = true;
            default -> {}
        }
    }

    private static void readThrown(String name, FieldsRead at) throws IOException {
        if (name.equals("text")) {
            at.thrown = at.text();
        } else if (name.equals("exception")) {
            at.members((part, exception) -> {
                if (part.equals("description") || part.equals("value") && exception.isText()) {
                    exception.exception = exception.text();
                } else if (part.equals("value")) {
                    exception.exception = exception.slice();
                }
            });
        }
    }

    /**
     * The escape of one character, or of its two halves; or a backslash with the character that it escapes, so that this is passed over.
     */
    private static final Pattern UNICODE_ESCAPE =
            Pattern.compile("\\\\u[dD][89abAB]..\\\\u[dD][c-fC-F]..|\\\\u....|\\\\.");

    private static final int ESCAPE_CHARS = "\\u0000".length();

    private interface Member {
        void read(String name, FieldsRead at) throws IOException;
    }

    /** The fields read so far, and the parser. */
    private static final class FieldsRead {
        private final JsonParser parser;
        private final byte[] message;
        private boolean ahead;
        private String value = "null";
        private String type = "undefined";
        private String description = "";
        private String held = "";
        private boolean tooLarge;
        private String thrown;
        private String exception;

        FieldsRead(JsonParser parser, byte[] message) {
            this.parser = parser;
            this.message = message;
        }

        /** Reads the members of the current object; skips values that {@code reader} does not read. */
        void members(Member reader) throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                return;
            }
            while (next() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken begins = parser.nextToken();
                reader.read(name, this);
                if (!ahead && parser.currentToken() == begins) {
                    parser.skipChildren();
                }
            }
        }

        private JsonToken next() throws IOException {
            if (ahead) {
                ahead = false;
                return parser.currentToken();
            }
            return parser.nextToken();
        }

        boolean isText() {
            return parser.currentToken() == JsonToken.VALUE_STRING;
        }

        String text() throws IOException {
            return parser.getText();
        }

        /** The current value as Chrome wrote it, so that lone surrogates keep their escapes. */
        String slice() throws IOException {
            int from = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            // The parser reads a text to its end only with the next token.
            parser.nextToken();
            ahead = true;
            int to = (int) parser.currentTokenLocation().getByteOffset();
            while (message[to - 1] == ',' || message[to - 1] == ' ') {
                to--;
            }
            return UNICODE_ESCAPE
                    .matcher(new String(message, from, to - from, StandardCharsets.UTF_8))
                    .replaceAll(escape -> Matcher.quoteReplacement(unescaped(escape.group())));
        }

        /** Characters as such: Chrome escapes all that are not of ASCII. */
        private static String unescaped(String escape) {
            if (escape.charAt(1) != 'u') {
                return escape;
            }
            StringBuilder text = new StringBuilder(2);
            for (int at = 0; at < escape.length(); at += ESCAPE_CHARS) {
                text.append((char) Integer.parseInt(escape, at + 2, at + ESCAPE_CHARS, 16));
            }
            return text.codePoints().allMatch(c -> c >= 0xa0 && !(c >= 0xd800 && c < 0xe000))
                    ? text.toString()
                    : escape;
        }

        EvaluationAnswer answer() {
            if (thrown != null) {
                String what = exception == null
                        ? thrown
                        : OWN_FRAMES.matcher(exception).replaceFirst("");
                throw Failures.failed(
                        "script threw: " + Truncation.marked(what, MAX_THROWN_CHARS),
                        "the expression runs in the page, as in a console");
            }
            if (tooLarge) {
                throw Failures.failed(
                        "the result is too large: at most " + Failures.MAX_RESULT_BYTES
                                + " bytes can be returned at once",
                        Failures.GIVE_A_PART);
            }
            if (value.length() > Failures.MAX_RESULT_BYTES) {
                throw Failures.tooLarge("the result", value.length());
            }
            boolean symbol = type.equals("symbol") && !held.isEmpty();
            String json = symbol ? Json.encode(description) : value;
            return new EvaluationAnswer(new EvaluationResult(json, type), symbol ? "" : held);
        }
    }
}
