package dev.berth.agent;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.Truncation;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The JSON Schema of a task's output. Told to the model, but not checked, is what could keep a thread busy for ever: the keyword
 * {@code patternProperties}, and formats that the validator compares by slow expressions.
 */
final class OutputSchema {
    private static final int MAX_DEPTH = 50;
    private static final int MAX_OBJECTIONS = 5;
    private static final int MAX_SHOWN_CHARS = 100;
    private static final Set<Object> SLOW_FORMATS = Set.of("idn-hostname", "regex");
    private static final JsonSchemaOptions OPTIONS = new JsonSchemaOptions()
            .setBaseUri("https://berth.invalid/output")
            .setDraft(Draft.DRAFT202012)
            .setOutputFormat(OutputFormat.Basic);

    private final JsonObject whole;
    private final Meter meter = new Meter();
    private final Expressions expressions = new Expressions(meter::match);
    private final Validator validator;

    private OutputSchema(JsonObject schema) {
        this.whole = schema;
        this.validator = Validator.create(JsonSchema.of(checkable(schema, 0)), OPTIONS, expressions);
    }

    /** Throws {@link BerthException} where the text is no schema that can be used. */
    static OutputSchema of(String text) {
        try {
            return new OutputSchema(new JsonObject(text));
        } catch (BerthException e) {
            throw e;
        } catch (RuntimeException e) {
            throw refused("is not a JSON Schema: " + e.getMessage());
        }
    }

    private static BerthException refused(String why) {
        return new BerthException(ErrorCode.INVALID_ARGUMENT, "schema " + why);
    }

    private Object checkable(Object part, int depth) {
        if (depth > MAX_DEPTH) {
            throw refused("must not be deeper than " + MAX_DEPTH);
        }
        if (part instanceof JsonArray list) {
            JsonArray clean = new JsonArray();
            list.forEach(each -> clean.add(checkable(each, depth + 1)));
            return clean;
        }
        return part instanceof JsonObject object ? checkable(object, depth) : part;
    }

    private void requireOwn(String ref) {
        if (!ref.startsWith("#")) {
            throw refused("must use $ref only for its own parts");
        }
        // Others are names of anchors.
        if (ref.startsWith("#/") && JsonPointer.fromURI(URI.create(ref)).queryJson(whole) == null) {
            throw refused("has no part " + Truncation.ellipsis(ref, MAX_SHOWN_CHARS) + " ($ref)");
        }
    }

    private JsonObject checkable(JsonObject object, int depth) {
        if (object.getValue("$ref") instanceof String ref) {
            requireOwn(ref);
        }
        if (object.getValue("patternProperties") instanceof JsonObject
                && (object.containsKey("additionalProperties") || object.containsKey("unevaluatedProperties"))) {
            throw refused("must not have patternProperties with additionalProperties or unevaluatedProperties");
        }
        JsonObject clean = new JsonObject(meter.members());
        object.stream()
                .filter(field -> !(field.getKey().equals("pattern") && field.getValue() instanceof String))
                .filter(field -> !field.getKey().equals("patternProperties"))
                .filter(field -> !(field.getKey().equals("format") && SLOW_FORMATS.contains(field.getValue())))
                .forEach(field -> clean.put(field.getKey(), checkable(field.getValue(), depth + 1)));
        if (object.getValue("pattern") instanceof String pattern) {
            Object all = clean.getValue("allOf", new JsonArray());
            clean.put("allOf", all instanceof JsonArray list ? list.add(matching(pattern)) : all);
        }
        return clean;
    }

    private JsonObject matching(String pattern) {
        return new JsonObject(meter.members()).put("format", expressions.format(pattern));
    }

    /** The fault of an output, in words for a model. The check runs on a worker thread, since an output may be large. */
    Future<Optional<String>> objection(Vertx vertx, String output) {
        return vertx.executeBlocking(() -> objection(metered(Json.decodeValue(output))), false)
                .otherwise(e -> Optional.of("it can't be checked against the schema: "
                        + (e instanceof StackOverflowError ? "the nesting is too deep" : e.getMessage())));
    }

    private Object metered(Object part) {
        if (part instanceof JsonArray list) {
            JsonArray copy = new JsonArray(meter.elements());
            list.forEach(each -> copy.add(metered(each)));
            return copy;
        }
        if (part instanceof JsonObject object) {
            JsonObject copy = new JsonObject();
            object.forEach(field -> copy.put(field.getKey(), metered(field.getValue())));
            return copy;
        }
        return part;
    }

    private Optional<String> objection(Object output) {
        meter.reset();
        OutputUnit result = validator.validate(output);
        if (Boolean.TRUE.equals(result.getValid())) {
            return Optional.empty();
        }
        return Optional.of(Optional.ofNullable(result.getErrors()).stream()
                .flatMap(errors -> errors.stream())
                .limit(MAX_OBJECTIONS)
                .map(error -> error.getInstanceLocation() + ": " + error.getError())
                .collect(Collectors.joining("; ")));
    }

    /**
     * Bounds the work of comparing an output with a schema, which grows exponentially with some schemas. Counts look-ups: the validator
     * makes some dozens for each part of a schema that it applies, and two for each pair of elements that are to be unique. One comparison
     * at a time.
     */
    static final class Meter {
        /** Limit for the look-ups of one check: less than a second of work, and 40,000 applied parts of a schema. */
        private static final int MAX_LOOKUPS = 2_000_000;

        private static final int STEPS_OF_LOOKUP = 20;

        private long left = MAX_LOOKUPS;

        void reset() {
            left = MAX_LOOKUPS;
        }

        private void count() {
            count(1);
        }

        private void count(long lookups) {
            left -= lookups;
            if (left < 0) {
                throw new IllegalStateException("the check takes too much work");
            }
        }

        /** An expression is matched. A look-up takes as long as some of its steps. */
        void match(long steps) {
            count(steps / STEPS_OF_LOOKUP);
        }

        /** The members of a part of a schema. */
        Map<String, Object> members() {
            return new LinkedHashMap<>() {
                @Override
                public boolean containsKey(Object key) {
                    count();
                    return super.containsKey(key);
                }
            };
        }

        /** The elements of a list in an output. */
        List<Object> elements() {
            return new ArrayList<>() {
                @Override
                public Object get(int index) {
                    count();
                    return super.get(index);
                }
            };
        }
    }
}
