package dev.berth.session.keep;

import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces secrets in what requests send and receive, by regular expressions of the server's settings: of a match its first group, or
 * all of it where there is none. A page chooses the text, so that an expression which takes too long on it is given up. Thread-safe.
 */
public final class Redaction {
    private static final String REDACTED = "[redacted]";
    private static final long MAX_NANOS = 250_000_000;
    /** Of all texts of an entry, on an event loop. */
    static final long MAX_ENTRY_NANOS = 10_000_000;

    private static final int CLOCK_CHARS = 4_096;

    private final List<Pattern> secrets;
    private final LongSupplier clock;

    public Redaction(List<Pattern> secrets) {
        this(secrets, System::nanoTime);
    }

    Redaction(List<Pattern> secrets, LongSupplier clock) {
        this.secrets = List.copyOf(secrets);
        this.clock = clock;
    }

    /** The text without secrets; empty where that can't be made sure of. */
    Optional<String> tryApply(String text) {
        return new Attempt(MAX_NANOS).on(text);
    }

    /** For the texts of one entry, which share their time: those for which too little is left are redacted as a whole. */
    UnaryOperator<String> ofEntry() {
        Attempt attempt = new Attempt(MAX_ENTRY_NANOS);
        return text -> attempt.on(text).orElse(REDACTED);
    }

    /** Work that may take some time in all. On one thread. */
    private final class Attempt {
        private final long deadline;
        private int reads;
        private boolean late;

        private Attempt(long nanos) {
            this.deadline = clock.getAsLong() + nanos;
        }

        private Optional<String> on(String text) {
            try {
                String clean = text;
                for (Pattern secret : secrets) {
                    clean = replaced(secret.matcher(new TimedText(clean, this)), clean);
                }
                return Optional.of(clean);
            } catch (TooSlow | StackOverflowError e) {
                return Optional.empty();
            }
        }

        /** Counted for all texts together: many short ones take as long as a long one. */
        private void read() {
            if (late || ++reads % CLOCK_CHARS == 0 && clock.getAsLong() - deadline > 0) {
                late = true;
                throw new TooSlow();
            }
        }
    }

    private static String replaced(Matcher found, String text) {
        StringBuilder clean = new StringBuilder();
        int copied = 0;
        while (found.find()) {
            int group = found.groupCount() > 0 && found.start(1) >= 0 ? 1 : 0;
            // A group in a look-ahead reaches beyond its match.
            int start = Math.max(copied, found.start(group));
            if (start < found.end(group)) {
                clean.append(text, copied, start).append(REDACTED);
                copied = found.end(group);
            }
        }
        return copied == 0 ? text : clean.append(text, copied, text.length()).toString();
    }

    private static final class TooSlow extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooSlow() {
            super(null, null, false, false);
        }
    }

    /** A text that can be read for a while only. */
    private static final class TimedText implements CharSequence {
        private final String text;
        private final Attempt attempt;

        private TimedText(String text, Attempt attempt) {
            this.text = text;
            this.attempt = attempt;
        }

        @Override
        public char charAt(int index) {
            attempt.read();
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
