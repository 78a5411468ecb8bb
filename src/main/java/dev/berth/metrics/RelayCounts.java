package dev.berth.metrics;

import io.micrometer.core.instrument.Counter;
import java.util.concurrent.atomic.LongAdder;

/** Counts of CDP clients, and of the bytes and stalls between them and their Chromes. For any thread. */
public final class RelayCounts {
    private static final String BYTES = "Bytes relayed between CDP clients and Chromes.";
    private static final String STALLS =
            "Times that reading from one side paused because the other side accepted no more.";

    private final LongAdder clients;
    private final Counter toClients;
    private final Counter toBrowsers;
    private final Counter clientStalls;
    private final Counter browserStalls;

    RelayCounts(Meters meters) {
        clients = meters.level("berth.cdp.clients", "Connected CDP clients.", "");
        toClients = meters.counter("berth.relay", BYTES, "bytes", "direction", "to_client");
        toBrowsers = meters.counter("berth.relay", BYTES, "bytes", "direction", "to_browser");
        clientStalls = meters.counter("berth.relay.stalls", STALLS, "", "side", "client");
        browserStalls = meters.counter("berth.relay.stalls", STALLS, "", "side", "browser");
    }

    public void came() {
        clients.increment();
    }

    public void left() {
        clients.decrement();
    }

    public void toClient(int bytes) {
        toClients.increment(bytes);
    }

    public void toBrowser(int bytes) {
        toBrowsers.increment(bytes);
    }

    /** The client is not read for a while. */
    public void clientStalled() {
        clientStalls.increment();
    }

    /** The browser is not read for this client for a while. */
    public void browserStalled() {
        browserStalls.increment();
    }
}
