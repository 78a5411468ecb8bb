package dev.berth.browser;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.berth.browser.CdpConnection.Whole;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionCommand.Evaluate;
import dev.berth.protocol.SessionReply.EvaluationResult;
import dev.berth.protocol.Truncation;
import io.vertx.core.Future;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Runs a client's script over the raw connection; what it gives is passed on as Chrome wrote it, without a tree of it. */
final class Evaluations {
    /** Chrome's answer has some more around the value. */
    private static final int ENVELOPE_BYTES = 1 << 16;
    /** By how much Chrome's clock and this one may differ. */
    private static final long CLOCK_MILLIS = 50;

    private static final int MAX_THROWN_CHARS = 4_096;

    private final CdpConnection connection;

    Evaluations(CdpConnection connection) {
        this.connection = connection;
    }

    /** Chrome itself ends a script that takes too long. Fails where the script threw. */
    Future<EvaluationResult> evaluate(PageTarget page, Evaluate command) {
        Deadline deadline = new Deadline(command.timeoutMillis());
        JsonObject params = new JsonObject()
                .put("expression", command.expression())
                .put("returnByValue", true)
                .put("awaitPromise", true)
                .put("userGesture", true)
                .put("silent", true)
                .put("timeout", command.timeoutMillis());
        return ResultBudget.OF_PROCESS
                .lend(
                        ResultBudget.TEXT,
                        share -> page.unlessGone(connection.sendForAll(
                                page.sessionId(),
                                "Runtime.evaluate",
                                params,
                                command.timeoutMillis(),
                                new Whole(Failures.MAX_RESULT_BYTES + ENVELOPE_BYTES, share),
                                Evaluations::read)))
                .recover(e -> Future.failedFuture(isLate(e, deadline) ? late(command) : e))
                .recover(Failures::told);
    }

    /** Chrome says "Internal error" of a script that it ended. */
    private static boolean isLate(Throwable e, Deadline deadline) {
        return e instanceof BerthException known && known.code() == ErrorCode.TIMEOUT
                || e instanceof ChromeRefusal && deadline.left() <= CLOCK_MILLIS;
    }

    private static BerthException late(Evaluate command) {
        return Failures.timeout("the script", command.timeoutMillis());
    }

    /** Reads Chrome's answer to {@code Runtime.evaluate}. */
    static EvaluationResult read(byte[] message, int length) throws IOException {
        try (JsonParser json = CdpConnection.JSON.createParser(message, 0, length)) {
            Outcome outcome = new Outcome(json, message);
            json.nextToken();
            outcome.members((name, at) -> {
                if (name.equals("error")) {
                    at.members((field, error) -> {
                        if (field.equals("message")) {
                            throw new ChromeRefusal(error.text());
                        }
                    });
                } else if (name.equals("result")) {
                    at.members(Evaluations::readResult);
                }
            });
            return outcome.result();
        }
    }

    private static void readResult(String name, Outcome at) throws IOException {
        if (name.equals("result")) {
            at.members((field, value) -> {
                switch (field) {
                    case "value" -> value.value = value.slice();
                    // NaN, Infinity, -0 and bigints have no JSON form: their JavaScript notation, as a string.
                    case "unserializableValue" -> value.value = Json.encode(value.text());
                    default -> {}
                }
            });
        } else if (name.equals("exceptionDetails")) {
            at.members((field, details) -> {
                if (field.equals("text")) {
                    details.thrown = details.text();
                } else if (field.equals("exception")) {
                    details.members((part, exception) -> {
                        if (part.equals("description") || part.equals("value") && exception.isText()) {
                            exception.exception = exception.text();
                        } else if (part.equals("value")) {
                            exception.exception = exception.slice();
                        }
                    });
                }
            });
        }
    }

    private interface Member {
        void read(String name, Outcome at) throws IOException;
    }

    /** What was found so far, and where the parser stands. */
    private static final class Outcome {
        private final JsonParser parser;
        private final byte[] message;
        private boolean ahead;
        private String value = "null";
        private String thrown;
        private String exception;

        Outcome(JsonParser parser, byte[] message) {
            this.parser = parser;
            this.message = message;
        }

        /** The members of the object at which the parser stands; what is not read of one is passed over. */
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

        /** The value at which the parser stands, as Chrome wrote it: texts with half a character keep their escapes. */
        String slice() throws IOException {
            int from = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            // A text is read to its end by what comes next.
            parser.nextToken();
            ahead = true;
            int to = (int) parser.currentTokenLocation().getByteOffset();
            while (message[to - 1] == ',' || message[to - 1] == ' ') {
                to--;
            }
            return new String(message, from, to - from, StandardCharsets.UTF_8);
        }

        EvaluationResult result() {
            if (thrown != null) {
                String what = exception == null ? thrown : exception;
                throw Failures.failed("script threw: " + Truncation.marked(what, MAX_THROWN_CHARS));
            }
            if (value.length() > Failures.MAX_RESULT_BYTES) {
                throw Failures.tooLarge("the result", value.length());
            }
            return new EvaluationResult(value);
        }
    }
}
