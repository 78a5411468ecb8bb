package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtocolJsonTest {
    @ParameterizedTest
    @CsvSource({
        "2026-01-02T03:04:05.006Z, 2026-01-02T03:04:05.006Z",
        "2026-12-31T23:59:59.999999999Z, 2026-12-31T23:59:59.999Z",
        "1970-01-01T00:00:00Z, 1970-01-01T00:00:00.000Z",
        "1969-12-31T23:59:59.5Z, 1969-12-31T23:59:59.500Z"
    })
    void instantsHaveMilliseconds(String instant, String text) {
        assertThat(ProtocolJson.text(Instant.parse(instant))).isEqualTo(text);
    }
}
