package dev.berth.egress;

/** Why an address may be dialled, or may not. */
public enum AddressRule {
    /** On the Internet. */
    PUBLIC(true, "is public"),
    /** The setting {@code egress.allow} has it. */
    ALLOWED(true, "is allowed by egress.allow"),
    /** The setting {@code egress.deny} has it. */
    DENIED(false, "is denied by egress.deny (BERTH_EGRESS_DENY)"),
    /** The addresses at which clouds tell a machine its credentials. */
    METADATA(false, "is a cloud's metadata service, which is always denied"),
    /** Reached on the same wire only; clouds have metadata services there, too. */
    LINK_LOCAL(false, "is link-local, which is always denied"),
    /** {@code 0.0.0.0} and its like, which many systems take for this machine. */
    UNSPECIFIED(false, "is not the address of one machine, and is always denied"),
    /** For many machines at once. */
    MULTICAST(false, "is a multicast address, which is always denied"),
    /** Broadcast, documentation, and what the Internet does not route. */
    RESERVED(false, "is reserved, which is always denied"),
    /** A port of this server, or of its Postgres or object store on this machine or at a private address. */
    OWN_PORT(false, "belongs to Berth on this port, which is always denied"),
    /** This machine. */
    LOOPBACK(false, "is this machine's own, and egress.allow (BERTH_EGRESS_ALLOW) does not include it"),
    /** A network behind a router, such as a company's. */
    PRIVATE(false, "is private, and egress.allow (BERTH_EGRESS_ALLOW) does not include it");

    private final boolean allows;
    private final String words;

    AddressRule(boolean allows, String words) {
        this.allows = allows;
        this.words = words;
    }

    public boolean allows() {
        return allows;
    }

    /** Whether no setting can allow it. */
    boolean isFixed() {
        return switch (this) {
            case METADATA, LINK_LOCAL, UNSPECIFIED, MULTICAST, RESERVED, OWN_PORT -> true;
            case PUBLIC, ALLOWED, DENIED, LOOPBACK, PRIVATE -> false;
        };
    }

    /** The end of a sentence that begins with the address. */
    public String words() {
        return words;
    }
}
