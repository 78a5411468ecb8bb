package dev.berth.egress;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import java.util.Optional;

/**
 * The result of dialling a host.
 *
 * @param socket does not read until it is told to; present where the outcome is {@link Outcome.Kind#CONNECTED}
 * @param first what the host has already said
 */
record Dialed(Outcome outcome, Optional<NetSocketInternal> socket, Buffer first) {
    static Dialed connected(NetSocketInternal socket, Optional<String> remoteAddress, Buffer first) {
        return new Dialed(Outcome.connected(remoteAddress), Optional.of(socket), first);
    }

    static Dialed failed(Outcome outcome) {
        return new Dialed(outcome, Optional.empty(), Buffer.buffer());
    }
}
