package dev.berth.relay;

/** Takes what comes from a pipe apart, at the NUL that ends each message. Copies nothing. */
final class PipeMessages {
    private final Reader reader;

    /** Gets messages in the pieces that they come in. */
    interface Reader {
        /** @param last whether the message ends here; a last piece may be empty */
        void piece(byte[] bytes, int from, int to, boolean last);
    }

    PipeMessages(Reader reader) {
        this.reader = reader;
    }

    void feed(byte[] chunk, int length) {
        int from = 0;
        for (int at = 0; at < length; at++) {
            if (chunk[at] == 0) {
                reader.piece(chunk, from, at, true);
                from = at + 1;
            }
        }
        if (from < length) {
            reader.piece(chunk, from, length, false);
        }
    }
}
