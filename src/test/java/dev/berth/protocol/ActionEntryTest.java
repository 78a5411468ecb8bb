package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.ActionEntry.ActionSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ActionEntryTest {
    private static ActionEntry with(Map<String, Object> details, String error) {
        return new ActionEntry(
                "action-1",
                "evaluate",
                Instant.EPOCH,
                true,
                details,
                0,
                ActionSource.REST,
                Optional.of(error),
                Cost.NONE);
    }

    @Test
    void keepsDetailsOfUsualSize() {
        Map<String, Object> details = new LinkedHashMap<>(
                Map.of("url", "https://a.b", "status", 200, "list", List.of(1, true, "x"), "map", Map.of("k", 1.5)));
        details.put("nothing", null);
        assertThat(with(details, "why").details()).isEqualTo(details);
    }

    @Test
    void cutsLongTextsAnywhere() {
        String script = "x".repeat(4_095) + "😀" + "y".repeat(100_000);
        ActionEntry entry =
                with(Map.of("expression", script, "nested", List.of(Map.of("deep", script))), "e".repeat(100_000));
        String cut = "x".repeat(4_095) + "… (100002 more characters)";
        assertThat(entry.details())
                .containsEntry("expression", cut)
                .containsEntry("nested", List.of(Map.of("deep", cut)));
        assertThat(entry.error().orElseThrow()).hasSizeLessThan(4_200).endsWith("more characters)");
    }

    @Test
    void boundsTheTotalOfTexts() {
        List<String> values = Collections.nCopies(1_000, "v".repeat(4_000));
        Map<String, Object> many = new LinkedHashMap<>(Map.of("values", values));
        for (int i = 0; i < 1_000; i++) {
            many.put("key" + i + "k".repeat(1_000), "v".repeat(4_000));
        }
        assertThat(with(many, "").details().toString()).hasSizeLessThan(50_000);
    }

    @Test
    void boundsNesting() {
        List<Object> deep = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            deep = new ArrayList<>(List.of(deep));
        }
        assertThat(with(Map.of("deep", deep), "").details().toString()).hasSizeLessThan(100);
    }
}
