package dev.berth.relay;

import dev.berth.metrics.RelayCounts;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.Consumer;

/** What Chrome says to a client: framed, and passed on as far as the client takes it. On the event loop of the client. */
final class ChromeInput implements ChromeEnd.Listener {
    private final ChromeEnd chrome;
    private final ClientEnd client;
    private final ClientLease lease;
    private final RelayCounts counts;
    private final Runnable onDrained;
    private final Consumer<Optional<String>> onClosed;
    private final ChromeFrames frames = new ChromeFrames();
    private boolean over;

    /** @param onClosed gets why, where it is the client that was too slow */
    ChromeInput(
            ChromeEnd chrome,
            ClientEnd client,
            ClientLease lease,
            RelayCounts counts,
            Runnable onDrained,
            Consumer<Optional<String>> onClosed) {
        this.chrome = chrome;
        this.client = client;
        this.lease = lease;
        this.counts = counts;
        this.onDrained = onDrained;
        this.onClosed = onClosed;
    }

    /** The client takes more. */
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
        frames.piece(bytes, from, to, last);
    }

    @Override
    public void turnEnds() {
        Buffer chunk = frames.take();
        if (over || chunk.length() == 0) {
            return;
        }
        lease.used();
        client.relay(chunk);
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
