package dev.berth.browser.cdp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Puts a message of Chrome together from its pieces, as far as it is kept: a page decides how long it is. Of an event, each
 * text is cut; so is it of an answer, unless whoever asked wants all of it. What is too long even so is told by its size alone.
 * Holds no more than that at any time. Pure; for one thread.
 */
public final class MessageKeeper implements DevToolsSocket.Reader {
    /** One text of an event: a little more than what is kept of a console line, so that it is seen to be cut. */
    static final int MAX_TEXT_CHARS = 16_386;

    static final int MAX_EVENT_BYTES = 1 << 18;
    /** Of all texts of an event together: what comes after these is cut to the length of what Chrome itself says. */
    private static final int MAX_EVENT_TEXT_BYTES = 1 << 17;

    static final int MAX_LATE_TEXT_CHARS = 128;
    static final int MAX_ANSWER_BYTES = 1 << 22;
    /** So much of an answer needs no room that was asked for. */
    public static final int FREE_BYTES = 1 << 20;

    /** Stands after the name of a value, in the name of another that tells how many of its characters are missing. */
    public static final String HIDDEN = "…";

    private static final int MAX_NAME_BYTES = 64;
    private static final int KEPT_BYTES = 1 << 16;
    private static final int TAIL_BYTES = 128;
    private static final byte[] ID = ascii("{\"id\":");
    private static final byte[] METHOD = ascii("{\"method\":\"");
    /** What a person reads: the names in these are Chrome's own. */
    private static final List<byte[]> MARKED = List.of(ascii("{\"method\":\"Runtime."), ascii("{\"method\":\"Log."));

    private static final String SESSION = ",\"sessionId\":\"";

    private final Listener listener;
    private byte[] kept = new byte[KEPT_BYTES];
    private int length;
    private final byte[] tail = new byte[TAIL_BYTES];
    private int tailLength;
    private long total;
    private boolean overflown;
    private boolean noRoom;

    // Where it is in the message's JSON.
    private boolean inText;
    private boolean cutting;
    private int escape;
    private long chars;
    private long keptChars;
    private int maxChars;
    private int textBytes;
    /** The last byte that is in no text: after a colon comes a value, else a name. */
    private byte outside;

    private int nameFrom;
    private int nameTo;

    /** Hears messages in order. */
    interface Listener {
        /** @param json from its start; used again unless it has more than 64 KiB */
        void message(byte[] json, int length);

        /** An event that was not kept. */
        void oversizedEvent(String sessionId, String method, long bytes);

        /** An answer that was not kept: it has more than {@code maxBytes}. */
        void oversizedAnswer(int id, long bytes, int maxBytes);

        /** How many bytes are wanted of the answer to this command, all its texts uncut; 0 for what is usual. */
        int wholeBytes(int id);

        /** Whether there is room for so much of an answer; it is not kept where there is none. */
        boolean hasRoom(int id, int bytes);

        /** An answer that was not kept: there was no room. */
        void unheldAnswer(int id);
    }

    MessageKeeper(Listener listener) {
        this.listener = listener;
    }

    @Override
    public void piece(byte[] bytes, int from, int to, boolean last) {
        try {
            total += to - from;
            keepTail(bytes, from, to);
            if (!overflown) {
                keep(bytes, from, to);
            }
            if (last) {
                tell();
            }
        } finally {
            if (last) {
                reset();
            }
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
            if (inText && !cutting) {
                textBytes++;
            }
            if (!inText) {
                if (c == '"') {
                    begin(length + at - copied);
                } else {
                    outside = c;
                }
            } else if (escape != 0) {
                escape = escape > 0 ? escape - 1 : c == 'u' ? 4 : 0;
            } else if (c == '"') {
                if (cutting) {
                    cutting = false;
                    copy(bytes, at, at + 1);
                    copied = at + 1;
                    mark();
                }
                end(length + at - copied);
            } else if ((c & 0xc0) != 0x80) {
                if (chars >= maxChars && !cutting) {
                    copy(bytes, copied, at);
                    copied = at;
                    cutOrExtend();
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

    /** @param at where the text begins, in what is kept */
    private void begin(int at) {
        inText = true;
        chars = 0;
        maxChars = textBytes < MAX_EVENT_TEXT_BYTES ? MAX_TEXT_CHARS : MAX_LATE_TEXT_CHARS;
        if (outside != ':') {
            nameFrom = at + 1;
        }
    }

    private void end(int at) {
        inText = false;
        if (outside != ':') {
            nameTo = at;
        }
    }

    private void cutOrExtend() {
        OptionalInt id = id();
        if (id.isPresent() && listener.wholeBytes(id.getAsInt()) > 0) {
            maxChars = Integer.MAX_VALUE;
        } else if (id.isPresent() && maxChars < MAX_TEXT_CHARS) {
            maxChars = MAX_TEXT_CHARS;
        } else {
            cutting = true;
            keptChars = chars;
        }
    }

    /** Puts beside a value of which something is missing how much that is. Not among names that a page gives. */
    private void mark() {
        int nameLength = nameTo - nameFrom;
        if (outside == ':'
                && !overflown
                && nameLength <= MAX_NAME_BYTES
                && MARKED.stream().anyMatch(start -> startsWith(kept, length, start))) {
            String name = new String(kept, nameFrom, nameLength, StandardCharsets.UTF_8);
            byte[] mark = (",\"" + name + HIDDEN + "\":" + (chars - keptChars)).getBytes(StandardCharsets.UTF_8);
            copy(mark, 0, mark.length);
        }
    }

    /** The beginning is kept in any case: it tells what the message is. */
    private void copy(byte[] bytes, int from, int to) {
        if (overflown) {
            return;
        }
        int fits = Math.min(to - from, kept.length - length);
        System.arraycopy(bytes, from, kept, length, fits);
        length += fits;
        int more = to - from - fits;
        if (more > limit() - length) {
            overflow();
        } else if (more > 0) {
            grow((int) Math.min(limit(), Math.max(length + more, 2L * kept.length)));
        }
        if (!overflown) {
            System.arraycopy(bytes, to - more, kept, length, more);
            length += more;
        }
    }

    private void grow(int bytes) {
        OptionalInt id = id();
        noRoom = id.isPresent() && bytes > FREE_BYTES && !listener.hasRoom(id.getAsInt(), bytes);
        if (noRoom) {
            overflow();
        } else {
            kept = Arrays.copyOf(kept, bytes);
        }
    }

    /** Its beginning will do. */
    private void overflow() {
        overflown = true;
        kept = Arrays.copyOf(kept, KEPT_BYTES);
        length = Math.min(length, KEPT_BYTES);
    }

    private int limit() {
        OptionalInt id = id();
        if (id.isEmpty()) {
            return MAX_EVENT_BYTES;
        }
        int whole = listener.wholeBytes(id.getAsInt());
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
            listener.message(kept, length);
        } else if (noRoom) {
            listener.unheldAnswer(id().getAsInt());
        } else if (id().isPresent()) {
            listener.oversizedAnswer(id().getAsInt(), total, limit());
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
        textBytes = 0;
        overflown = false;
        noRoom = false;
        outside = 0;
        nameFrom = 0;
        nameTo = 0;
        inText = false;
        cutting = false;
        escape = 0;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
