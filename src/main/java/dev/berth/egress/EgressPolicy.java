package dev.berth.egress;

import dev.berth.protocol.Containment;

/** What one session's Chrome may reach, and which way. Immutable. */
public final class EgressPolicy {
    EgressPolicy(Containment containment) {}
}
