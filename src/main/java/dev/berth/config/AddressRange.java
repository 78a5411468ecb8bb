package dev.berth.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Addresses with a common beginning, such as {@code 10.0.0.0/8}. IPv4 and IPv6 ranges have no addresses in common.
 *
 * @param start 4 or 16 bytes, zero behind the prefix
 * @param prefix how many bits they have in common
 */
public record AddressRange(InetAddress start, int prefix) {

    /** Reads {@code address/bits}, or an address alone; throws {@link IllegalArgumentException} that says what is wrong. */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        byte[] bytes = address.indexOf('%') >= 0 ? null : NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not an address or a range, such as 10.0.0.0/8 or fd00::/8");
        }
        int all = bytes.length * Byte.SIZE;
        int prefix = slash < 0 ? all : prefix(text.substring(slash + 1), all, text);
        if (!Arrays.equals(bytes, masked(bytes, prefix))) {
            throw new IllegalArgumentException("'" + text + "' has bits set after its prefix; use "
                    + address(masked(bytes, prefix)).getHostAddress() + "/" + prefix);
        }
        return new AddressRange(address(bytes), prefix);
    }

    private static int prefix(String bits, int most, String text) {
        if (!bits.matches("\\d{1,3}") || Integer.parseInt(bits) > most) {
            throw new IllegalArgumentException("'" + text + "' must have a prefix from 0 to " + most);
        }
        return Integer.parseInt(bits);
    }

    private static byte[] masked(byte[] bytes, int prefix) {
        byte[] masked = new byte[bytes.length];
        for (int bit = 0; bit < prefix; bit++) {
            masked[bit / Byte.SIZE] |= (byte) (bytes[bit / Byte.SIZE] & 0x80 >> bit % Byte.SIZE);
        }
        return masked;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes", e);
        }
    }

    /** @param address its 4 or 16 bytes */
    public boolean contains(byte[] address) {
        byte[] first = start.getAddress();
        return first.length == address.length && Arrays.equals(first, masked(address, prefix));
    }

    @Override
    public String toString() {
        return start.getHostAddress() + "/" + prefix;
    }
}
