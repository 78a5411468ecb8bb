package dev.berth.http;

import dev.berth.loop.LoopPromise;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.MediaType;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/**
 * The OpenAPI contract.
 *
 * @param text the document, which names the server of the default settings
 */
public record Contract(OpenAPIContract parsed, String text) {
    private static final String FILE = "dev/berth/openapi.yaml";
    private static final String SERVER = "- url: http://127.0.0.1:8080";

    public Contract {
        if (!text.contains(SERVER)) {
            throw new IllegalStateException(FILE + " has no " + SERVER);
        }
    }

    /** The document for a client that called this server at {@code base}. */
    Buffer servedAt(String base) {
        return Buffer.buffer(text.replace(SERVER, "- url: " + base));
    }

    /** The version of the API, and so of the server. */
    String version() {
        return parsed.getRawContract().getJsonObject("info").getString("version");
    }

    public static Future<Contract> read(Vertx vertx) {
        return vertx.executeBlocking(() -> ClassPathFiles.read(FILE).toString(), false)
                .compose(text -> parse(vertx, text).map(parsed -> new Contract(parsed, text)));
    }

    /** Runs on a worker: reading and checking the contract takes most of a second while its classes are not loaded yet. */
    private static Future<OpenAPIContract> parse(Vertx vertx, String text) {
        Promise<OpenAPIContract> read = LoopPromise.here(vertx);
        ((VertxInternal) vertx)
                .createWorkerContext()
                .runOnContext(ignored -> OpenAPIContract.from(ClassPathFiles.readBy(vertx), judging(text))
                        .onComplete(read));
        return read.future();
    }

    /**
     * The contract that requests are judged by. It has no {@code security}: the router would look for its own security handlers, and read
     * the body before it calls them. It has no responses of types that the library does not know, such as pictures: the library would
     * refuse the contract.
     */
    private static JsonObject judging(String contract) {
        JsonObject json = new JsonObject(new Yaml().<Map<String, Object>>load(contract));
        json.remove("security");
        objects(json.getJsonObject("paths"))
                .flatMap(Contract::objects)
                .filter(operation -> operation.containsKey("responses"))
                .flatMap(operation -> objects(operation.getJsonObject("responses")))
                .filter(response -> response.containsKey("content"))
                .map(response -> response.getJsonObject("content"))
                .forEach(content -> content.getMap().keySet().removeIf(type -> !MediaType.isMediaTypeSupported(type)));
        return json;
    }

    private static Stream<JsonObject> objects(JsonObject of) {
        return of.stream()
                .map(Map.Entry::getValue)
                .filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast);
    }
}
