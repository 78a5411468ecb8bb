package dev.berth.sdk;

import dev.berth.sdk.Operation.Field;
import dev.berth.sdk.Operation.Gives;
import dev.berth.sdk.Operation.ParameterPlace;
import dev.berth.sdk.Operation.Takes;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The client in Python. */
final class PythonClient {
    private static final Pattern BEFORE_CAPITAL = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

    private final Frame frame;
    private final List<Operation> operations;
    private final PythonTypes types;

    private PythonClient(JsonObject contract, List<String> frame) {
        this.frame = new Frame(frame);
        this.operations = OperationReader.of(contract);
        this.types = new PythonTypes(new Schemas(contract));
        operations.forEach(
                each -> this.frame.refuse(each, Pattern.compile("^    def " + snakeCase(each.id()) + "\\(")));
    }

    static String module(JsonObject contract, List<String> frame) {
        PythonClient client = new PythonClient(contract, frame);
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("operations of the server", client.methods(false));
        parts.put("operations of a session", client.methods(true));
        parts.put("operations", client.table());
        parts.put("types", client.types.definitions());
        return client.frame.filled(parts);
    }

    private String methods(boolean ofSession) {
        return operations.stream()
                .filter(operation -> operation.isOfSession() == ofSession)
                .map(this::method)
                .collect(Collectors.joining("\n"))
                .stripTrailing();
    }

    private String method(Operation operation) {
        String how = operation.gives() == Gives.EVENTS ? "_follow" : "_ask";
        List<String> values = operation.arguments().stream()
                .map(field -> "\"%s\": %s".formatted(field.name(), snakeCase(field.name())))
                .toList();
        return list(
                        "    def " + snakeCase(operation.id()) + "(",
                        parameters(operation),
                        ") -> " + result(operation) + ":")
                + "\n"
                + PythonTypes.docstring("        ", about(operation))
                + "\n        values: Dict[str, Any] = "
                + list("{", values, "}").replace("\n", "\n        ")
                + "\n        return self.%s(_OPERATIONS[\"%s\"], values)\n".formatted(how, operation.id());
    }

    /** The list in one line, or, where that is long, an item a line. */
    private static String list(String begin, List<String> items, String end) {
        String line = begin + String.join(", ", items) + end;
        if (line.length() <= 100) {
            return line;
        }
        String indent = begin.substring(0, begin.length() - begin.stripLeading().length());
        return items.stream()
                .map(item -> indent + "    " + item + ",\n")
                .collect(Collectors.joining("", begin + "\n", indent + end));
    }

    private List<String> parameters(Operation operation) {
        Stream<String> required = operation.arguments().stream()
                .filter(Field::required)
                .map(field -> snakeCase(field.name()) + ": " + type(operation, field));
        List<String> optional = operation.arguments().stream()
                .filter(field -> !field.required())
                .map(field -> snakeCase(field.name()) + ": " + optional(type(operation, field)) + " = None")
                .toList();
        return Stream.of(Stream.of("self"), required, optional.stream().limit(1).map(any -> "*"), optional.stream())
                .flatMap(each -> each)
                .toList();
    }

    private static String optional(String type) {
        return type.equals("Any") || type.startsWith("Optional[") ? type : "Optional[" + type + "]";
    }

    private String type(Operation operation, Field field) {
        String owner = operation.id().substring(0, 1).toUpperCase(Locale.ROOT)
                + operation.id().substring(1);
        return types.type(field.schema(), PythonTypes.nested(owner, field.name()));
    }

    private static String about(Operation operation) {
        String arguments = operation.arguments().stream()
                .filter(field -> !field.description().isBlank())
                .map(field -> "- " + snakeCase(field.name()) + ": "
                        + field.description().strip().replaceAll("\\s*\n\\s*", " "))
                .collect(Collectors.joining("\n"));
        return operation.description() + (arguments.isEmpty() ? "" : "\n\n" + arguments);
    }

    private String result(Operation operation) {
        return switch (operation.gives()) {
            case EVENTS -> "Iterator[Event]";
            case SESSION -> "Session";
            case BYTES -> "bytes";
            case TEXT -> "str";
            case NOTHING -> "None";
            case EITHER -> "Union[" + answer(operation) + ", str]";
            case JSON -> answer(operation);
        };
    }

    private String answer(Operation operation) {
        return types.type(operation.answer(), operation.answerName());
    }

    private String table() {
        return operations.stream()
                .map(PythonClient::entry)
                .collect(Collectors.joining("", "_OPERATIONS: Dict[str, _Operation] = {\n", "}"));
    }

    private static String entry(Operation operation) {
        StringBuilder entry = new StringBuilder("    \"%s\": _Operation(\"%s\", \"%s\""
                .formatted(operation.id(), operation.method(), operation.path()));
        operation.at(ParameterPlace.QUERY).stream()
                .map(field -> "\"" + field.wireName() + "\", ")
                .reduce(String::concat)
                .ifPresent(names ->
                        entry.append(", query=(").append(names.stripTrailing()).append(")"));
        operation.at(ParameterPlace.HEADER).stream()
                .map(field -> "\"%s\": \"%s\", ".formatted(field.name(), field.wireName()))
                .reduce(String::concat)
                .ifPresent(pairs -> entry.append(", headers={")
                        .append(pairs.stripTrailing())
                        .append("}"));
        if (operation.takes() != Takes.NOTHING) {
            entry.append(", takes=\"%s\"".formatted(operation.takes().name().toLowerCase(Locale.ROOT)));
        }
        if (operation.gives() != Gives.JSON && operation.gives() != Gives.EVENTS) {
            entry.append(", gives=\"%s\"".formatted(JavaScriptClient.gives(operation)));
        }
        return entry.append("),\n").toString();
    }

    /** Names that Python keeps for itself get a line at their end. */
    static String snakeCase(String name) {
        String snake = BEFORE_CAPITAL.matcher(name).replaceAll("_").toLowerCase(Locale.ROOT);
        return PythonTypes.isName(snake) ? snake : snake + "_";
    }
}
