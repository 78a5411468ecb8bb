package dev.berth.cdpclient.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CdpAnswerTest {
    private static CdpMessage read(String message) {
        return CdpMessage.read(CommandTextTest.text(message));
    }

    @ParameterizedTest
    @ValueSource(strings = {"9", "-0", "1.0", "1e308", "18446744073709551616"})
    void answersCarryTheIdAsItWasWrittenAndTheSession(String id) {
        CdpMessage command = read("{\"method\":\"X.y\",\"id\":" + id + ",\"sessionId\":\"S\"}");
        assertThat(CdpAnswer.refused(command, "no"))
                .isEqualTo("{\"id\":" + id + ",\"error\":{\"code\":-32000,\"message\":\"no\"},\"sessionId\":\"S\"}");
        assertThat(CdpAnswer.emptyResult(command)).isEqualTo("{\"id\":" + id + ",\"result\":{},\"sessionId\":\"S\"}");
    }

    @Test
    void aCommandWithoutANumericIdIsAnsweredAsByChrome() {
        assertThat(defective("{\"id\":\"x\"}"))
                .isEqualTo("{\"error\":{\"code\":-32600,\"message\":\"Message must have integer 'id' property\"}}");
    }

    private static String defective(String message) {
        CdpMessage scan = read(message);
        return CdpAnswer.defective(scan, scan.defect().orElseThrow());
    }

    @Test
    void defectiveCommandsAreAnsweredAsByChrome() {
        assertThat(defective("{\"id\":6,\"sessionId\":\"S\"}"))
                .contains("\"id\":6,", "Message must have string 'method' property");
        assertThat(defective("{\"id\":9,\"method\":\"X.y\",\"foo\":1}"))
                .contains("Message has property other than 'id', 'method', 'sessionId', 'params'");
        for (String id : List.of("7.5", "3000000000", "1e999", "true", "null")) {
            assertThat(defective("{\"method\":\"X.y\",\"id\":" + id + "}")).contains("integer 'id'");
        }
        for (String id : List.of("7", "-8", "7.0", "2147483647")) {
            String command = "{\"method\":\"X.y\",\"id\":" + id + ",\"params\":[],\"sessionId\":\"\"}";
            assertThat(read(command).defect()).isEmpty();
        }
    }
}
