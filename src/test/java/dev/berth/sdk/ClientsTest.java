package dev.berth.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

class ClientsTest {
    private static final List<String> FRAME =
            List.of("// @ is no place", "  //@ operations of the server", "//@ types");
    private static final List<String> PYTHON_FRAME =
            List.of("#@ types", "    #@ operations of the server", "#@ operations");

    private static JsonObject contract(String operation) {
        return new JsonObject(new Yaml().<Map<String, Object>>load("""
                components: {schemas: {Box: {description: A box., type: object, required: [size], properties: {
                  size: {type: integer}, from: {type: [string, 'null']}}}}}
                paths: {'/api/boxes/{boxId}': {get: {operationId: openBox, summary: Open a box, """ + operation + "}}}"));
    }

    private static final String PARAMETERS = """
            parameters: [{name: boxId, in: path, required: true, schema: {type: string}},
              {name: from, in: query, description: The day., schema: {enum: [today, null]}}],""";

    @Test
    void anOperationOfTheContractIsAMethod() {
        JsonObject contract = contract(PARAMETERS + """
                responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/Box'}}}}}""");
        assertThat(JavaScriptClient.types(contract, FRAME)).contains("""
                  /** Open a box. */
                  openBox(args: {
                    boxId: string;
                    /** The day. */
                    from?: 'today' | null;
                  }, call?: Call): Promise<Box>;
                """, """
                /** A box. */
                export type Box = {
                  size: number;
                  from?: string | null;
                };
                """);
        assertThat(JavaScriptClient.script(contract, FRAME))
                .contains(
                        "  openBox(args, call) {",
                        "@param {{boxId: string, from?: 'today' | null}} args",
                        "openBox: {method: 'GET', path: '/api/boxes/{boxId}'}");
        assertThat(PythonClient.module(contract, PYTHON_FRAME)).contains("""
                    def open_box(self, box_id: str, *, from_: Optional[Literal["today", None]] = None) -> Box:
                        \"""Open a box.

                        - from_: The day.
                        \"""
                        values: Dict[str, Any] = {"boxId": box_id, "from": from_}
                """, """
                Box = TypedDict(
                    "Box",
                    {
                        "size": "int",
                        "from": "Optional[str]",
                    },
                    total=False,
                )
                """, """
                    "openBox": _Operation("GET", "/api/boxes/{boxId}", query=("from",)),
                """);
    }

    @Test
    void aBodyThatIsAFileIsAnArgument() {
        JsonObject contract = contract(PARAMETERS + """
                requestBody: {content: {application/octet-stream: {schema: {type: string, format: binary}}}},
                responses: {'204': {}}""");
        assertThat(JavaScriptClient.types(contract, FRAME)).contains("    content: Content;\n");
        assertThat(JavaScriptClient.script(contract, FRAME)).contains("takes: 'file', query: ['from']");
        assertThat(PythonClient.module(contract, PYTHON_FRAME))
                .contains(
                        "        content: Union[bytes, BinaryIO],\n        *,\n", "query=(\"from\",), takes=\"file\"");
    }

    @ParameterizedTest
    @CsvSource({
        "application/octet-stream, Promise<Uint8Array>, bytes",
        "text/csv, Promise<string>, text",
        "'application/json: {schema: {type: object}}, text/markdown', Promise<OpenBoxAnswer | string>, either"
    })
    void anAnswerIsReadAsItsContentIs(String types, String result, String gives) {
        String content = types.contains("{") ? types + ": {}" : types + ": {schema: {type: string}}";
        JsonObject contract = contract(PARAMETERS + "responses: {'200': {content: {" + content + "}}}");
        assertThat(JavaScriptClient.types(contract, FRAME)).contains(result);
        assertThat(JavaScriptClient.script(contract, FRAME)).contains("gives: '" + gives + "'");
        assertThat(PythonClient.module(contract, PYTHON_FRAME)).contains("gives=\"" + gives + "\"");
    }

    @Test
    void anOperationCanNotTakeTheNameOfAMethodThatIsWrittenByHand() {
        JsonObject contract = contract("responses: {'204': {}}");
        List<String> taken = List.of("  async openBox(what) {", "//@ operations of the server");
        assertThatThrownBy(() -> JavaScriptClient.script(contract, taken)).hasMessageContaining("openBox");
    }

    @Test
    void theSameContractGivesTheSameClients(@TempDir Path folder) throws Exception {
        for (String each : List.of("a", "b")) {
            Clients.main(new String[] {
                "src/main/resources/openapi.yaml",
                "src/main/resources/sdk",
                folder.resolve(each).toString()
            });
        }
        for (String name : List.of("berth.js", "berth.d.ts", "berth.py")) {
            assertThat(folder.resolve("a/" + name))
                    .hasSameTextualContentAs(folder.resolve("b/" + name))
                    .hasSameTextualContentAs(Path.of("target/classes/dev/berth/sdk/" + name));
        }
        assertThat(Files.list(folder.resolve("a"))).hasSize(3);
    }

    /** HEAD tells nothing that a client could not read, and sockets are for clients of CDP and viewers. */
    @Test
    void everyOperationOfTheContractIsAMethod() throws Exception {
        JsonObject paths = new JsonObject(new Yaml()
                        .<Map<String, Object>>load(Files.readString(Path.of("src/main/resources/openapi.yaml"))))
                .getJsonObject("paths");
        String client = Files.readString(Path.of("target/classes/dev/berth/sdk/berth.d.ts"));
        List<String> left = paths.fieldNames().stream()
                .filter(path -> path.startsWith("/api/"))
                .flatMap(path -> paths.getJsonObject(path).stream())
                .filter(item -> !item.getKey().equals("head") && item.getValue() instanceof JsonObject)
                .map(item -> (JsonObject) item.getValue())
                .filter(operation -> !operation.getJsonObject("responses").containsKey("101"))
                .map(operation -> operation.getString("operationId"))
                .filter(id -> !client.contains("  " + id + "("))
                .toList();
        assertThat(left).isEmpty();
    }
}
