package dev.berth.cdpclient;

import dev.berth.metrics.RelayCounts;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What Chrome says to a client: passed on as far as the client takes it, the beginnings of messages read on the way. On the event
 * loop of the client.
 */
final class ChromeInput implements ChromeEnd.Listener {
    private static final int MAX_HEAD_BYTES = 4_096;

    private final ChromeEnd chrome;
    private final ClientEnd client;
    private final CdpLink link;
    private final RelayCounts counts;
    private final HeadReader reader;
    private final Runnable onDrained;
    private final Consumer<Optional<String>> onClosed;
    private final byte[] head = new byte[MAX_HEAD_BYTES];
    private int headLength;
    private boolean pastHead;
    private boolean over;

    /** Reads messages. The arrays are reused. */
    interface HeadReader {
        /** Gets a message that came as a whole, first of all; gives what is passed on in its place, if something is. */
        Optional<byte[]> whole(byte[] bytes, int from, int to);

        /** Gets the first bytes of a message, at most 4,096. */
        void read(byte[] head, int length);
    }

    /** @param onClosed gets why, where it is the client that was too slow */
    ChromeInput(
            ChromeEnd chrome,
            ClientEnd client,
            CdpLink link,
            RelayCounts counts,
            HeadReader reader,
            Runnable onDrained,
            Consumer<Optional<String>> onClosed) {
        this.chrome = chrome;
        this.client = client;
        this.link = link;
        this.counts = counts;
        this.reader = reader;
        this.onDrained = onDrained;
        this.onClosed = onClosed;
    }

    void clientDrained() {
        if (!over && !client.isFull()) {
            chrome.resume();
        }
    }

    /** Chrome's end is closed, and nothing is passed on any more. */
    void end() {
        over = true;
        chrome.close();
    }

    @Override
    public void piece(byte[] bytes, int from, int to, boolean last) {
        if (over) {
            return;
        }
        Optional<byte[]> other = last && headLength == 0 ? reader.whole(bytes, from, to) : Optional.empty();
        if (other.isPresent()) {
            pass(other.get(), 0, other.get().length, true);
        } else {
            pass(bytes, from, to, last);
        }
    }

    private void pass(byte[] bytes, int from, int to, boolean last) {
        client.piece(bytes, from, to, last);
        if (!pastHead) {
            readHead(bytes, from, to, last);
        }
        if (last) {
            headLength = 0;
            pastHead = false;
        }
    }

    private void readHead(byte[] bytes, int from, int to, boolean last) {
        int part = Math.min(to - from, MAX_HEAD_BYTES - headLength);
        System.arraycopy(bytes, from, head, headLength, part);
        headLength += part;
        pastHead = last || headLength == MAX_HEAD_BYTES;
        if (pastHead) {
            reader.read(head, headLength);
        }
    }

    @Override
    public void turnEnds() {
        if (over || !client.flush()) {
            return;
        }
        link.used();
        if (client.isFull()) {
            counts.browserStalled();
            chrome.pause();
        }
    }

    @Override
    public void drained() {
        onDrained.run();
    }

    @Override
    public void closed(Optional<String> why) {
        onClosed.accept(why);
    }
}
