package dev.berth.har;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** The JSON schema of HAR 1.2, and what Chrome DevTools' importer needs. */
public final class HarSchema {
    private static final String BASE = "http://schema.test/";
    private static final SchemaRepository SCHEMAS =
            SchemaRepository.create(new JsonSchemaOptions().setBaseUri(BASE).setDraft(Draft.DRAFT7));

    static {
        for (File file : new File("src/test/resources/har-schema").listFiles((dir, name) -> name.endsWith(".json"))) {
            SCHEMAS.dereference(BASE + file.getName(), JsonSchema.of(schema(file)));
        }
    }

    private HarSchema() {}

    private static JsonObject schema(File file) {
        try {
            String text = Files.readString(file.toPath()).replace("draft-06", "draft-07");
            JsonObject schema = new JsonObject(text);
            schema.put("$id", BASE + file.getName());
            return schema;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The log of a HAR, which must be valid. */
    public static JsonObject log(byte[] har) {
        JsonObject json = new JsonObject(Buffer.buffer(har));
        OutputUnit result = SCHEMAS.validator(BASE + "har.json").validate(json);
        assertThat(result.getValid())
                .as(
                        "%s",
                        result.getErrors() == null
                                ? ""
                                : result.getErrors().stream()
                                        .limit(5)
                                        .map(e -> e.toJson().encode())
                                        .toList())
                .isTrue();
        JsonObject log = json.getJsonObject("log");
        entries(log).forEach(HarSchema::requireImportable);
        return log;
    }

    public static List<JsonObject> entries(JsonObject log) {
        return log.getJsonArray("entries").stream().map(JsonObject.class::cast).toList();
    }

    /** What DevTools converts to numbers, and messages that it would leave out. */
    private static void requireImportable(JsonObject entry) {
        assertThat(entry.getJsonObject("response").getNumber("_transferSize")).isNotNull();
        assertThat(entry.getString("_resourceType")).isNotEmpty();
        if (entry.containsKey("_webSocketMessages")) {
            for (Object each : entry.getJsonArray("_webSocketMessages")) {
                JsonObject message = (JsonObject) each;
                assertThat(message.getString("type")).isIn("send", "receive");
                assertThat(message.getNumber("time")).isNotNull();
                assertThat(message.getNumber("opcode")).isNotNull();
                assertThat(message.getString("data")).isNotNull();
            }
        }
    }
}
