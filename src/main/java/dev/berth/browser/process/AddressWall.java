package dev.berth.browser.process;

import java.util.List;
import java.util.Optional;

/**
 * One table of the kernel's packet filter, for all Chromes of the machine: their user ids reach 127.0.0.1 and no other address.
 * {@link NetworkWall} holds the port, whatever the address. Only root can make it, by nft (nftables).
 */
final class AddressWall {
    /** The table is replaced in one step: the servers of a machine may share it. It outlives them: without Chromes it concerns nobody. */
    private static final String TABLE = """
            table inet berth_%1$d
            delete table inet berth_%1$d
            table inet berth_%1$d {
                chain chrome {
                    ip daddr 127.0.0.1 accept
                    counter reject with icmpx admin-prohibited
                }
                chain out {
                    type filter hook output priority filter
                    meta skuid %1$d-%2$d jump chrome
                }
            }
            """;

    private AddressWall() {}

    static String table(int firstUid) {
        return TABLE.formatted(firstUid, firstUid + UserIds.COUNT - 1);
    }

    /** Makes it, and tells why it could not. Blocks. */
    static Optional<String> make(int firstUid) throws InterruptedException {
        Trial nft = Trial.of(List.of("nft", "-f", "-"), table(firstUid));
        return nft.well() ? Optional.empty() : nft.said().lines().findFirst();
    }
}
