package dev.berth.session.keep;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces secrets in what requests send and receive, by regular expressions of the server's settings: of a match its first group, or
 * all of it where there is none. A page chooses the text, so that an expression which takes too long on it is given up. Thread-safe.
 */
public final class Redaction {
    private static final String REDACTED = "[redacted]";
    private static final long MAX_NANOS = 250_000_000;
    /** Of a short text, on an event loop. */
    private static final long MAX_SHORT_NANOS = 10_000_000;

    private static final int CLOCK_CHARS = 4_096;

    private final List<Pattern> secrets;

    public Redaction(List<Pattern> secrets) {
        this.secrets = List.copyOf(secrets);
    }

    /** The text without secrets; empty where that can't be made sure of. */
    Optional<String> tryApply(String text) {
        return within(text, MAX_NANOS);
    }

    private Optional<String> within(String text, long nanos) {
        long deadline = System.nanoTime() + nanos;
        try {
            String clean = text;
            for (Pattern secret : secrets) {
                clean = replaced(secret.matcher(new TimedText(clean, deadline)), clean);
            }
            return Optional.of(clean);
        } catch (TooSlow | StackOverflowError e) {
            return Optional.empty();
        }
    }

    /** A short text without secrets. */
    String apply(String text) {
        return within(text, MAX_SHORT_NANOS).orElse(REDACTED);
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
        private final long deadline;
        private int reads;

        private TimedText(String text, long deadline) {
            this.text = text;
            this.deadline = deadline;
        }

        @Override
        public char charAt(int index) {
            if (++reads % CLOCK_CHARS == 0 && System.nanoTime() > deadline) {
                throw new TooSlow();
            }
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
