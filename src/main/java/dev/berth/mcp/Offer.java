package dev.berth.mcp;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.verbs.ToolSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;

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
