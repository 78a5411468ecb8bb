package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.protocol.SessionOptions.SessionTimeouts;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CreateSessionTest {
    private static CreateSession with(Map<String, String> metadata) {
        SessionOptions options = SessionOptions.builder()
                .timeouts(new SessionTimeouts(60_000, 60_000, 1_000))
                .build();
        return new CreateSession(SessionId.random(), 1, Optional.empty(), options, metadata, Optional.empty());
    }

    private static Map<String, String> labels(int count) {
        Map<String, String> labels = new HashMap<>();
        for (int i = 0; i < count; i++) {
            labels.put("k" + i, "v");
        }
        return labels;
    }

    private static void requireRefused(Map<String, String> metadata) {
        assertThatThrownBy(() -> with(metadata))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("metadata");
    }

    @Test
    void labelsAreFewAndSmall() {
        assertThatCode(() -> {
                    with(labels(64));
                    with(Map.of("k".repeat(128), "v".repeat(2_048), "e", ""));
                })
                .doesNotThrowAnyException();
        requireRefused(labels(65));
        requireRefused(Map.of("k".repeat(129), "v"));
        requireRefused(Map.of("", "v"));
        requireRefused(Map.of("k", "v".repeat(2_049)));
        requireRefused(Map.of("k", "\0"));
        requireRefused(Map.of("\0", "v"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "é", "a\tb", "a\nb", "\u007f"})
    void anIdempotencyKeyIsPrintable(String key) {
        assertThatThrownBy(() -> new CreateSession.Idempotency(key, "hash"))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("Idempotency-Key");
    }

    @Test
    void anIdempotencyKeyIsShort() {
        assertThatCode(() -> new CreateSession.Idempotency("~".repeat(255), "hash"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> new CreateSession.Idempotency("~".repeat(256), "hash"))
                .isInstanceOf(BerthException.class);
    }
}
