package dev.berth.websocket;

import dev.berth.clock.LivedTime;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pings a client, and reports when it has been silent for too long. On one event loop. */
public final class ClientWatch {
    private static final Logger log = LoggerFactory.getLogger(ClientWatch.class);
    /** The pause between two pings to a CDP client. */
    public static final long PING_MILLIS = 30_000;

    private final Vertx vertx;
    private final String name;
    private final Client client;
    private final long pingMillis;
    private final BooleanSupplier onBeat;
    private final Runnable onSilence;
    private final Heartbeat heartbeat = new Heartbeat();
    private final long timer;
    private long beatenAtNanos = LivedTime.nanos();

    /** The end of a socket that is watched. */
    public interface Client {
        /** Whether writes are pending. */
        boolean isWriting();

        /** Whether a write has completed since the last call. */
        boolean hasTaken();

        /** Whether an earlier ping waits for the end of another frame. */
        boolean hasWaitingControl();

        /** Whether the client is not read now, so that no answer of it would be heard. */
        boolean isPaused();

        void ping();
    }

    /**
     * @param name for the log
     * @param pingMillis the pause between two pings; a client that is silent for three of them counts as gone
     * @param onBeat called before each check of the client; false where it should not be checked
     * @param onSilence called when the client has been silent for too long
     */
    public ClientWatch(
            Vertx vertx, String name, Client client, long pingMillis, BooleanSupplier onBeat, Runnable onSilence) {
        this.vertx = vertx;
        this.name = name;
        this.client = client;
        this.pingMillis = pingMillis;
        this.onBeat = onBeat;
        this.onSilence = onSilence;
        this.timer = vertx.setPeriodic(pingMillis, ignored -> beat());
    }

    /** The client has sent something. */
    public void heard() {
        heartbeat.heard();
    }

    public void end() {
        vertx.cancelTimer(timer);
    }

    /** After the process was stopped, a periodic timer fires once for each interval that it missed. */
    private void beat() {
        long now = LivedTime.nanos();
        if (now - beatenAtNanos >= TimeUnit.MILLISECONDS.toNanos(pingMillis) / 2) {
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
            log.debug("{} a client is silent", name);
            onSilence.run();
        } else if (!client.hasWaitingControl()) {
            client.ping();
        }
    }
}
