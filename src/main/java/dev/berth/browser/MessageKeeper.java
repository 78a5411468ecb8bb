package dev.berth.browser;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;

/**
 * Puts a message of Chrome together from its pieces, as far as it is kept: a page decides how long it is. Of an event, each
 * text is cut; so is it of an answer, unless whoever asked wants all of it. What is too long even so is told by its size alone.
 * Holds no more than that at any time. Pure; for one thread.
 */
final class MessageKeeper implements DevToolsSocket.Reader {
    /** One text of an event: a little more than what is kept of a console line, so that it is seen to be cut. */
    static final int MAX_TEXT_CHARS = 16_386;

    static final int MAX_EVENT_BYTES = 1 << 18;
    static final int MAX_ANSWER_BYTES = 1 << 22;
    private static final int KEPT_BYTES = 1 << 16;
    private static final int TAIL_BYTES = 128;
    private static final byte[] ID = ascii("{\"id\":");
    private static final byte[] METHOD = ascii("{\"method\":\"");
    private static final String SESSION = ",\"sessionId\":\"";

    private final IntUnaryOperator wholeBytes;
    private final Listener listener;
    private byte[] kept = new byte[KEPT_BYTES];
    private int length;
    private final byte[] tail = new byte[TAIL_BYTES];
    private int tailLength;
    private long total;
    private long hiddenChars;
    private boolean overflown;

    // Where it is in the message's JSON.
    private boolean inText;
    private boolean cutting;
    private int escape;
    private long chars;

    /** Hears messages in order. */
    interface Listener {
        /**
         * @param json from its start; used again unless it has more than 64 KiB
         * @param hiddenChars how many characters of its texts are missing
         */
        void message(byte[] json, int length, long hiddenChars);

        /** An event that was not kept. */
        void oversizedEvent(String sessionId, String method, long bytes);

        /** An answer that was not kept. */
        void oversizedAnswer(int id, long bytes);
    }

    /** @param wholeBytes how many bytes are wanted of the answer to this command, all its texts uncut; 0 for what is usual */
    MessageKeeper(IntUnaryOperator wholeBytes, Listener listener) {
        this.wholeBytes = wholeBytes;
        this.listener = listener;
    }

    @Override
    public void piece(byte[] bytes, int from, int to, boolean last) {
        total += to - from;
        keepTail(bytes, from, to);
        if (!overflown) {
            keep(bytes, from, to);
        }
        if (last) {
            tell();
            reset();
        }
    }

    private void keepTail(byte[] bytes, int from, int to) {
        int count = Math.min(TAIL_BYTES, to - from);
        int before = Math.min(tailLength, TAIL_BYTES - count);
        System.arraycopy(tail, tailLength - before, tail, 0, before);
        System.arraycopy(bytes, to - count, tail, before, count);
        tailLength = before + count;
    }

    private void keep(byte[] bytes, int from, int to) {
        int copied = from;
        for (int at = from; at < to; at++) {
            byte c = bytes[at];
            if (!inText) {
                if (c == '"') {
                    inText = true;
                    chars = 0;
                }
            } else if (escape != 0) {
                escape = escape > 0 ? escape - 1 : c == 'u' ? 4 : 0;
            } else if (c == '"') {
                inText = false;
                if (cutting) {
                    hiddenChars += chars - MAX_TEXT_CHARS;
                    cutting = false;
                    copied = at;
                }
            } else if ((c & 0xc0) != 0x80) {
                if (chars >= MAX_TEXT_CHARS && !cutting) {
                    copy(bytes, copied, at);
                    copied = at;
                    cutting = !isWanted();
                }
                escape = c == '\\' ? -1 : 0;
                // A character of four bytes is two of Java's.
                chars += (c & 0xf8) == 0xf0 ? 2 : 1;
            }
        }
        if (!cutting) {
            copy(bytes, copied, to);
        }
    }

    /** The beginning is kept in any case: it tells what the message is. */
    private void copy(byte[] bytes, int from, int to) {
        int fits = Math.min(to - from, kept.length - length);
        System.arraycopy(bytes, from, kept, length, fits);
        length += fits;
        int more = to - from - fits;
        if (more > limit() - length) {
            overflown = true;
        } else if (more > 0) {
            kept = Arrays.copyOf(kept, (int) Math.min(limit(), Math.max(length + more, 2L * kept.length)));
            System.arraycopy(bytes, to - more, kept, length, more);
            length += more;
        }
    }

    private boolean isWanted() {
        OptionalInt id = id();
        return id.isPresent() && wholeBytes.applyAsInt(id.getAsInt()) > 0;
    }

    private int limit() {
        OptionalInt id = id();
        if (id.isEmpty()) {
            return MAX_EVENT_BYTES;
        }
        int whole = wholeBytes.applyAsInt(id.getAsInt());
        return whole > 0 ? whole : MAX_ANSWER_BYTES;
    }

    private OptionalInt id() {
        return id(kept, length);
    }

    /** Of the command that a message answers: Chrome writes it first. Empty of an event. */
    static OptionalInt id(byte[] message, int length) {
        if (!startsWith(message, length, ID)) {
            return OptionalInt.empty();
        }
        int id = 0;
        for (int at = ID.length; at < length && message[at] >= '0' && message[at] <= '9'; at++) {
            id = id * 10 + message[at] - '0';
        }
        return OptionalInt.of(id);
    }

    private static boolean startsWith(byte[] message, int length, byte[] start) {
        return length >= start.length && Arrays.equals(message, 0, start.length, start, 0, start.length);
    }

    private void tell() {
        if (!overflown) {
            listener.message(kept, length, hiddenChars);
        } else if (id().isPresent()) {
            listener.oversizedAnswer(id().getAsInt(), total);
        } else {
            listener.oversizedEvent(session(), method(), total);
        }
    }

    private String method() {
        if (!startsWith(kept, length, METHOD)) {
            return "";
        }
        int at = METHOD.length;
        while (at < length && kept[at] != '"') {
            at++;
        }
        return new String(kept, METHOD.length, at - METHOD.length, StandardCharsets.ISO_8859_1);
    }

    /** Chrome writes it last. */
    private String session() {
        String end = new String(tail, 0, tailLength, StandardCharsets.ISO_8859_1);
        int at = end.lastIndexOf(SESSION);
        return at < 0
                ? CdpConnection.BROWSER
                : end.substring(at + SESSION.length()).replaceFirst("\".*$", "");
    }

    private void reset() {
        if (kept.length > KEPT_BYTES) {
            kept = new byte[KEPT_BYTES];
        }
        length = 0;
        tailLength = 0;
        total = 0;
        hiddenChars = 0;
        overflown = false;
        inText = false;
        cutting = false;
        escape = 0;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
