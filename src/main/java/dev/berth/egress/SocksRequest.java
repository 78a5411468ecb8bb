package dev.berth.egress;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A client's wish in SOCKS5 (RFC 1928). Its methods throw {@link IllegalArgumentException} where the bytes are none.
 *
 * @param host as the client spells it; an IPv6 address in brackets
 * @param length of the request in bytes
 */
record SocksRequest(int command, String host, int port, int length) {
    static final int CONNECT = 1;

    /** Agrees to go without authentication: who may connect is the operating system's business. */
    static final Buffer NO_AUTHENTICATION = Buffer.buffer(new byte[] {5, 0});

    private static final int VERSION = 5;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;
    private static final int TYPE_AT = 3;
    private static final int ADDRESS_AT = 4;

    /** The length of the client's greeting; empty where it is not whole yet. */
    static Optional<Integer> greeting(Buffer bytes) {
        requireVersion(bytes);
        if (bytes.length() < 2 || bytes.length() < 2 + bytes.getUnsignedByte(1)) {
            return Optional.empty();
        }
        int length = 2 + bytes.getUnsignedByte(1);
        for (int at = 2; at < length; at++) {
            if (bytes.getByte(at) == 0) {
                return Optional.of(length);
            }
        }
        throw new IllegalArgumentException("it wants to authenticate itself");
    }

    /** Empty where it is not whole yet. */
    static Optional<SocksRequest> read(Buffer bytes) {
        requireVersion(bytes);
        if (bytes.length() <= ADDRESS_AT) {
            return Optional.empty();
        }
        int type = bytes.getUnsignedByte(TYPE_AT);
        int from = type == NAME ? ADDRESS_AT + 1 : ADDRESS_AT;
        int end = from
                + switch (type) {
                    case IPV4 -> 4;
                    case IPV6 -> 16;
                    case NAME -> bytes.getUnsignedByte(ADDRESS_AT);
                    default -> throw new IllegalArgumentException("it has an address of an unknown kind");
                };
        if (bytes.length() < end + 2) {
            return Optional.empty();
        }
        byte[] address = bytes.getBytes(from, end);
        String host = type == NAME
                ? inBrackets(new String(address, StandardCharsets.ISO_8859_1))
                : HostName.of(address).inUrl();
        return Optional.of(new SocksRequest(bytes.getUnsignedByte(1), host, bytes.getUnsignedShort(end), end + 2));
    }

    /** Chrome sends an address as a name, and that of IPv6 without its brackets. */
    private static String inBrackets(String name) {
        return name.indexOf(':') < 0 ? name : "[" + name + "]";
    }

    private static void requireVersion(Buffer bytes) {
        if (bytes.length() > 0 && bytes.getUnsignedByte(0) != VERSION) {
            throw new IllegalArgumentException("it does not speak SOCKS5");
        }
    }

    /** Refuses commands other than CONNECT, such as UDP's. */
    static Buffer unknownCommand() {
        return reply(7);
    }

    static Buffer reply(Outcome outcome) {
        return reply(
                switch (outcome.kind()) {
                    case CONNECTED -> 0;
                    case BLOCKED -> 2;
                    case UNKNOWN_HOST, TIMEOUT -> 4;
                    case REFUSED -> 5;
                });
    }

    /** The address in a reply is zeros: no client needs the one that was dialled from. */
    private static Buffer reply(int code) {
        return Buffer.buffer(new byte[] {VERSION, (byte) code, 0, IPV4, 0, 0, 0, 0, 0, 0});
    }
}
