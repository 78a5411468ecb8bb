package dev.berth.browser.cdp;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Puts a message of Chrome together from its pieces, as far as it is kept: a page decides how long it is. Each text of an event is cut; so
 * are those of an answer, unless its sender wants all of it. If a message is too long even so, only its size is told. Holds no more than
 * that at any time. Pure; for one thread.
 */
public final class MessageKeeper {
    /** Limit for one text of an event, in characters: a little more than the kept length of a console line, so that a cut shows. */
    static final int MAX_TEXT_CHARS = 16_386;

    /** Limit for all texts of an event together, in bytes: texts beyond it are cut to the length of Chrome's own texts. */
    private static final int MAX_EVENT_TEXT_BYTES = 1 << 17;

    static final int MAX_LATE_TEXT_CHARS = 128;
    /** Bytes of an answer that need no room asked for before. */
    public static final int FREE_BYTES = 1 << 20;

    /** Stands after the name of a value, in the name of another that tells how many of its characters are missing. */
    public static final String HIDDEN = "…";

    private static final int UNCUT = Integer.MAX_VALUE;

    private static final int MAX_NAME_BYTES = 64;
    /** The events that a person reads, or that are counted: the names in them are Chrome's own. */
    private static final List<byte[]> MARKED = List.of(
            ascii("{\"method\":\"Runtime."),
            ascii("{\"method\":\"Log."),
            ascii("{\"method\":\"Network.webSocketFrame"));

    private final Listener listener;
    private final KeptMessage message;

    // The keeper's position in the message's JSON.
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

        /**
         * How many bytes are wanted of an event that begins like this, all its texts uncut; 0 for what is usual.
         *
         * @param length of its beginning
         */
        default int wholeEventBytes(byte[] event, int length) {
            return 0;
        }

        /** Whether there is room for so much of an answer; it is not kept where there is none. */
        boolean hasRoom(int id, int bytes);

        /** An answer that was not kept: there was no room. */
        void unheldAnswer(int id);
    }

    MessageKeeper(Listener listener) {
        this.listener = listener;
        this.message = new KeptMessage(listener);
    }

    /** @param last whether the message ends here; a last piece may be empty */
    void piece(byte[] bytes, int from, int to, boolean last) {
        try {
            message.came(bytes, from, to);
            if (!message.isOverflown()) {
                keep(bytes, from, to);
            }
            if (last) {
                message.tell();
            }
        } finally {
            if (last) {
                reset();
            }
        }
    }

    private void keep(byte[] bytes, int from, int to) {
        int copied = from;
        for (int at = from; at < to; at++) {
            if (inText && maxChars == UNCUT && escape == 0) {
                int plainTo = plain(bytes, at, to);
                textBytes += plainTo - at;
                at = plainTo;
                if (at == to) {
                    break;
                }
            }
            byte c = bytes[at];
            if (inText && !cutting) {
                textBytes++;
            }
            if (!inText) {
                if (c == '"') {
                    begin(message.length() + at - copied);
                } else {
                    outside = c;
                }
            } else if (escape != 0) {
                escape = escape > 0 ? escape - 1 : c == 'u' ? 4 : 0;
            } else if (c == '"') {
                if (cutting) {
                    cutting = false;
                    message.copy(bytes, at, at + 1);
                    copied = at + 1;
                    mark();
                }
                end(message.length() + at - copied);
            } else if ((c & 0xc0) != 0x80) {
                if (chars >= maxChars && !cutting) {
                    message.copy(bytes, copied, at);
                    copied = at;
                    cutOrExtend();
                }
                escape = c == '\\' ? -1 : 0;
                // A character of four bytes is two of Java's.
                chars += (c & 0xf8) == 0xf0 ? 2 : 1;
            }
        }
        if (!cutting) {
            message.copy(bytes, copied, to);
        }
    }

    /**
     * The index at which the text ends or escapes a character: no characters of a text that is kept whole, a picture in base64 for
     * instance, are counted.
     */
    private static int plain(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != '"' && bytes[at] != '\\') {
            at++;
        }
        return at;
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
        if (message.wholeBytes() > 0) {
            maxChars = UNCUT;
        } else if (message.id().isPresent() && maxChars < MAX_TEXT_CHARS) {
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
                && !message.isOverflown()
                && nameLength <= MAX_NAME_BYTES
                && MARKED.stream().anyMatch(message::startsWith)) {
            String name = message.text(nameFrom, nameTo);
            byte[] mark = (",\"" + name + HIDDEN + "\":" + (chars - keptChars)).getBytes(StandardCharsets.UTF_8);
            message.copy(mark, 0, mark.length);
        }
    }

    private void reset() {
        message.reset();
        textBytes = 0;
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
