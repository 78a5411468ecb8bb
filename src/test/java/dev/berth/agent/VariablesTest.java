package dev.berth.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.Secrets;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VariablesTest {
    private final Variables variables = new Variables(
            new Secrets(Map.of("word", "a&b c", "site", "https://example.com/?x=1", "other", "{{word}}")));

    private Object put(String tool, String field, Object value) {
        return variables.put(tool, new JsonObject().put(field, value)).getValue(field);
    }

    @ParameterizedTest
    @CsvSource({
        "fill, value, my {{word}}!, my a&b c!",
        "type, text, {{word}}, a&b c",
        "fill, value, {{unknown}}, {{unknown}}",
        "navigate, url, https://example.com/?q={{word}}, https://example.com/?q=a%26b%20c",
        "open_page, url, {{site}}, https://example.com/?x=1",
        // Where a script or an error could give them back.
        "evaluate, expression, '`{{word}}`', '`{{word}}`'",
        "navigate, url, 'data:text/html,{{word}}', 'data:text/html,{{word}}'",
        "open_page, url, ' DATA:text/html,{{word}}', ' DATA:text/html,{{word}}'",
        "fill, selector, 'text={{word}}', 'text={{word}}'",
        "click, selector, 'text={{word}}', 'text={{word}}'",
        "press, key, {{word}}, {{word}}"
    })
    void valuesArePutOnlyWhereTheyAreEntered(String tool, String field, String written, String entered) {
        assertThat(put(tool, field, written)).isEqualTo(entered);
    }

    @Test
    void eachOfSeveralValuesIsPut() {
        assertThat(put(
                        "select",
                        "values",
                        new JsonArray().add("{{word}}").add("b").add(3)))
                .isEqualTo(new JsonArray().add("a&b c").add("b").add(3));
    }

    @Test
    void whatWasGivenStaysAsItIs() {
        JsonObject given = new JsonObject().put("value", "{{word}}");
        variables.put("fill", given);
        assertThat(given.getString("value")).isEqualTo("{{word}}");
    }
}
