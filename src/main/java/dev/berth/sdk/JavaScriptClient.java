package dev.berth.sdk;

import dev.berth.sdk.Operation.Field;
import dev.berth.sdk.Operation.Gives;
import dev.berth.sdk.Operation.ParameterPlace;
import dev.berth.sdk.Operation.Takes;
import dev.berth.sdk.TypeScript.Property;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The client in JavaScript, and its types for TypeScript. */
final class JavaScriptClient {
    private final Frame frame;
    private final List<Operation> operations;
    private final TypeScript types;

    private JavaScriptClient(JsonObject contract, List<String> frame, boolean documented) {
        this.frame = new Frame(frame);
        this.operations = OperationReader.of(contract);
        this.types = new TypeScript(new Schemas(contract), documented);
        operations.forEach(
                each -> this.frame.refuse(each, Pattern.compile("^  (async )?\\*?" + each.id() + "(\\(|<)")));
    }

    static String script(JsonObject contract, List<String> frame) {
        JavaScriptClient client = new JavaScriptClient(contract, frame, false);
        return client.filled(client::method, client.typedefs() + client.table());
    }

    static String types(JsonObject contract, List<String> frame) {
        JavaScriptClient client = new JavaScriptClient(contract, frame, true);
        return client.filled(client::declaration, client.exportedTypes());
    }

    private String filled(Function<Operation, String> method, String types) {
        return frame.filled(Map.of(
                "operations of the server", methods(method, false),
                "operations of a session", methods(method, true),
                "types", types));
    }

    private String methods(Function<Operation, String> method, boolean ofSession) {
        return operations.stream()
                .filter(operation -> operation.isOfSession() == ofSession)
                .map(method)
                .collect(Collectors.joining("\n"))
                .stripTrailing();
    }

    private String method(Operation operation) {
        String how = operation.gives() == Gives.EVENTS ? "_follow" : "_ask";
        return """
                  /**
                %s
                   *
                   * @param {%s} %s
                   * @param {Call} [call]
                   * @returns {%s}
                   */
                  %s(%s, call) {
                    return this.%s(OPERATIONS.%s, args, call);
                  }
                """.formatted(
                        Prose.lines("   * ", operation.description().replace("*/", "*\\/")),
                        arguments(operation, ""),
                        operation.needsArguments() ? "args" : "[args]",
                        result(operation),
                        operation.id(),
                        operation.needsArguments() ? "args" : "args = {}",
                        how,
                        operation.id());
    }

    private String declaration(Operation operation) {
        String optional = operation.needsArguments() ? "" : "?";
        return TypeScript.comment(operation.description(), "  ")
                + "  %s(args%s: %s, call?: Call): %s;\n"
                        .formatted(operation.id(), optional, arguments(operation, "  "), result(operation));
    }

    private String arguments(Operation operation, String indent) {
        List<Property> properties = operation.arguments().stream()
                .map(field -> new Property(field.name(), field.schema(), field.required(), field.description()))
                .toList();
        return properties.isEmpty() ? "{}" : types.object(properties, indent);
    }

    private static String result(Operation operation) {
        return switch (operation.gives()) {
            case EVENTS -> "AsyncGenerator<BerthEvent, void>";
            case SESSION -> "Promise<Session>";
            case BYTES -> "Promise<Uint8Array>";
            case TEXT -> "Promise<string>";
            case EITHER -> "Promise<" + operation.answerName() + " | string>";
            case NOTHING -> "Promise<void>";
            case JSON -> "Promise<" + operation.answerName() + ">";
        };
    }

    private String typedefs() {
        return types.named(operations).entrySet().stream()
                .map(type -> "/** @typedef {%s} %s */\n".formatted(types.type(type.getValue(), ""), type.getKey()))
                .collect(Collectors.joining("", """
                        /** @typedef {{signal?: AbortSignal, timeoutMillis?: number}} Call */
                        /** @typedef {{id: string, event: string, data: any}} BerthEvent */
                        /** @typedef {Blob | ArrayBuffer | Uint8Array | string} Content */
                        """, "\n"));
    }

    private String exportedTypes() {
        return types.named(operations).entrySet().stream()
                .map(type -> TypeScript.comment(type.getValue().getString("description", ""), "")
                        + "export type %s = %s;\n".formatted(type.getKey(), types.type(type.getValue(), "")))
                .collect(Collectors.joining("\n"))
                .stripTrailing();
    }

    private String table() {
        return operations.stream()
                .map(JavaScriptClient::entry)
                .collect(Collectors.joining("", "const OPERATIONS = {\n", "};"));
    }

    private static String entry(Operation operation) {
        StringBuilder entry = new StringBuilder(
                "  %s: {method: '%s', path: '%s'".formatted(operation.id(), operation.method(), operation.path()));
        if (operation.takes() != Takes.NOTHING) {
            entry.append(", takes: '%s'".formatted(operation.takes().name().toLowerCase(Locale.ROOT)));
        }
        entry.append(query(operation)).append(headers(operation));
        if (operation.gives() != Gives.JSON && operation.gives() != Gives.EVENTS) {
            entry.append(", gives: '%s'".formatted(gives(operation)));
        }
        return entry.append("},\n").toString();
    }

    /** An answer without content is read to its end, too. */
    static String gives(Operation operation) {
        Gives gives = operation.gives() == Gives.NOTHING ? Gives.TEXT : operation.gives();
        return gives.name().toLowerCase(Locale.ROOT);
    }

    private static String query(Operation operation) {
        List<Field> query = operation.at(ParameterPlace.QUERY);
        return query.isEmpty() || operation.takes() == Takes.NOTHING
                ? ""
                : query.stream()
                        .map(field -> "'" + field.wireName() + "'")
                        .collect(Collectors.joining(", ", ", query: [", "]"));
    }

    private static String headers(Operation operation) {
        List<Field> headers = operation.at(ParameterPlace.HEADER);
        return headers.isEmpty()
                ? ""
                : headers.stream()
                        .map(field -> field.name() + ": '" + field.wireName() + "'")
                        .collect(Collectors.joining(", ", ", headers: {", "}"));
    }
}
