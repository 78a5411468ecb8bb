package dev.berth.protocol;

import io.netty.util.NetUtil;
import java.net.IDN;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The one form of a host, so that two spellings of it are equal texts. Looks nothing up. */
final class HostText {
    static final int MAX_CHARS = 253;

    private static final int MAX_BYTE = 255;
    private static final Pattern NAME = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");
    private static final Pattern IPV4 = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-f.]*:[0-9a-f:.]*");

    /** Chrome takes a host whose last part is a number for an address, and writes it with four numbers. */
    private static final Pattern NUMBER = Pattern.compile("(.*\\.)?(\\d+|0x[0-9a-f]*)");

    /** Letters that Java encodes by the rules of 2003 (ß as ss), and Chrome by those of 2008 (ß as a letter of its own). */
    private static final Pattern AMBIGUOUS = Pattern.compile("[ßẞς\\u200c\\u200d]");

    private HostText() {}

    /** Whether it means different hosts to different programs. */
    static boolean isAmbiguous(String host) {
        return AMBIGUOUS.matcher(host).find();
    }

    /** The host in lower case and ASCII, without the root's dot; empty where the text is no host. */
    static Optional<String> canonical(String text) {
        String host = ascii(text.strip().toLowerCase(Locale.ROOT));
        if (host.startsWith("[") && host.endsWith("]")) {
            return address6(host.substring(1, host.length() - 1));
        }
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return Optional.of(name).filter(each -> isAddress4(each) || isName(each));
    }

    private static String ascii(String host) {
        try {
            return host.startsWith("[") || host.length() > MAX_CHARS ? host : IDN.toASCII(host);
        } catch (IllegalArgumentException e) {
            return host;
        }
    }

    private static boolean isName(String host) {
        return host.length() <= MAX_CHARS
                && NAME.matcher(host).matches()
                && !NUMBER.matcher(host).matches();
    }

    private static boolean isAddress4(String host) {
        return IPV4.matcher(host).matches()
                && Stream.of(host.split("\\.")).allMatch(part -> Integer.parseInt(part) <= MAX_BYTE);
    }

    /** Whether a canonical host is an address and no name. */
    static boolean isAddress(String canonical) {
        return canonical.startsWith("[") || isAddress4(canonical);
    }

    /** The canonical form of an IPv6 address; of one that stands for an IPv4 address (RFC 4291, 2.5.5.2), that address. */
    private static Optional<String> address6(String text) {
        return Optional.of(text)
                .filter(each -> IPV6.matcher(each).matches() && NetUtil.isValidIpV6Address(each))
                .map(NetUtil::createByteArrayFromIpAddressString)
                .map(HostText::written);
    }

    private static String written(byte[] address) {
        try {
            InetAddress read = InetAddress.getByAddress(address);
            String usual = NetUtil.toAddressString(read);
            return read instanceof Inet6Address ? "[" + usual + "]" : usual;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    /** The canonical form of an address that Java wrote, without brackets, or of a name. */
    static String ofConnection(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.indexOf(':') < 0
                ? name.endsWith(".") ? name.substring(0, name.length() - 1) : name
                : address6(name.startsWith("[") ? name.substring(1, name.length() - 1) : name)
                        .orElse(name);
    }
}
