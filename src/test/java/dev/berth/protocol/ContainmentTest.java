package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.protocol.Containment.ProxyRule;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContainmentTest {
    private static final Containment ALL = new Containment(
            Optional.of(new HostPatterns(List.of("*.a.b"))),
            new HostPatterns(List.of("c.a.b")),
            true,
            List.of(
                    rule(List.of("*.inner.a.b"), "none"),
                    new ProxyRule(
                            new HostPatterns(List.of("*.a.b")),
                            Optional.of("SOCKS5://p.a.b"),
                            Optional.of("ann"),
                            Optional.of("s3cret"))));

    private static ProxyRule rule(List<String> domains, String server) {
        return new ProxyRule(new HostPatterns(domains), Optional.of(server), Optional.empty(), Optional.empty());
    }

    @Test
    void theFirstRuleThatCoversAHostHolds() {
        assertThat(ALL.proxyFor("x.inner.a.b", 443)).isEmpty();
        assertThat(ALL.proxyFor("x.a.b", 443).flatMap(ProxyRule::server)).contains("socks5://p.a.b:1080");
        assertThat(ALL.proxyFor("elsewhere.test", 443)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://p.example, http://p.example:80",
        "HTTPS://P.example/, https://p.example:443",
        "socks5://[::1]:9, socks5://[::1]:9",
        "http://10.0.0.1:3128, http://10.0.0.1:3128",
    })
    void aServerIsMadeCanonical(String server, String canonical) {
        assertThat(rule(List.of(), server).server()).contains(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "p.example:3128",
                "ftp://p.example",
                "http://p.example/path",
                "http://ann:s3cret@p.example",
                "http://*",
                "http://127.1"
            })
    void whatIsNoServerIsRefusedAndNotQuoted(String server) {
        assertThatThrownBy(() -> rule(List.of(), server))
                .isInstanceOf(BerthException.class)
                .hasMessageStartingWith("options.proxy.server must be")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void credentialsNeedAServerAndAListAnEntry() {
        assertThatThrownBy(() -> new ProxyRule(
                        HostPatterns.NONE, Optional.of("http://p.example"), Optional.empty(), Optional.of("s3cret")))
                .hasMessageStartingWith("options.proxy.password needs a username");
        assertThatThrownBy(() -> new Containment(Optional.of(HostPatterns.NONE), HostPatterns.NONE, false, List.of()))
                .hasMessageStartingWith("options.allowedDomains must have an entry");
    }

    @Test
    void itIsFlatAmongTheOptionsAndAbsentWhereThereIsNone() throws Exception {
        JsonNode json = ProtocolJson.MAPPER.valueToTree(
                SessionOptions.builder().containment(ALL).build());
        assertThat(json.get("allowedDomains").toString()).isEqualTo("[\"*.a.b\"]");
        assertThat(json.get("blockedDomains").toString()).isEqualTo("[\"c.a.b\"]");
        assertThat(json.get("blockAds").booleanValue()).isTrue();
        assertThat(json.get("proxy").get(0).toString())
                .isEqualTo("{\"domains\":[\"*.inner.a.b\"],\"server\":\"none\"}");
        assertThat(ProtocolJson.MAPPER.treeToValue(json, SessionOptions.class).containment())
                .isEqualTo(ALL);
        JsonNode plain = ProtocolJson.MAPPER.valueToTree(SessionOptions.DEFAULT);
        assertThat(plain.fieldNames())
                .toIterable()
                .doesNotContain("containment", "allowedDomains", "blockedDomains", "blockAds", "proxy");
        assertThat(ProtocolJson.MAPPER.treeToValue(plain, SessionOptions.class)).isEqualTo(SessionOptions.DEFAULT);
    }

    @Test
    void whatIsShownOfARuleHasItsPatternsUnread() {
        assertThat(ALL.redacted().proxy().get(0).domains())
                .isSameAs(ALL.proxy().get(0).domains());
    }

    @Test
    void credentialsAreNeverShown() {
        SessionOptions options = SessionOptions.builder().containment(ALL).build();
        assertThat(options.toString() + ALL + ProtocolJson.MAPPER.valueToTree(options.redacted()))
                .contains("socks5://p.a.b:1080")
                .doesNotContain("s3cret", "ann");
    }
}
