package dev.berth.http.validation;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.RoutingContext;
import io.vertx.json.schema.JsonSchema;
import io.vertx.openapi.contract.Location;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatedRequest;
import io.vertx.openapi.validation.impl.RequestParameterImpl;
import io.vertx.openapi.validation.impl.ValidatedRequestImpl;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Fast path for requests that have only simple parameters, and valid ones. The contract's validator runs on a worker and builds
 * a schema for each parameter, which takes a hundred times as long. It validates all other requests, and words the errors.
 */
final class SimpleParameters {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("0|[1-9]\\d{0,14}");
    private static final Set<String> KEYWORDS = Set.of(
            "type",
            "enum",
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "pattern",
            "default",
            "description",
            "example");

    /** How each parameter is read: empty for a value that the validator has to judge. */
    private final Map<String, Function<String, Optional<Object>>> path = new HashMap<>();

    private final Map<String, Function<String, Optional<Object>>> query = new HashMap<>();

    private SimpleParameters() {}

    /** Empty where the operation has a body, or a parameter of another type than these few. */
    static Optional<SimpleParameters> of(Operation operation) {
        SimpleParameters plain = new SimpleParameters();
        boolean simple = operation.getRequestBody() == null
                && operation.getParameters().stream().allMatch(plain::add);
        return simple ? Optional.of(plain) : Optional.empty();
    }

    private boolean add(Parameter parameter) {
        JsonSchema schema = parameter.getSchema();
        boolean known = schema.fieldNames().stream().allMatch(name -> name.startsWith("_") || KEYWORDS.contains(name));
        boolean optional = parameter.getIn() == Location.QUERY && !parameter.isRequired();
        if (!known || !optional && parameter.getIn() != Location.PATH) {
            return false;
        }
        reader(schema).ifPresent(reader -> (optional ? query : path).put(parameter.getName(), reader));
        return (optional ? query : path).containsKey(parameter.getName());
    }

    private static Optional<Function<String, Optional<Object>>> reader(JsonSchema schema) {
        String type = schema.get("type");
        if ("integer".equals(type) && !schema.containsKey("enum")) {
            long min = schema.<Number>get("minimum", Long.MIN_VALUE).longValue();
            long max = schema.<Number>get("maximum", Long.MAX_VALUE).longValue();
            return Optional.of(text -> number(text, min, max));
        } else if ("boolean".equals(type)) {
            return Optional.of(text ->
                    text.equals("true") || text.equals("false") ? Optional.of(text.equals("true")) : Optional.empty());
        } else if ("string".equals(type)) {
            int least = schema.<Number>get("minLength", 0).intValue();
            int most = schema.<Number>get("maxLength", Integer.MAX_VALUE).intValue();
            JsonArray values = schema.get("enum");
            Optional<Pattern> pattern =
                    Optional.ofNullable(schema.<String>get("pattern")).map(Pattern::compile);
            return Optional.of(text -> Optional.<Object>of(text)
                    // In a pattern, $ also matches before a line feed at the end.
                    .filter(any -> text.chars().noneMatch(Character::isISOControl))
                    .filter(any -> values == null || values.contains(text))
                    .filter(any -> text.length() >= least && text.length() <= most)
                    .filter(any ->
                            pattern.map(shape -> shape.matcher(text).find()).orElse(true)));
        }
        return Optional.empty();
    }

    private static Optional<Object> number(String text, long min, long max) {
        return Optional.of(text)
                .filter(digits -> WHOLE_NUMBER.matcher(digits).matches())
                .<Object>map(Long::valueOf)
                .filter(number -> (long) number >= min && (long) number <= max);
    }

    /** What the validator would give; empty where the request is left to the validator. */
    Optional<ValidatedRequest> read(RoutingContext ctx) {
        Map<String, RequestParameter> named = new HashMap<>();
        for (Map.Entry<String, String> parameter : ctx.pathParams().entrySet()) {
            if (!put(named, path, parameter.getKey(), parameter.getValue())) {
                return Optional.empty();
            }
        }
        Map<String, RequestParameter> asked = new HashMap<>();
        MultiMap given = ctx.queryParams();
        for (Map.Entry<String, String> parameter : given) {
            if (asked.containsKey(parameter.getKey()) || !put(asked, query, parameter.getKey(), parameter.getValue())) {
                return Optional.empty();
            }
        }
        return Optional.of(new ValidatedRequestImpl(Map.of(), Map.of(), named, asked));
    }

    private static boolean put(
            Map<String, RequestParameter> read,
            Map<String, Function<String, Optional<Object>>> readers,
            String name,
            String text) {
        Optional<Object> value = Optional.ofNullable(readers.get(name)).flatMap(reader -> reader.apply(text));
        value.ifPresent(plain -> read.put(name, new RequestParameterImpl(plain)));
        return value.isPresent();
    }
}
