package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceparentTest {
    private static final String SOUND = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @Test
    void aSoundOneIsKeptAsItIs() {
        assertThat(Traceparent.parse(SOUND).map(Traceparent::value)).contains(SOUND);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n"
            })
    void whatIsNoneIsIgnoredInAHeaderAndRefusedOnTheBus(String text) {
        assertThat(Traceparent.parse(text)).isEmpty();
        assertThatThrownBy(() -> new Traceparent(text)).isInstanceOf(BerthException.class);
    }

    @Test
    void aSessionKeepsThatOfItsRequest() throws Exception {
        CreateSession traced =
                CreateSession.ofDefaults().in(Traceparent.parse(SOUND)).opening("example.com");
        String json = ProtocolJson.MAPPER.writeValueAsString(traced);
        assertThat(json).contains("\"traceparent\":\"" + SOUND + "\"");
        assertThat(ProtocolJson.MAPPER.readValue(json, CreateSession.class)).isEqualTo(traced);
    }

    /** An older node does not send it. */
    @Test
    void aMessageWithoutItIsOfNoTrace() throws Exception {
        String json = ProtocolJson.MAPPER.writeValueAsString(CreateSession.ofDefaults());
        assertThat(json).doesNotContain("traceparent");
        assertThat(ProtocolJson.MAPPER.readValue(json, CreateSession.class).traceparent())
                .isEmpty();
    }
}
