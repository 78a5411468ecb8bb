package dev.berth.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.protocol.ArtifactEntry.UploadedFile;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ElementAction.Upload;
import dev.berth.protocol.ProtocolSamples;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ToolsTest {
    private static Stream<Tool> tools() {
        return Verbs.tools().stream();
    }

    private static void read(Tool tool, JsonObject json) {
        if (tool.verb() == Verbs.UPLOAD) {
            UploadArguments.read(json, List.of(new UploadedFile("a.txt", ProtocolSamples.ARTIFACT)));
        } else {
            tool.verb().read(json);
        }
    }

    private static JsonObject full(Tool tool) {
        JsonObject sample = (JsonObject) ApiContract.sample(tool.name(), tool.inputSchema());
        return tool.name().equals("emulate")
                ? sample.put("locale", "de-DE")
                        .put("timezone", "Europe/Berlin")
                        .put("device", "iPhone 15")
                        .put("permissions", new JsonArray().add("geolocation"))
                : sample;
    }

    @Test
    void namesAreUniqueAndAsModelsWantThem() {
        assertThat(tools().map(Tool::name)).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z_]{1,64}"));
        assertThat(tools().map(Tool::verb)).doesNotContainNull();
    }

    /** As an AI task does, which has no files of its own. */
    @Test
    void filesOfTheSessionAreUploadedByTheirNames() {
        JsonObject json = new JsonObject("{\"selector\": \"#x\", \"files\": [\"a.txt\", {\"name\": \"b/c.txt\"}]}");
        Upload upload = (Upload) Verbs.UPLOAD_NAMED.verb().read(json).command();
        assertThat(upload.files()).isEmpty();
        assertThat(upload.named()).containsExactly("a.txt", "c.txt");
        json.getJsonArray("files").add(new JsonObject("{\"name\": \"d.txt\", \"content\": \"aGk=\"}"));
        assertThatThrownBy(() -> Verbs.UPLOAD_NAMED.verb().read(json))
                .hasMessage("files must be names of files that the session has");
    }

    @ParameterizedTest
    @MethodSource("tools")
    void aVerbReadsWhatItsToolOffers(Tool tool) {
        read(tool, full(tool));
        ApiContract.properties(tool.inputSchema())
                .forEach((field, property) -> ApiContract.outside(field, property)
                        .forEach(value -> assertThatThrownBy(
                                        () -> read(tool, full(tool).put(field, value)))
                                .isInstanceOf(BerthException.class)));
    }

    @ParameterizedTest
    @MethodSource("tools")
    void everyChoiceOfAToolIsOneOfItsVerb(Tool tool) {
        ApiContract.properties(tool.inputSchema()).forEach((field, property) -> {
            if (property.containsKey("enum")) {
                property.getJsonArray("enum")
                        .forEach(value -> read(tool, full(tool).put(field, value)));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("tools")
    void aToolRequiresWhatItsVerbRequires(Tool tool) {
        Set<String> required = Set.copyOf(ApiContract.required(tool.inputSchema()));
        ApiContract.properties(tool.inputSchema()).keySet().forEach(field -> {
            JsonObject without = full(tool);
            without.remove(field);
            if (required.contains(field)) {
                assertThatThrownBy(() -> read(tool, without)).hasMessageStartingWith(field + " is missing");
            } else {
                read(tool, without);
            }
        });
    }

    /** Each request to a model carries all tools. A token has about four characters. */
    @Test
    void allToolsTogetherAreShort() {
        int chars = tools().mapToInt(tool -> tool.name().length()
                        + tool.description().length()
                        + tool.inputSchema().encode().length())
                .sum();
        assertThat(chars / 4).isLessThan(3_000);
    }
}
