package dev.berth.relay.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CdpCommandTest {
    private static CdpCommand parse(String message) throws CdpCommand.Malformed {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        return CdpCommand.parse(bytes, bytes.length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1,\"method\":\"Page.enable\",\"method\":\"Browser.close\"}",
                "{\"id\":1,\"id\":2,\"method\":\"Browser.close\"}",
                "{\"id\":1,\"method\":\"Page.navigate\",\"params\":{\"url\":\"a:b\",\"url\":\"file:///\"}}",
                "{\"id\":1,\"method\":\"Page.navigate\",\"params\":{},\"params\":{\"url\":\"file:///\"}}",
                "{\"id\":1} {\"method\":\"Browser.close\"}",
                "{\"id\":1,\"method\":",
                "[1]"
            })
    void ambiguousMessagesAreMalformed(String message) {
        assertThatThrownBy(() -> parse(message)).isInstanceOf(CdpCommand.Malformed.class);
    }

    @Test
    void anIdIsWhatChromeTakesForOne() throws CdpCommand.Malformed {
        assertThat(id("1.0")).hasValue(1);
        assertThat(id("1e2")).hasValue(100);
        assertThat(id("-0")).hasValue(0);
        for (String other : List.of("2147483648", "18446744073709551616", "1e308", "1.5", "\"1\"", "null")) {
            assertThat(id(other)).as(other).isEmpty();
        }
    }

    private static OptionalLong id(String written) throws CdpCommand.Malformed {
        return parse("{\"id\":" + written + "}").id();
    }

    /** Colliding keys of a hash table are compared with each other, which takes long unless there are few. */
    @Test
    void aCommandHasFewKeys() throws CdpCommand.Malformed {
        assertThat(parse(parameters(200)).params()).hasSize(200);
        assertThatThrownBy(() -> parse(parameters(201)))
                .isInstanceOf(CdpCommand.Malformed.class)
                .hasMessage("there are too many parameters");
    }

    private static CdpCommand parse(JsonObject params) throws CdpCommand.Malformed {
        return parse(new JsonObject().put("id", 7).put("params", params).encode());
    }

    private static JsonObject parameters(int count) {
        JsonObject params = new JsonObject();
        for (int i = 0; i < count; i++) {
            String key = Integer.toBinaryString(1 << 14 | i).replace("0", "Aa").replace("1", "BB");
            params.put(key, i);
        }
        return params;
    }

    @Test
    void theNumberOfValuesIsLimited() {
        JsonObject files = new JsonObject().put("files", new JsonArray(Collections.nCopies(10_001, "x")));
        assertThatThrownBy(() -> parse(files)).isInstanceOf(CdpCommand.Malformed.class);
    }
}
