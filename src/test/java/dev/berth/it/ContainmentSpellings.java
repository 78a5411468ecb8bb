package dev.berth.it;

import java.util.List;
import java.util.Locale;

/** Hosts that a session may not reach, as pages may write them. */
final class ContainmentSpellings {
    /** Addresses that are denied, and names that have them. */
    static final List<String> ADDRESSES = List.of(
            "169.254.169.254",
            "2852039166",
            "0251.0376.0251.0376",
            "0xa9fea9fe",
            "0xA9.0xFE.0xA9.0xFE",
            "169.254.43518",
            "169.16689662",
            "169.254.169.254.",
            "\uff11\uff16\uff19.254.169.254",
            "169\u3002254\u3002169\u3002254",
            "user@169.254.169.254",
            "site.test@169.254.169.254",
            "[::ffff:169.254.169.254]",
            "[::ffff:a9fe:a9fe]",
            "[0:0:0:0:0:ffff:a9fe:a9fe]",
            "[::a9fe:a9fe]",
            "[64:ff9b::a9fe:a9fe]",
            "[64:ff9b::169.254.169.254]",
            "[64:ff9b:1::a9fe:a9fe]",
            "[2002:a9fe:a9fe::1]",
            "[fd00:ec2::254]",
            "[fe80::a9fe:a9fe]",
            "100.100.100.200",
            "168.63.129.16",
            "169.254.0.23",
            "10.99.0.1",
            "10.99.1",
            "0x0a630001",
            "172.16.9.9",
            "192.168.9.9",
            "192.168.77.2",
            "100.64.9.9",
            "198.18.9.9",
            "[fd00:99::1]",
            "[fc00::1]",
            "127.0.0.1",
            "127.1",
            "127.9.9.9",
            "2130706433",
            "017700000001",
            "0x7f.1",
            "0",
            "0.0.0.0",
            "[::]",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "localhost",
            "localhost.",
            "LOCALHOST",
            "any.localhost",
            "224.0.0.251",
            "255.255.255.255",
            "240.0.0.1",
            "[ff02::fb]",
            "metadata.test",
            "metadata.test.",
            "private.test",
            "private6.test",
            "loopback.test",
            "translated.test",
            "rebinds.test");

    /** The host that lists deny, its spellings, and hosts below it. */
    static final List<String> NAMES =
            List.of("evil.test", "EVIL.test", "evil.test.", "any.evil.test", "\uff45vil.test", "site.test.evil.test");

    /** One target of each kind: metadata, private, this machine, names of these. */
    static final List<String> KINDS = List.of(
            "2852039166",
            "169.254.169.254.",
            "[::ffff:a9fe:a9fe]",
            "[64:ff9b::a9fe:a9fe]",
            "10.99.0.1",
            "[fd00:99::1]",
            "127.1",
            "0.0.0.0",
            "[::1]",
            "localhost",
            "metadata.test",
            "rebinds.test");

    /** The targets that are addresses: behind a proxy of the session, names are judged as text only. */
    static final List<String> LITERALS = ADDRESSES.stream()
            .filter(host ->
                    !host.contains("test") && !host.toLowerCase(Locale.ROOT).contains("localhost"))
            .toList();

    private ContainmentSpellings() {}
}
