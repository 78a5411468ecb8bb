package dev.berth.metrics;

import io.micrometer.core.instrument.MeterRegistry;

/** What passes between CDP clients and Chromes. For any thread. */
public final class RelayCounts {
    private static final String BYTES = "Bytes of frames that were relayed.";
    private static final String STALLS = "Times that a side was not read because the other one takes no more.";

    private final Adder clients;
    private final Adder toClients;
    private final Adder toBrowsers;
    private final Adder clientStalls;
    private final Adder browserStalls;

    RelayCounts(MeterRegistry registry) {
        clients = Adder.gauge(registry, "berth.cdp.clients", "CDP clients that are connected.", "");
        toClients = Adder.counter(registry, "berth.relay", BYTES, "bytes", "direction", "to_client");
        toBrowsers = Adder.counter(registry, "berth.relay", BYTES, "bytes", "direction", "to_browser");
        clientStalls = Adder.counter(registry, "berth.relay.stalls", STALLS, "", "side", "client");
        browserStalls = Adder.counter(registry, "berth.relay.stalls", STALLS, "", "side", "browser");
    }

    public void came() {
        clients.add(1);
    }

    public void left() {
        clients.add(-1);
    }

    public void toClient(int bytes) {
        toClients.add(bytes);
    }

    public void toBrowser(int bytes) {
        toBrowsers.add(bytes);
    }

    /** The client is not read for a while. */
    public void clientStalled() {
        clientStalls.add(1);
    }

    /** The browser is not read for this client for a while. */
    public void browserStalled() {
        browserStalls.add(1);
    }
}
