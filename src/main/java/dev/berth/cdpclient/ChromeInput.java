package dev.berth.cdpclient;

import dev.berth.browser.cdp.Party;
import dev.berth.metrics.RelayCounts;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Receives Chrome's messages to a client: passes them on as far as the client takes them, and has their beginnings read on the way. On
 * the event loop of the client.
 */
final class ChromeInput implements Party.Receiver {
    private static final int MAX_HEAD_BYTES = 4_096;

    private final Party party;
    private final ClientEnd client;
    private final CdpLink link;
    private final RelayCounts counts;
    private final Unproxied unproxied;
    private final TargetCommands targets;
    private final ActionRecorder actions;
    private final Runnable onDrained;
    private final Consumer<Optional<String>> onClosed;
    private final byte[] head = new byte[MAX_HEAD_BYTES];
    private int headLength;
    private boolean pastHead;
    private boolean over;

    /**
     * @param onDrained called when the client's commands are written
     * @param onClosed gets the reason where the client was too slow; empty where Chrome is gone
     */
    ChromeInput(
            Party party,
            ClientEnd client,
            CdpLink link,
            RelayCounts counts,
            Unproxied unproxied,
            TargetCommands targets,
            ActionRecorder actions,
            Runnable onDrained,
            Consumer<Optional<String>> onClosed) {
        this.party = party;
        this.client = client;
        this.link = link;
        this.counts = counts;
        this.unproxied = unproxied;
        this.targets = targets;
        this.actions = actions;
        this.onDrained = onDrained;
        this.onClosed = onClosed;
    }

    void clientDrained() {
        if (!over && !client.isFull()) {
            party.resume();
        }
    }

    /** Leaves Chrome. Nothing is passed on any more. */
    void end() {
        over = true;
        party.close();
    }

    @Override
    public void piece(byte[] bytes, int from, int to, boolean last) {
        if (over) {
            return;
        }
        Optional<byte[]> other = last && headLength == 0 ? unproxied.told(bytes, from, to) : Optional.empty();
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
            targets.read(head, headLength);
            actions.replied(head, headLength);
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
            party.pause();
        }
    }

    @Override
    public void dropped(int entries) {
        throw new IllegalStateException("a client is closed before it misses anything");
    }

    @Override
    public void missed(byte[] start, String sessionId, long bytes) {
        onClosed.accept(Optional.of("the server has no memory for a message of " + bytes + " bytes at the moment"));
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
