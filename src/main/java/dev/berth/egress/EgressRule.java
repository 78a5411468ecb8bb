package dev.berth.egress;

/** The rule that refuses a connection. */
public enum EgressRule {
    /** A port of Berth itself. */
    OWN_PORT("ownPort"),
    /** Clouds' metadata services. */
    METADATA("metadata"),
    /** Addresses that no page may reach, and the settings {@code egress.allow} and {@code egress.deny}. */
    ADDRESS("address"),
    /** The session's {@code blockedDomains}. */
    BLOCKED_DOMAINS("blockedDomains"),
    /** The session's {@code allowedDomains}. */
    ALLOWED_DOMAINS("allowedDomains"),
    /** The {@code allowedDomains} of the session's latest AI task that has some; they hold on when the task has ended. */
    TASK_DOMAINS("task.allowedDomains"),
    /** The session's {@code blockAds}. */
    BLOCK_ADS("blockAds"),
    /** A limit of traffic is reached. */
    TRAFFIC("traffic"),
    /** The Chrome has too many connections at once. */
    CONNECTIONS("connections"),
    /** No session has this Chrome yet. */
    NO_SESSION("noSession");

    private final String label;

    EgressRule(String label) {
        this.label = label;
    }

    /** The rule's name in network entries and metrics. */
    public String label() {
        return label;
    }
}
