package dev.berth.http.request;

import dev.berth.protocol.BerthException;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.RoutingContext;
import io.vertx.json.schema.JsonSchema;
import io.vertx.openapi.contract.Location;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads the parameters of a request as the contract has them: each once, of its type and within its bounds. An
 * unknown parameter is refused: a misspelt filter would silently filter nothing. The library would take a hundred times as long, on a worker.
 */
public final class ContractParameters implements Handler<RoutingContext> {
    /** Begins the names of parameters that filter by the client's own labels. */
    static final String METADATA_PREFIX = "metadata.";

    /** The operations of which parameters that begin so are known, too. */
    private static final Set<String> TAKE_METADATA = Set.of("listSessions", "connect");

    static final String READ = "berth.parameters";
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?\\d{1,15}");
    private static final Set<String> CHECKED =
            Set.of("type", "enum", "minimum", "maximum", "minLength", "maxLength", "pattern");
    private static final Set<String> TOLD = Set.of("default", "description", "example");

    private final Map<String, Function<String, Object>> query;
    private final Map<String, Function<String, Object>> headers;
    private final boolean takesMetadata;

    public ContractParameters(Operation operation) {
        this.query = readers(operation, Location.QUERY);
        this.headers = readers(operation, Location.HEADER);
        this.takesMetadata = TAKE_METADATA.contains(operation.getOperationId());
    }

    @Override
    public void handle(RoutingContext ctx) {
        try {
            ctx.pathParams().forEach(ContractParameters::requireText);
            ctx.put(READ, read(ctx.request(), ctx.queryParams()));
        } catch (BerthException e) {
            ctx.fail(e);
            return;
        }
        ctx.next();
    }

    /** Reads the parameters of a request that no router handles. Throws {@link BerthException} where one of them is wrong. */
    public QueryParameters read(HttpServerRequest request) {
        return read(request, request.params());
    }

    private QueryParameters read(HttpServerRequest request, MultiMap given) {
        headers.forEach(
                (name, reader) -> Optional.ofNullable(request.getHeader(name)).ifPresent(reader::apply));
        Map<String, Object> read = new HashMap<>();
        for (Map.Entry<String, String> each : given) {
            String name = each.getKey();
            Object value = reader(name).apply(each.getValue());
            if (read.put(name, value) != null) {
                throw Validation.invalid("query parameter '" + name + "' is given more than once");
            }
        }
        return new QueryParameters(read);
    }

    /** Postgres has no text with U+0000: a statement with such a parameter fails. */
    private static void requireText(String name, String value) {
        if (value.indexOf('\0') >= 0) {
            throw Validation.invalid("'" + name + "' must not contain the character U+0000");
        }
    }

    private Function<String, Object> reader(String name) {
        Function<String, Object> reader = query.get(name);
        if (reader != null) {
            return reader;
        } else if (takesMetadata && name.startsWith(METADATA_PREFIX) && name.length() > METADATA_PREFIX.length()) {
            return text -> label(name, text);
        }
        throw Validation.unknown(name, query.keySet());
    }

    private static Object label(String name, String text) {
        if ((name + text).indexOf('\0') >= 0) {
            throw Validation.invalid("metadata must have no NUL characters");
        }
        return text;
    }

    private static Map<String, Function<String, Object>> readers(Operation operation, Location in) {
        return operation.getParameters().stream()
                .filter(parameter -> parameter.getIn() == in)
                .collect(Collectors.toMap(Parameter::getName, ContractParameters::reader, (a, b) -> a, TreeMap::new));
    }

    private static Function<String, Object> reader(Parameter parameter) {
        String name = parameter.getName();
        JsonSchema schema = parameter.getSchema();
        schema.fieldNames().stream()
                .filter(keyword -> !keyword.startsWith("_") && !CHECKED.contains(keyword) && !TOLD.contains(keyword))
                .findAny()
                .ifPresent(keyword -> {
                    throw new IllegalStateException("the contract's parameter " + name + " has a " + keyword);
                });
        return switch (schema.<String>get("type")) {
            case "boolean" -> text -> flag(name, text);
            case "integer" -> integer(name, schema);
            case "string" -> string(name, schema);
            default -> throw new IllegalStateException("the contract's parameter " + name + " has another type");
        };
    }

    private static Object flag(String name, String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw Validation.invalid(name + ": must be true or false");
        }
        return text.equals("true");
    }

    private static Function<String, Object> integer(String name, JsonSchema schema) {
        long min = schema.<Number>get("minimum", Long.MIN_VALUE).longValue();
        long max = schema.<Number>get("maximum", Long.MAX_VALUE).longValue();
        return text -> {
            long number = WHOLE_NUMBER.matcher(text).matches() ? Long.parseLong(text) : Long.MIN_VALUE;
            if (number == Long.MIN_VALUE || number < min || number > max) {
                throw Validation.invalid(name + ": must be a whole number from " + min + " to " + max);
            }
            return number;
        };
    }

    private static Function<String, Object> string(String name, JsonSchema schema) {
        int least = schema.<Number>get("minLength", 0).intValue();
        int most = schema.<Number>get("maxLength", Integer.MAX_VALUE).intValue();
        JsonArray values = schema.get("enum");
        Optional<Pattern> pattern =
                Optional.ofNullable(schema.<String>get("pattern")).map(Pattern::compile);
        return text -> {
            if (values != null && !values.contains(text)) {
                throw Validation.invalid(name + ": must be one of "
                        + values.stream().map(String::valueOf).collect(Collectors.joining(", ")));
            } else if (text.length() < least || text.length() > most || text.indexOf('\0') >= 0) {
                throw Validation.invalid(
                        name + ": must have " + least + " to " + most + " characters, and no NUL characters");
            } else if (pattern.isPresent() && !pattern.get().matcher(text).matches()) {
                throw Validation.invalid(name + ": must match " + pattern.get());
            }
            return text;
        };
    }
}
