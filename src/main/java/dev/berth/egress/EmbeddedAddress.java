package dev.berth.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** The IPv4 address that an IPv6 address stands for: a packet to the one may arrive at the other. */
final class EmbeddedAddress {
    private static final int BYTES_4 = 4;
    private static final int BYTES_6 = 16;

    /** Prefixes of 96 bits, after which the address stands: mapped, compatible, translated (SIIT) and NAT64 (RFC 6052). */
    private static final String[] BEFORE_THE_LAST = {
        "00000000000000000000ffff", "000000000000000000000000", "0000000000000000ffff0000", "0064ff9b0000000000000000"
    };

    /** ISATAP's part before the address (RFC 5214), without the bit that says whether the address is unique. */
    private static final String ISATAP = "00005efe";

    private static final int ISATAP_AT = 8;
    private static final int UNIQUE_BIT = 0x02;

    private EmbeddedAddress() {}

    static Optional<InetAddress> in(byte[] address) {
        if (address.length != BYTES_6) {
            return Optional.empty();
        }
        String head = HexFormat.of().formatHex(address, 0, BYTES_6 - BYTES_4);
        if (Arrays.asList(BEFORE_THE_LAST).contains(head) && !isOneOfIpv6(address) || isIsatap(address)) {
            return Optional.of(inet4(address, BYTES_6 - BYTES_4));
        }
        // 6to4, RFC 3056.
        return head.startsWith("2002") ? Optional.of(inet4(address, 2)) : Optional.empty();
    }

    /** {@code ::} and {@code ::1} look like compatible addresses, and are none. */
    private static boolean isOneOfIpv6(byte[] address) {
        return Arrays.equals(address, 0, BYTES_6 - 1, new byte[BYTES_6 - 1], 0, BYTES_6 - 1)
                && (address[BYTES_6 - 1] & ~1) == 0;
    }

    private static boolean isIsatap(byte[] address) {
        byte[] middle = Arrays.copyOfRange(address, ISATAP_AT, ISATAP_AT + BYTES_4);
        middle[0] &= (byte) ~UNIQUE_BIT;
        return HexFormat.of().formatHex(middle).equals(ISATAP);
    }

    private static InetAddress inet4(byte[] address, int from) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(address, from, from + BYTES_4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
