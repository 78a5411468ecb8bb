package dev.berth.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts are read as browsers read them. */
class HostNameTest {
    @ParameterizedTest
    @CsvSource({
        "example.com, example.com",
        "EXAMPLE.Com., example.com",
        "bücher.example, xn--bcher-kva.example",
        "BÜCHER.example, xn--bcher-kva.example",
        "ｅxample。com, example.com",
        "my_host, my_host",
        "1.example, 1.example",
        "0x7f.example, 0x7f.example"
    })
    void namesHaveOneForm(String spelled, String name) {
        assertThat(HostName.parse(spelled).name()).isEqualTo(name);
        assertThat(HostName.parse(spelled).address()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0x7F.1, 127.0.0.1",
        "0300.0250.1, 192.168.0.1",
        "1.2.3, 1.2.0.3",
        "1.2.3.4., 1.2.3.4",
        "0x, 0.0.0.0",
        "[::FFFF:1.2.3.4], 1.2.3.4",
        "[2A00::1], [2a00:0:0:0:0:0:0:1]"
    })
    void addressesHaveOneForm(String spelled, String inUrl) {
        assertThat(HostName.parse(spelled).inUrl()).isEqualTo(inUrl);
        assertThat(HostName.parse(spelled).address()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a..b",
                ".a",
                "a b",
                "a%2eb",
                "a\\b",
                "a\u0000b",
                "-a",
                "a-.com",
                "1.2.3.4.5",
                "1.2.3.256",
                "256.1.1.1",
                "4294967296",
                "1.2.3.08",
                "a.1",
                "1..2",
                "0x100000000",
                "99999999999999999999",
                "[::1",
                "::1",
                "[]",
                "[1.2.3.4]",
                "[fe80::1%eth0]",
                "[fe80::1%25eth0]",
                "[:::1]",
                "[::1]x",
                "a,b",
                "a@b"
            })
    void whatIsNoHostIsRefused(String spelled) {
        assertThatIllegalArgumentException().isThrownBy(() -> HostName.parse(spelled));
    }
}
