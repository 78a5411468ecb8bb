package dev.berth.browser.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One table of the kernel's packet filter, for all Chromes of the machine: their user ids reach 127.0.0.1 and no other address.
 * {@link NetworkWall} holds the port, whatever the address. Only root can make it, by nft (nftables).
 */
final class AddressWall {
    private static final long TRIAL_SECONDS = 10;
    /** Made anew in one step, so that the servers of a machine share it. It stays: without Chromes it concerns nobody. */
    private static final String TABLE = """
            table inet berth_%1$d
            delete table inet berth_%1$d
            table inet berth_%1$d {
                chain out {
                    type filter hook output priority filter
                    meta skuid != %1$d-%2$d accept
                    ip daddr 127.0.0.1 accept
                    counter reject with icmpx admin-prohibited
                }
            }
            """;

    private AddressWall() {}

    static String table(int firstUid) {
        return TABLE.formatted(firstUid, firstUid + UserIds.COUNT - 1);
    }

    /** Makes it, and tells why it could not. Blocks. */
    static Optional<String> make(int firstUid) throws InterruptedException {
        try {
            Process nft = new ProcessBuilder("nft", "-f", "-")
                    .redirectErrorStream(true)
                    .start();
            try (OutputStream in = nft.getOutputStream()) {
                in.write(table(firstUid).getBytes(StandardCharsets.US_ASCII));
            }
            boolean ended = nft.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS);
            nft.destroyForcibly();
            String said = new String(nft.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return ended && nft.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of("nft: " + said.lines().findFirst().orElse("no answer"));
        } catch (IOException e) {
            return Optional.of("nft (nftables) is not installed");
        }
    }
}
