package dev.berth.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CdpScanTest {
    private final CdpScan scan = new CdpScan("Browser.close"::equals);

    private boolean matters(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        return scan.matters(bytes, bytes.length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1,\"method\":\"Browser.close\"}",
                "{\"method\":\"Browser.close\",\"params\":{},\"id\":1,\"sessionId\":\"x\"}",
                " {\"id\":1, \"method\" :\n\"Browser.close\"}",
                "{\"id\":1,\"params\":{\"method\":\"GET\"},\"method\":\"Browser.close\"}",
                "{\"id\":1,\"method\":\"Page.enable\",\"method\":\"Browser.close\"}",
                "{\"id\":1,\"\\u006dethod\":\"Browser.close\"}",
                "{\"id\":1,\"method\":\"Browser\\u002eclose\"}",
                "{\"id\":1,\"method\"/**/:\"Browser.close\"}",
                "{\"id\":1,\"method\":/**/\"Browser.close\"}",
                "/**/{\"id\":1,\"method\":\"Browser.close\"}",
                "",
                "   ",
                "[]",
                "\u00d8Z"
            })
    void seesWhatMayMatter(String message) {
        assertThat(matters(message)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1,\"method\":\"Page.enable\"}",
                "{\"id\":1,\"method\":\"Runtime.evaluate\",\"params\":{\"expression\":\"Browser.close\"}}",
                "{\"id\":1,\"method\":\"Runtime.evaluate\",\"params\":{\"expression\":\"'\\\"method\\\"'\"}}",
                "{\"id\":1,\"method\":\"A.b\",\"params\":{\"names\":[\"method\",\"method\"]}}",
                "{\"method",
                "{\"method\":\"Browser.clos",
                "{}"
            })
    void passesOverWhatDoesNot(String message) {
        assertThat(matters(message)).isFalse();
    }
}
