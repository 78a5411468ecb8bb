package dev.berth.egress;

import java.util.Optional;

/**
 * The result of a connection that a Chrome asked for.
 *
 * @param rule what refused it; present where it is {@link Kind#BLOCKED}
 * @param words for people: the whole reason where it is not {@link Kind#CONNECTED}
 * @param remoteAddress the address and port that was dialled, where it is {@link Kind#CONNECTED} and no other proxy lies between
 */
public record Outcome(Kind kind, Optional<EgressRule> rule, String words, Optional<String> remoteAddress) {
    /** How it ended. */
    public enum Kind {
        CONNECTED,
        BLOCKED,
        UNKNOWN_HOST,
        REFUSED,
        TIMEOUT
    }

    static Outcome connected(Optional<String> remoteAddress) {
        return new Outcome(Kind.CONNECTED, Optional.empty(), "connected", remoteAddress);
    }

    static Outcome blocked(EgressRule rule, String words) {
        return new Outcome(Kind.BLOCKED, Optional.of(rule), words, Optional.empty());
    }

    static Outcome blocked(EgressRefused refused) {
        EgressRule rule =
                switch (refused.rule()) {
                    case OWN_PORT -> EgressRule.OWN_PORT;
                    case METADATA -> EgressRule.METADATA;
                    default -> EgressRule.ADDRESS;
                };
        return blocked(rule, refused.getMessage());
    }

    static Outcome failed(Kind kind, String words) {
        return new Outcome(kind, Optional.empty(), words, Optional.empty());
    }
}
