package dev.berth.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.protocol.ActionReply;
import dev.berth.protocol.ActionReply.OnPage;
import dev.berth.protocol.ArtifactEntry.UploadedFile;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.PageOutcome;
import dev.berth.protocol.ProtocolSamples;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.ShownJson;
import dev.berth.protocol.ShownJson.Link;
import dev.berth.protocol.ShownJson.Links;
import dev.berth.protocol.TaskSupport.TaskNote;
import dev.berth.verbs.Verb.Asked;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.ParameterizedType;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The catalogue of verbs and the API's contract agree. */
class VerbsTest {
    private static final Links LINKS = artifact -> Optional.of(new Link("http://a.b/c", Instant.EPOCH));

    private static Stream<Arguments> verbs() {
        return Verbs.all().stream().map(verb -> Arguments.of(verb.name(), verb));
    }

    /** Each verb with a schema of fields that may all come together: a verb of which some exclude others is there twice. */
    private static Stream<Arguments> verbsOfFreeFields() {
        return Verbs.all().stream()
                .filter(verb -> !verb.name().equals("add-route"))
                .flatMap(verb -> verb.name().equals("screenshot")
                        ? Stream.of(without(verb, "clip"), without(verb, "fullPage", "selector", "strict"))
                        : Stream.of(without(verb)));
    }

    private static Arguments without(Verb<?, ?> verb, String... excluded) {
        JsonObject schema = ApiContract.request(verb);
        schema.getJsonObject("properties").getMap().keySet().removeAll(List.of(excluded));
        return Arguments.of(verb.name(), verb, schema);
    }

    /** With a stored file for each file of an upload. */
    private static Asked<?> read(Verb<?, ?> verb, JsonObject json) {
        if (verb != Verbs.UPLOAD) {
            return verb.read(json);
        }
        List<UploadedFile> stored = UploadArguments.files(json).stream()
                .map(file -> new UploadedFile(file.name(), ProtocolSamples.ARTIFACT))
                .toList();
        return UploadArguments.read(json, stored);
    }

    private static void requireRefused(Verb<?, ?> verb, JsonObject json, String message) {
        assertThatThrownBy(() -> read(verb, json))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageStartingWith(message);
    }

    @Test
    void everyActionIsOneVerb() {
        Set<Class<?>> actions = Stream.of(Action.class.getPermittedSubclasses())
                // A note of an AI task is none that clients could make.
                .filter(Class::isSealed)
                .flatMap(family -> Stream.of(family.getPermittedSubclasses()))
                .collect(Collectors.toSet());
        assertThat(Verbs.all().stream().map(Verb::command)).containsExactlyInAnyOrderElementsOf((Set) actions);
        assertThat(Verbs.all().stream().map(Verb::name))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z-]+"));
    }

    @Test
    void theContractHasTheseVerbsAndNoOthers() {
        assertThat(ApiContract.operations().keySet())
                .isEqualTo(Verbs.all().stream().map(ApiContract::place).collect(Collectors.toSet()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("verbsOfFreeFields")
    void aVerbReadsWhatTheContractAllows(String name, Verb<?, ?> verb, JsonObject schema) {
        JsonObject full = (JsonObject) ApiContract.sample(name, schema);
        assertThat(read(verb, full).command()).isInstanceOf(verb.command());
        requireRefused(verb, full.copy().put("odd", 1), "odd is not a known field; known here: ");
        assertThat(known(verb, full)).isEqualTo(known(ApiContract.request(verb), name));
        assertThat(ApiContract.requiresBody(verb))
                .isEqualTo(!ApiContract.required(schema).stream().allMatch(ApiContract.pathParameters(verb)::contains));
    }

    private static Set<String> known(Verb<?, ?> verb, JsonObject full) {
        try {
            read(verb, full.copy().put("odd", 1));
            throw new AssertionError("a field that is not known was read");
        } catch (BerthException e) {
            return Stream.of(e.getMessage().replaceFirst(".*known here: ", "").split(", "))
                    .filter(name -> !name.isEmpty())
                    .collect(Collectors.toSet());
        }
    }

    /** A request without a body can't have a timeout. */
    private static Set<String> known(JsonObject schema, String name) {
        Set<String> known = new HashSet<>(ApiContract.properties(schema).keySet());
        if (Set.of("cookies", "close-page", "remove-route").contains(name)) {
            known.add("timeout");
        }
        return known;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("verbsOfFreeFields")
    void aVerbRequiresWhatTheContractRequires(String name, Verb<?, ?> verb, JsonObject schema) {
        JsonObject full = (JsonObject) ApiContract.sample(name, schema);
        ApiContract.properties(schema).forEach((field, property) -> {
            JsonObject without = full.copy();
            without.remove(field);
            if (ApiContract.required(schema).contains(field)) {
                requireRefused(verb, without, field + " is missing");
            } else if (property.containsKey("default")) {
                assertThat(read(verb, without))
                        .isEqualTo(read(verb, full.copy().put(field, property.getValue("default"))));
            } else {
                assertThat(read(verb, without)).isNotEqualTo(read(verb, full));
            }
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("verbsOfFreeFields")
    void aVerbRefusesWhatTheContractRefuses(String name, Verb<?, ?> verb, JsonObject schema) {
        JsonObject full = (JsonObject) ApiContract.sample(name, schema);
        ApiContract.properties(schema).forEach((field, property) -> {
            requireRefused(verb, full.copy().put(field, ApiContract.wrongType(property)), field + " must be ");
            ApiContract.outside(field, property)
                    .forEach(value -> requireRefused(verb, full.copy().put(field, value), field + " must "));
            if (property.containsKey("items")) {
                entriesAreRefused(verb, full, field, ApiContract.resolve(property.getJsonObject("items")));
            } else if (property.containsKey("properties")) {
                partsAreRefused(
                        field,
                        property,
                        part -> requireRefused(verb, full.copy().put(field, part), field));
            }
        });
    }

    private static void entriesAreRefused(Verb<?, ?> verb, JsonObject full, String field, JsonObject items) {
        Stream.concat(Stream.of(ApiContract.wrongType(items)), ApiContract.outside(field, items))
                .forEach(value -> requireRefused(verb, full.copy().put(field, new JsonArray().add(value)), field));
        if (!ApiContract.type(items).equals("object")) {
            return;
        }
        partsAreRefused(
                field, items, entry -> requireRefused(verb, full.copy().put(field, new JsonArray().add(entry)), field));
    }

    /** Of an object in the arguments. */
    private static void partsAreRefused(String field, JsonObject schema, Consumer<JsonObject> requireRefused) {
        JsonObject full = (JsonObject) ApiContract.sample(field, schema);
        requireRefused.accept(full.copy().put("odd", 1));
        ApiContract.properties(schema).forEach((part, property) -> {
            requireRefused.accept(full.copy().put(part, ApiContract.wrongType(property)));
            ApiContract.outside(part, property)
                    .forEach(value -> requireRefused.accept(full.copy().put(part, value)));
            if (ApiContract.required(schema).contains(part)) {
                JsonObject without = full.copy();
                without.remove(part);
                requireRefused.accept(without);
            }
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("verbs")
    void aVerbWritesWhatTheContractPromises(String name, Verb<?, ?> verb) {
        requireSame(result(verb), ApiContract.response(verb));
    }

    private static void requireSame(JsonObject written, JsonObject schema) {
        assertThat(written.fieldNames())
                .isEqualTo(ApiContract.properties(schema).keySet());
        ApiContract.properties(schema).forEach((field, property) -> {
            Object value = written.getValue(field);
            if (property.containsKey("properties")) {
                requireSame((JsonObject) value, property);
            } else if (property.containsKey("items")
                    && value instanceof JsonArray list
                    && list.getValue(0) instanceof JsonObject first) {
                requireSame(first, ApiContract.resolve(property.getJsonObject("items")));
            }
        });
    }

    private static <A extends Record & Action<R>, R extends SessionReply> JsonObject result(Verb<A, R> verb) {
        var action = (ParameterizedType) verb.command().getGenericInterfaces()[0];
        @SuppressWarnings("unchecked")
        Class<R> reply = (Class<R>) action.getActualTypeArguments()[0];
        return ProtocolSamples.ALL.stream()
                .filter(reply::isInstance)
                .map(sample -> sample instanceof OnPage on ? on.with(ProtocolSamples.PAGE_OUTCOME) : sample)
                .map(sample -> ShownJson.write(sample, LINKS).toJsonObject())
                .max(Comparator.comparing(JsonObject::size))
                .orElseThrow();
    }

    @Test
    void nullIsAbsent() {
        Verb<?, ?> screenshot = Verbs.all().stream()
                .filter(verb -> verb.name().equals("screenshot"))
                .findFirst()
                .orElseThrow();
        JsonObject nulls =
                new JsonObject().putNull("selector").putNull("fullPage").putNull("quality");
        assertThat(read(screenshot, nulls)).isEqualTo(read(screenshot, new JsonObject()));
        requireRefused(screenshot, new JsonObject().put("quality", 1.5), "quality must be a whole number");
        requireRefused(screenshot, new JsonObject().put("quality", 1L << 40), "quality must be a whole number");
        requireRefused(screenshot, new JsonObject().put("x".repeat(1 << 20), 1), "xxx");
    }

    @Test
    void aSnapshotHasATreeOnlyWhereOneWasAskedFor() {
        PageOutcome page = PageOutcome.of("p");
        assertThat(ShownJson.write(new ActionReply.SnapshotResult("u", "t", "s", Optional.empty()).with(page), LINKS)
                        .toString())
                .isEqualTo("{\"success\":true,\"url\":\"u\",\"title\":\"t\",\"snapshot\":\"s\",\"pageId\":\"p\"}");
        assertThat(ShownJson.write(
                                new ActionReply.SnapshotResult("u", "t", "s", Optional.of("{\"role\":\"document\"}"))
                                        .with(page),
                                LINKS)
                        .toString())
                .contains("\"tree\":{\"role\":\"document\"}");
    }

    /** An allow-list: neither what was entered, nor cookies, nor what sites have stored. */
    @Test
    void theActionLogShowsNoSecretsOfArguments() {
        ProtocolSamples.ALL.stream()
                .filter(Action.class::isInstance)
                .map(Action.class::cast)
                .filter(action -> !(action instanceof TaskNote))
                .forEach(action -> {
                    Map<String, Object> logged = Verbs.of(action).logged(action);
                    assertThat(logged)
                            .doesNotContainKeys(
                                    "timeout", "text", "value", "promptText", "origins", "body", "bodyBase64");
                    // What a site has stored, a mocked body, and the value of a header.
                    assertThat(new JsonObject(logged).encode()).doesNotContain("s3cret", "eA==", "image/png");
                });
    }
}
