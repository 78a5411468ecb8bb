package dev.berth.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Gathers a client's messages for Chrome's pipe; those that are for no session get the client's. */
final class PipeOutbox {
    private static final int FIRST_BYTES = 4_096;
    private static final int KEPT_BYTES = 1 << 16;

    private final Writer pipe;
    private final byte[] session;
    private final byte[] field;
    private byte[] gathered = new byte[FIRST_BYTES];
    private int length;

    /** What messages are written to. */
    interface Writer {
        /** Whether the array is kept. */
        boolean write(byte[] bytes, int length);
    }

    PipeOutbox(Writer pipe, String session) {
        this.pipe = pipe;
        this.session = session.getBytes(StandardCharsets.US_ASCII);
        this.field = ("\"sessionId\":\"" + session + '"').getBytes(StandardCharsets.US_ASCII);
    }

    /** @param text without a NUL, which ends a message */
    void add(byte[] text, int textLength) {
        makeRoom(textLength + field.length + 2);
        int place = Math.max(0, CdpSessionId.place(text, textLength)); // 0: as it is
        put(text, 0, place);
        if (place > 0) {
            putSession(text[place - 1] == '"', CdpSessionId.isEmpty(text, place, textLength));
        }
        put(text, place, textLength - place);
        gathered[length++] = 0;
    }

    /** @param named whether only the id is missing; else {@code alone} says whether no other field follows */
    private void putSession(boolean named, boolean alone) {
        if (named) {
            put(session, 0, session.length);
            return;
        }
        put(field, 0, field.length);
        if (!alone) {
            gathered[length++] = ',';
        }
    }

    private void makeRoom(int more) {
        int needed = Math.addExact(length, more);
        if (needed > gathered.length) {
            gathered = Arrays.copyOf(gathered, (int) Math.max(needed, Math.min(2L * gathered.length, 1 << 30)));
        }
    }

    private void put(byte[] bytes, int from, int count) {
        System.arraycopy(bytes, from, gathered, length, count);
        length += count;
    }

    /** Whether there was something to write. */
    boolean flush() {
        if (length == 0) {
            return false;
        }
        boolean kept = pipe.write(gathered, length);
        length = 0;
        if (kept || gathered.length > KEPT_BYTES) {
            gathered = new byte[FIRST_BYTES];
        }
        return true;
    }
}
