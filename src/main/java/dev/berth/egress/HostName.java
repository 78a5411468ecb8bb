package dev.berth.egress;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The host of a URL, whatever its spelling, read as browsers do (WHATWG URL, "host parsing"): {@code 0x7f.1}, {@code 2130706433} and
 * {@code [::ffff:7f00:1]} are all the address 127.0.0.1. Looks nothing up.
 *
 * @param name in lower case and ASCII, without a dot at its end; of an address its usual form, without brackets
 * @param address present where the host is an address and no name
 */
public record HostName(String name, Optional<InetAddress> address) {
    private static final int MAX_CHARS = 253;
    private static final int MAX_PARTS = 4;
    private static final int BYTE_VALUES = 256;
    private static final String LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";

    /** @throws IllegalArgumentException that says what is wrong with it */
    public static HostName parse(String spelled) {
        if (spelled.startsWith("[")) {
            return ipv6(spelled);
        }
        String name = ascii(spelled);
        name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        String last = name.substring(name.lastIndexOf('.') + 1);
        if (last.matches("\\d+|0x[0-9a-f]*")) {
            return of(ipv4(name, spelled));
        } else if (name.length() > MAX_CHARS || !name.matches(LABEL + "(\\." + LABEL + ")*")) {
            throw invalid(spelled, "is not a host name");
        }
        return new HostName(name, Optional.empty());
    }

    /** Maps international names, and letters, digits and dots of other scripts that stand for ASCII ones. */
    private static String ascii(String spelled) {
        if (spelled.isEmpty() || spelled.length() > MAX_CHARS || spelled.indexOf('%') >= 0) {
            throw invalid(spelled, "is not a host name");
        }
        try {
            return IDN.toASCII(spelled, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw invalid(spelled, "is not a host name");
        }
    }

    private static HostName ipv6(String spelled) {
        try {
            if (spelled.matches("\\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*]")) {
                // With brackets it is never looked up.
                return of(InetAddress.getByName(spelled).getAddress());
            }
        } catch (UnknownHostException e) {
            // Said below.
        }
        throw invalid(spelled, "is not an IPv6 address");
    }

    /** The address of one to four numbers, each decimal, octal or hexadecimal; the last one stands for all bytes that are left. */
    private static byte[] ipv4(String name, String spelled) {
        String[] parts = name.split("\\.", -1);
        List<Long> numbers = new ArrayList<>();
        for (String part : parts) {
            numbers.add(number(part, spelled));
        }
        long last = numbers.remove(numbers.size() - 1);
        int left = MAX_PARTS - numbers.size();
        if (left < 1 || last >= 1L << Byte.SIZE * left || numbers.stream().anyMatch(n -> n >= BYTE_VALUES)) {
            throw invalid(spelled, "is not an IPv4 address");
        }
        byte[] bytes = new byte[MAX_PARTS];
        for (int i = 0; i < MAX_PARTS; i++) {
            bytes[i] =
                    i < numbers.size() ? numbers.get(i).byteValue() : (byte) (last >> Byte.SIZE * (MAX_PARTS - 1 - i));
        }
        return bytes;
    }

    private static long number(String part, String spelled) {
        try {
            if (part.matches("0x[0-9a-f]*")) {
                return part.length() == 2 ? 0 : Long.parseLong(part.substring(2), 16);
            } else if (part.matches("\\d+")) {
                return Long.parseLong(part, part.length() > 1 && part.startsWith("0") ? 8 : 10);
            }
        } catch (NumberFormatException e) {
            // Said below: too large, or an octal one with an 8 or 9.
        }
        throw invalid(spelled, "is not an IPv4 address");
    }

    /** @param bytes 4 or 16, of an address */
    static HostName of(byte[] bytes) {
        try {
            InetAddress address = InetAddress.getByAddress(bytes);
            return new HostName(address.getHostAddress(), Optional.of(address));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    private static IllegalArgumentException invalid(String spelled, String what) {
        return new IllegalArgumentException("'" + spelled + "' " + what);
    }

    /** Whether it is a name of whichever machine looks it up (RFC 6761). */
    boolean isLocalhost() {
        return name.equals("localhost") || name.endsWith(".localhost");
    }

    /** The host as it stands in a URL and in the header {@code Host}. */
    public String inUrl() {
        return name.indexOf(':') < 0 ? name : "[" + name + "]";
    }
}
