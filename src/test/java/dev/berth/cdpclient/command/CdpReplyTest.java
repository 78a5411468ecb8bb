package dev.berth.cdpclient.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CdpReplyTest {
    private static CdpReply parse(String head) {
        byte[] bytes = head.getBytes(StandardCharsets.UTF_8);
        return CdpReply.parse(7, bytes, bytes.length);
    }

    @Test
    void aResultIsASuccessAlsoWhereItIsCutOff() {
        assertThat(parse("{\"id\":7,\"result\":{\"data\":\"AAAA"))
                .isEqualTo(new CdpReply(7, Optional.empty(), Optional.empty()));
    }

    @Test
    void anErrorHasAMessage() {
        assertThat(parse("{\"id\":7,\"error\":{\"code\":-32000,\"message\":\"No such page\"}}")
                        .error())
                .contains("No such page");
        assertThat(parse("{\"id\":7,\"error\":{\"code\":-32000,\"message\":\"No su")
                        .error())
                .isPresent();
    }

    @Test
    void aNavigationHasAnErrorText() {
        assertThat(parse("{\"id\":7,\"result\":{\"frameId\":\"F\",\"errorText\":\"net::ERR_X\"}}")
                        .errorText())
                .contains("net::ERR_X");
    }
}
