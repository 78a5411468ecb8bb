package dev.berth.egress;

import java.net.InetAddress;

/** The refusal of a host, none of whose addresses may be dialled. */
public final class EgressRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final AddressRule rule;
    private final boolean lasting;

    /** For a host that is an address. */
    public EgressRefused(InetAddress address, AddressRule rule) {
        super("the address " + address.getHostAddress() + " " + rule.words());
        this.rule = rule;
        this.lasting = true;
    }

    /**
     * The refusal of a host that is a name. The client that gave the name may not know its address, which an inner DNS has: only the rule
     * is told.
     */
    public EgressRefused(String name, AddressRule rule) {
        super("the address of " + name + " " + rule.words());
        this.rule = rule;
        this.lasting = false;
    }

    /** Whether it is so each time: a name may have another address the next time. */
    public boolean lasting() {
        return lasting;
    }

    public AddressRule rule() {
        return rule;
    }
}
