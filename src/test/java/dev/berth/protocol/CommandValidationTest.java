package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.protocol.ArtifactEntry.UploadedFile;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Invalid values are refused when a record is made, also when it is decoded from another node. */
class CommandValidationTest {
    private static final Object ABSENT = new Object();
    /** Collections that are absent where they are empty. */
    private static final Set<String> NEW = Set.of(
            "SessionOptions.headers",
            "SessionOptions.httpCredentials",
            "SessionOptions.blockedDomains",
            "SessionOptions.proxy",
            "SessionOptions.retention",
            "SessionOptions.extensions",
            "ExecuteTask.metadata");

    /** The name by which clients know a component. */
    private static String known(Record record, String name) {
        return record instanceof SessionOptions ? "options." + name : name;
    }

    private static Stream<Record> records() {
        return Stream.concat(
                ProtocolSamples.commands(),
                Stream.of(
                        ProtocolSamples.ACTION,
                        ProtocolSamples.ARTIFACT,
                        ProtocolSamples.COOKIE,
                        ProtocolSamples.OPTIONS,
                        ProtocolSamples.ROUTE,
                        new UploadedFile("a.txt", ProtocolSamples.ARTIFACT)));
    }

    /** Each component of every record that is a command, or a part of one. */
    static Stream<Arguments> components() {
        return records()
                .flatMap(record -> IntStream.range(0, record.getClass().getRecordComponents().length)
                        .mapToObj(i -> Arguments.of(
                                record,
                                i,
                                record.getClass().getRecordComponents()[i].getName())));
    }

    private static Object[] values(Record record) throws ReflectiveOperationException {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = components[i].getAccessor().invoke(record);
        }
        return values;
    }

    private static void make(Class<?> type, Object... values) throws Throwable {
        try {
            type.getDeclaredConstructor(Stream.of(type.getRecordComponents())
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new))
                    .newInstance(values);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    static void requireRefused(ThrowingCallable making, String named) {
        assertThatThrownBy(making)
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining(named)
                .hasMessageNotContaining("Exception")
                .hasMessageNotContaining("dev.berth");
    }

    @ParameterizedTest
    @MethodSource("components")
    void aRecordRefusesNull(Record record, int component, String name) throws Exception {
        Class<?> type = record.getClass().getRecordComponents()[component].getType();
        if (!type.isPrimitive() && !NEW.contains(record.getClass().getSimpleName() + "." + name)) {
            Object[] values = values(record);
            values[component] = null;
            requireRefused(() -> make(record.getClass(), values), known(record, name) + " is missing");
        }
    }

    @ParameterizedTest
    @MethodSource("components")
    void aRecordRefusesACollectionWithNull(Record record, int component, String name) throws Exception {
        Class<?> type = record.getClass().getRecordComponents()[component].getType();
        Optional<Object> holed = type == List.class
                ? Optional.of(Arrays.asList(new Object[] {null}))
                : type == Set.class ? Optional.of(new HashSet<>(Arrays.asList(new Object[] {null}))) : Optional.empty();
        if (holed.isPresent()) {
            Object[] values = values(record);
            values[component] = holed.get();
            requireRefused(() -> make(record.getClass(), values), name + " must not contain null");
        }
    }

    @Test
    void labelsHaveNoNull() {
        Map<String, String> labels = new HashMap<>();
        labels.put("key", null);
        requireRefused(
                () -> new CreateSession(
                        SessionId.random(), 1, Optional.empty(), ProtocolSamples.OPTIONS, labels, Optional.empty()),
                "metadata must not contain null");
    }

    private static Stream<Arguments> commandComponents() {
        return components()
                .filter(each -> each.get()[0] instanceof SessionCommand || each.get()[0] instanceof NodeCommand);
    }

    /** As a node of another version, or a handwritten message, may send it. */
    @ParameterizedTest
    @MethodSource("commandComponents")
    void aCommandFromAnotherNodeIsDecodedOrRefused(Record command, int component, String name) {
        for (Object wrong : new Object[] {null, ABSENT, 7, "wrong", true, List.of(), Map.of(), List.of(List.of())}) {
            ObjectNode json = ProtocolJson.MAPPER.valueToTree(command);
            if (wrong == ABSENT) {
                json.remove(name);
            } else {
                json.set(name, ProtocolJson.MAPPER.valueToTree(wrong));
            }
            try {
                assertThat(decode(command.getClass(), json.toString())).isInstanceOf(command.getClass());
            } catch (BerthException e) {
                assertThat(e.code()).isIn(ErrorCode.INVALID_ARGUMENT, ErrorCode.NOT_READY);
                assertThat(e.getMessage())
                        .containsAnyOf(
                                known(command, name),
                                "scale",
                                "objectId",
                                "Idempotency-Key",
                                "position",
                                "modifiers",
                                "width",
                                "url",
                                "comes from another version")
                        .doesNotContain("Exception")
                        .doesNotContain("dev.berth");
            }
        }
    }

    private static Object decode(Class<?> type, String json) {
        Buffer message = Buffer.buffer(json);
        return RecordCodec.of(type)
                .decodeFromWire(0, Buffer.buffer().appendInt(message.length()).appendBuffer(message));
    }
}
