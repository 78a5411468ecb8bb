package dev.berth.secrets;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces secrets in what requests send and receive, by regular expressions of the server's settings: of a match its first group, or
 * all of it where there is none. A page chooses the text, so an expression that reads too many characters of it is given up. The
 * bound counts reads, not time, so that a busy machine keeps what a quiet one does. Thread-safe.
 */
public final class Redaction {
    private static final String REDACTED = "[redacted]";
    /** Half a second of a processor. The usual expressions read no text of 1 MiB more than 30 million times. */
    private static final int MAX_READS = 64 << 20;
    /** Limit for all texts of an entry together, which are read on an event loop: some 15 ms of a processor. */
    static final int MAX_ENTRY_READS = 2 << 20;

    private final List<Pattern> secrets;
    private final List<String> words;

    /** @param words in lower case: a text with none of them has no secrets. If empty, every text may have some */
    public Redaction(List<Pattern> secrets, List<String> words) {
        this.secrets = List.copyOf(secrets);
        this.words = List.copyOf(words);
    }

    /** The text without secrets; empty where that can't be made sure of. */
    public Optional<String> tryApply(String text) {
        return new Attempt(MAX_READS).on(text);
    }

    /** For the texts of one entry, which share their reads: those for which too few are left are redacted as a whole. */
    public UnaryOperator<String> ofEntry() {
        Attempt attempt = new Attempt(MAX_ENTRY_READS);
        return text -> attempt.on(text).orElse(REDACTED);
    }

    private boolean mayHaveSecrets(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return words.isEmpty() || words.stream().anyMatch(lower::contains);
    }

    /** An attempt to redact a text. On one thread. */
    private final class Attempt {
        private int readsLeft;

        private Attempt(int reads) {
            this.readsLeft = reads;
        }

        private Optional<String> on(String text) {
            if (!mayHaveSecrets(text)) {
                return Optional.of(text);
            }
            try {
                String clean = text;
                for (Pattern secret : secrets) {
                    clean = replaced(secret.matcher(new CountedText(clean, this)), clean);
                }
                return Optional.of(clean);
            } catch (TooManyReads | StackOverflowError e) {
                return Optional.empty();
            }
        }

        private void read() {
            if (readsLeft == 0) {
                throw new TooManyReads();
            }
            readsLeft--;
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

    private static final class TooManyReads extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManyReads() {
            super(null, null, false, false);
        }
    }

    /** A text that can be read only so often. */
    private static final class CountedText implements CharSequence {
        private final String text;
        private final Attempt attempt;

        private CountedText(String text, Attempt attempt) {
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
