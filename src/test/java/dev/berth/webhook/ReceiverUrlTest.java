package dev.berth.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.EgressConfig;
import dev.berth.egress.AddressPolicy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** URLs of webhooks. */
class ReceiverUrlTest {
    private static final AddressPolicy POLICY =
            new AddressPolicy(new EgressConfig(false, false, List.of(), List.of()), Set::of, port -> false);

    private static Optional<String> refusal(String url) {
        return ReceiverUrl.refusal(url, POLICY);
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.com, example.com, 443, /",
        "http://example.com, example.com, 80, /",
        "HTTPS://EXAMPLE.com:8443/a/b?c=d&e=%20, example.com, 8443, /a/b?c=d&e=%20",
        "https://example.com?x=1, example.com, 443, /?x=1",
        "http://[2606:4700::1]:81/x, 2606:4700:0:0:0:0:0:1, 81, /x",
        "https://bücher.example/, xn--bcher-kva.example, 443, /",
        "https://example.com/@/a:b, example.com, 443, /@/a:b"
    })
    void areReadInOneWay(String url, String host, int port, String path) {
        ReceiverUrl parsed = ReceiverUrl.parse(url);
        assertThat(parsed.host().name()).isEqualTo(host);
        assertThat(parsed.port()).isEqualTo(port);
        assertThat(parsed.path()).isEqualTo(path);
        assertThat(refusal(url)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, must begin with",
        "ftp://example.com/, must begin with",
        "javascript:alert(1), must begin with",
        "' https://example.com', must begin with",
        "https://, must have a host",
        "https:///x, must have a host",
        "https://ann:secret@example.com/, must have no user name",
        "https://ann@example.com/, must have no user name",
        "https://example.com\\@evil.example/, must have no user name",
        "https://example.com/#part, must have no fragment",
        "https://example.com:0/, must have a port",
        "https://example.com:65536/, must have a port",
        "https://example.com:port/, must be a URL",
        "https://example.com:99999999/, must be a URL",
        "https://[::1/, must be a URL",
        "https://a b/, must have a host",
        "https://example.com/ä, percent-encoded",
        "https://example.com/a b, percent-encoded",
        "https://example.com/a\\b, percent-encoded"
    })
    void areRefusedWithWhatWouldBeRight(String url, String why) {
        assertThat(refusal(url)).hasValueSatisfying(words -> assertThat(words).contains(why));
    }

    @ParameterizedTest
    @CsvSource({
        "http://169.254.169.254/latest/meta-data/, metadata",
        "http://0xA9FEA9FE/, metadata",
        "http://[::ffff:169.254.169.254]/, metadata",
        "https://127.1/, this machine's own",
        "https://10.0.0.1:8443/, private",
        "https://0/, not the address of one machine"
    })
    void addressesThatMayNotBeCalledAreRefused(String url, String why) {
        assertThat(refusal(url)).hasValueSatisfying(words -> assertThat(words).contains(why));
    }
}
