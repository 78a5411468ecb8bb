package dev.berth.relay;

import dev.berth.clock.LivedTime;
import dev.berth.websocket.Heartbeat;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pings a client, and reports when it has been silent for too long. On one event loop. */
final class ClientWatch {
    private static final Logger log = LoggerFactory.getLogger(ClientWatch.class);
    private static final long PING_MILLIS = 30_000;

    private final Vertx vertx;
    private final String name;
    private final ClientEnd client;
    private final BooleanSupplier onBeat;
    private final Runnable onSilence;
    private final Heartbeat heartbeat = new Heartbeat();
    private final long timer;
    private long beatenAtNanos = LivedTime.nanos();

    /**
     * @param name for the log
     * @param onBeat called before each check of the client; false where it should not be checked
     * @param onSilence called when the client has been silent for too long
     */
    ClientWatch(Vertx vertx, String name, ClientEnd client, BooleanSupplier onBeat, Runnable onSilence) {
        this.vertx = vertx;
        this.name = name;
        this.client = client;
        this.onBeat = onBeat;
        this.onSilence = onSilence;
        this.timer = vertx.setPeriodic(PING_MILLIS, ignored -> beat());
    }

    /** The client has sent something. */
    void heard() {
        heartbeat.heard();
    }

    void end() {
        vertx.cancelTimer(timer);
    }

    /** After the process was stopped, a periodic timer fires once for each interval that it missed. */
    private void beat() {
        long now = LivedTime.nanos();
        if (now - beatenAtNanos >= TimeUnit.MILLISECONDS.toNanos(PING_MILLIS) / 2) {
            beatenAtNanos = now;
            if (onBeat.getAsBoolean()) {
                look();
            }
        }
    }

    private void look() {
        if (client.isWriting()) {
            if (client.hasTaken()) {
                heartbeat.heard();
            }
        } else if (client.hasWaitingControl() || client.isPaused()) {
            return; // an earlier ping is still queued, or its pong would not be read
        }
        if (!heartbeat.beat()) {
            log.debug("{} a CDP client is silent", name);
            onSilence.run();
        } else if (!client.hasWaitingControl()) {
            client.ping();
        }
    }
}
