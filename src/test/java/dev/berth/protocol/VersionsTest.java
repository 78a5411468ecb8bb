package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.berth.protocol.Shape.Place;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Nodes of two neighbouring versions understand each other: the rule is in the Javadoc of {@code dev.berth.protocol}. */
class VersionsTest {
    private static final String NEWER = "from-a-newer-version";

    /** Messages, and entries of log chunks. */
    private static Stream<Record> samples() {
        return Stream.concat(
                ProtocolSamples.ALL.stream(),
                Stream.of(
                        ProtocolSamples.CONSOLE,
                        ProtocolSamples.BARE_CONSOLE,
                        ProtocolSamples.NETWORK,
                        ProtocolSamples.FAILED_NETWORK,
                        new BodyEntry("text/html", "<p>")));
    }

    private static JsonNode json(Record sample) {
        return ProtocolJson.MAPPER.valueToTree(sample);
    }

    private static Object read(Class<?> type, JsonNode json) {
        byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
        return Shape.ENTRIES.contains(type)
                ? LogLines.of(List.of(text)).as(type).get(0)
                : RecordCodec.of(type)
                        .decodeFromWire(
                                0, Buffer.buffer().appendInt(text.length).appendBytes(text));
    }

    private static void set(JsonNode json, JsonPointer at, JsonNode value) {
        JsonNode parent = json.at(at.head());
        if (parent instanceof ArrayNode list) {
            list.set(at.last().getMatchingIndex(), value);
        } else {
            ((ObjectNode) parent).set(at.last().getMatchingProperty(), value);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void unknownFieldsAreIgnored(Record sample) {
        JsonNode json = json(sample);
        List<Place> objects = Shape.places(json, sample.getClass())
                .filter(place -> place.type().isRecord())
                .toList();
        objects.forEach(
                place -> ((ObjectNode) json.at(place.pointer())).putArray(NEWER).add(1));
        assertThat(objects).isNotEmpty();
        assertThat(read(sample.getClass(), json)).isEqualTo(sample);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void anUnknownConstantIsRefusedInAnOrderAndReadAsUnknownWhereItIsTold(Record sample) {
        Shape.places(json(sample), sample.getClass())
                .filter(place -> place.type().isEnum())
                .forEach(place -> {
                    JsonNode json = json(sample);
                    set(json, place.pointer(), TextNode.valueOf(NEWER));
                    Optional<String> instead = unknown(place.type());
                    if (RecordCodec.isOrder(sample.getClass()) || instead.isEmpty()) {
                        assertRefused(sample.getClass(), json, place.pointer());
                    } else {
                        Object read = read(sample.getClass(), json);
                        assertThat(json((Record) read).at(place.pointer()).asText())
                                .isEqualTo(instead.get());
                    }
                });
    }

    private static void assertRefused(Class<?> type, JsonNode json, JsonPointer at) {
        assertThatThrownBy(() -> read(type, json))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY))
                .hasMessageContaining(at.toString().substring(1).replace('/', '.'))
                .hasMessageContaining("this node is of an older version");
    }

    /** What is told instead of a constant that this version does not know. */
    private static Optional<String> unknown(Class<?> type) {
        return Stream.of(type.getFields())
                .filter(field -> field.isAnnotationPresent(JsonEnumDefaultValue.class))
                .map(field -> field.getName().toLowerCase())
                .findFirst();
    }

    @Test
    void anObjectOfAnUnknownSubtypeIsLeftOutOfItsList() {
        List<Record> with = samples()
                .filter(sample -> Shape.places(json(sample), sample.getClass())
                        .anyMatch(place -> place.type().isInterface()))
                .toList();
        assertThat(with).isNotEmpty();
        for (Record sample : with) {
            JsonNode json = json(sample);
            Shape.places(json, sample.getClass())
                    .filter(place -> place.type().isInterface())
                    .toList()
                    .forEach(place -> ((ArrayNode) json.at(place.pointer()))
                            .insertObject(1)
                            .put("event", NEWER)
                            .put("offset", 1));
            assertThat(read(sample.getClass(), json)).isEqualTo(sample);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConstantIsReadByItsName(EndReason reason) {
        assertThat(Told.constant(EndReason.class, reason.wireName())).isEqualTo(reason);
    }

    @Test
    void aNameThatIsUnknownIsReadAsUnknownUnlessTheEnumIsFrozen() {
        assertThat(Told.constant(EndReason.class, NEWER)).isEqualTo(EndReason.UNKNOWN);
        assertThat(Told.constant(ConsoleLevel.class, NEWER)).isEqualTo(ConsoleLevel.LOG);
        assertThatThrownBy(() -> Told.constant(SessionStatus.class, NEWER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no SessionStatus: " + NEWER);
    }

    /** Whoever adds a line, a component or a constant, reads the rule first. */
    @Test
    void theProtocolIsThatOfTheFile() throws IOException {
        List<String> now =
                new ArrayList<>(parts(RecordCodec.messages()).map(Shape::line).toList());
        now.add(Arrays.stream(ErrorCode.values())
                .map(code -> " " + code.number())
                .reduce("ErrorCode numbers:", String::concat));
        assertThat(now)
                .as("protocol.txt of the test resources, which says what may be changed in it")
                .containsExactlyInAnyOrderElementsOf(
                        file().map(line -> line.replace("+", "")).toList());
    }

    /** An older version does not send what is new. */
    @ParameterizedTest
    @MethodSource("samples")
    void newComponentsMayBeAbsent(Record sample) throws IOException {
        List<String> lines = file().toList();
        JsonNode json = json(sample);
        Shape.places(json, sample.getClass())
                .filter(place -> place.type().isRecord())
                .toList()
                .forEach(place -> added(lines, place.type())
                        .forEach(name -> ((ObjectNode) json.at(place.pointer())).remove(name)));
        assertThat(read(sample.getClass(), json)).hasSameClassAs(sample);
    }

    private static final Pattern ADDED = Pattern.compile("\\+(\\w+):");

    private static Stream<String> added(List<String> lines, Class<?> type) {
        String start = Shape.line(type).replaceAll("\\(.*", "(");
        return lines.stream()
                .filter(line -> line.startsWith(start))
                .flatMap(line -> ADDED.matcher(line).results())
                .map(result -> result.group(1));
    }

    /** Those whose constants are told, and that have none for what is unknown. */
    @Test
    void frozenEnumsHaveTheConstantsThatTheFirstVersionHad() {
        Map<Class<?>, String> frozen = Map.of(
                SessionStatus.class, "creating running completed failed cancelled",
                TaskStatus.class, "starting pending running waiting completed failed timeout cancelled",
                StoryKind.class, "status navigation action console network artifact",
                LogKind.class, "console network bodies",
                Health.class, "healthy degraded unhealthy",
                ColorScheme.class, "light dark",
                NetworkCondition.class, "online offline slow-3g slow-4g fast-4g",
                Permission.class,
                        "geolocation notifications camera microphone clipboard-read clipboard-write storage-access"
                                + " local-fonts midi background-sync payment-handler");
        Stream<Class<?>> told = Stream.concat(
                parts(RecordCodec.messages().filter(type -> !RecordCodec.isOrder(type))),
                // A cursor has an offset for each.
                Stream.of(StoryKind.class));
        assertThat(told.filter(type -> type.isEnum() && unknown(type).isEmpty()))
                .containsExactlyInAnyOrderElementsOf(frozen.keySet());
        frozen.forEach((type, constants) -> assertThat(Shape.line(type))
                .as("a frozen enum: see the package")
                .endsWith(": " + constants));
    }

    private static Stream<Class<?>> parts(Stream<Class<?>> messages) {
        return Shape.parts(Stream.concat(messages, Shape.ENTRIES.stream()).toList()).stream();
    }

    private static Stream<String> file() throws IOException {
        try (var in = VersionsTest.class.getResourceAsStream("/protocol.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"));
        }
    }
}
