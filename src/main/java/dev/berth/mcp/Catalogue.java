package dev.berth.mcp;

import dev.berth.artifact.ArtifactStore;
import dev.berth.artifact.GivenFileStore;
import dev.berth.logs.LogReader;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.verbs.ToolSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * All tools and resources that clients are offered.
 *
 * @param offers to clients with a session of MCP
 * @param stateless to those without one
 */
record Catalogue(List<Offer> offers, List<Offer> stateless, List<SessionResources.Readable> resources) {
    static Catalogue of(Vertx vertx, ArtifactStore store, LogReader reader) {
        Pictures pictures = new Pictures(vertx, store);
        LogTools logs = new LogTools(reader);
        List<Offer> verbs = Stream.concat(
                        new BrowserTools(vertx, pictures, new GivenFileStore(store)).offers(), logs.offers())
                .toList();
        return new Catalogue(
                Stream.concat(verbs.stream(), SessionTools.offers()).toList(),
                Stream.concat(verbs.stream(), SessionTools.statelessOffers()).toList(),
                new SessionResources(logs, pictures).all().toList());
    }

    /**
     * A tool that clients are offered.
     *
     * @param run does it on the context of the client's session; a failure's message is for the model
     */
    record Offer(
            String name,
            String description,
            JsonObject inputSchema,
            boolean readOnly,
            boolean destructive,
            Function<McpCall, Future<CallToolResult>> run) {

        static Offer reads(
                String name, String description, ToolSchema schema, Function<McpCall, Future<CallToolResult>> run) {
            return new Offer(name, description, schema.json(), true, false, run);
        }

        static Offer acts(
                String name, String description, ToolSchema schema, Function<McpCall, Future<CallToolResult>> run) {
            return new Offer(name, description, schema.json(), false, false, run);
        }

        /** For people: {@code Go back}. */
        String title() {
            String words = name.replace('_', ' ');
            return Character.toUpperCase(words.charAt(0)) + words.substring(1);
        }

        static BerthException invalid(String why) {
            return new BerthException(ErrorCode.INVALID_ARGUMENT, why);
        }

        static CallToolResult text(String text) {
            return CallToolResult.builder().addTextContent(text).isError(false).build();
        }
    }
}
