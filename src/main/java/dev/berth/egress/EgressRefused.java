package dev.berth.egress;

import java.net.InetAddress;

/** No address of a host may be dialled. */
public final class EgressRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final AddressRule rule;

    public EgressRefused(InetAddress address, AddressRule rule) {
        super("the address " + address.getHostAddress() + " " + rule.words());
        this.rule = rule;
    }

    public AddressRule rule() {
        return rule;
    }
}
