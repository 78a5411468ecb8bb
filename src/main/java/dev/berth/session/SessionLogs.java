package dev.berth.session;

import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.SessionCommand.ReadConsole;
import dev.berth.protocol.SessionCommand.ReadNetwork;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.ConsoleTail;
import dev.berth.protocol.SessionReply.NetworkTail;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;

/** The console and network logs of one session. */
final class SessionLogs {
    private static final int OBJECT_BYTES = 200;

    private final LogBuffer<ConsoleEntry> console;
    private final LogBuffer<NetworkEntry> network;
    private final Runnable onChange;

    /** @param onChange is called when {@link #full} may have changed */
    SessionLogs(Vertx vertx, SessionId id, LogBuffer.Sealer sealer, Runnable onChange) {
        this.onChange = onChange;
        this.console = new LogBuffer<>(vertx, id, LogKind.CONSOLE, sealer, SessionLogs::bytes, onChange);
        this.network = new LogBuffer<>(vertx, id, LogKind.NETWORK, sealer, SessionLogs::bytes, onChange);
    }

    void append(ConsoleEntry entry) {
        console.append(entry);
        onChange.run();
    }

    void append(NetworkEntry entry) {
        network.append(entry);
        onChange.run();
    }

    /** Whether the browser had better pause. */
    boolean full() {
        return console.full() || network.full();
    }

    ConsoleTail read(ReadConsole read) {
        return new ConsoleTail(
                console.total(),
                console.chunks(read.offset(), read.limit()),
                Math.max(read.offset(), console.firstWaiting()),
                console.waiting(read.offset(), read.limit()));
    }

    NetworkTail read(ReadNetwork read) {
        return new NetworkTail(
                network.total(),
                network.chunks(read.offset(), read.limit()),
                Math.max(read.offset(), network.firstWaiting()),
                network.waiting(read.offset(), read.limit()));
    }

    Future<Void> flush() {
        return Future.join(console.flush(), network.flush()).mapEmpty();
    }

    private static int bytes(ConsoleEntry entry) {
        return OBJECT_BYTES
                + entry.message().length()
                + entry.url().map(String::length).orElse(0);
    }

    private static int bytes(NetworkEntry entry) {
        return 2 * OBJECT_BYTES + entry.url().length() + bytes(entry.requestHeaders()) + bytes(entry.responseHeaders());
    }

    private static int bytes(Map<String, String> headers) {
        return headers.entrySet().stream()
                .mapToInt(header ->
                        100 + header.getKey().length() + header.getValue().length())
                .sum();
    }
}
