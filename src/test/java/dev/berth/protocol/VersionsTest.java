package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.ConsoleEntry.ConsoleLevel;
import dev.berth.protocol.SessionEvent.ActionPerformed;
import dev.berth.protocol.SessionEvent.ArtifactKept;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.UsageSample.Traffic;
import dev.berth.protocol.VerbChoices.WaitUntil;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What only a newer version says is read: the rule is in the Javadoc of {@code dev.berth.protocol}. */
class VersionsTest {
    private static final String NEWER = "from-a-newer-version";

    private static Stream<Record> samples() {
        return ProtocolSamples.ALL.stream();
    }

    private static ObjectNode json(Record message) {
        return ProtocolJson.MAPPER.valueToTree(message);
    }

    private static <T> T read(Class<T> type, JsonNode json) {
        byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
        return RecordCodec.of(type)
                .decodeFromWire(0, Buffer.buffer().appendInt(text.length).appendBytes(text));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void anUnknownFieldIsIgnored(Record sample) {
        ObjectNode json = json(sample);
        json.putArray(NEWER).add(1);
        assertThat(read(sample.getClass(), json)).isEqualTo(sample);
    }

    @Test
    void anUnknownConstantIsUnknown() {
        ObjectNode ended = json(new SessionEnded(
                ProtocolSamples.ID, SessionStatus.FAILED, EndReason.CLIENT, ProtocolSamples.AT, new Traffic(1, 2, 3)));
        assertThat(read(SessionEnded.class, ended.put("reason", NEWER)).reason())
                .isEqualTo(EndReason.UNKNOWN);
        ended.remove("traffic");
        assertThat(read(SessionEnded.class, ended).traffic()).isEqualTo(Traffic.NONE);
        ObjectNode performed = json(new ActionPerformed(ProtocolSamples.ID, 0, ProtocolSamples.ACTION));
        ((ObjectNode) performed.get("action")).put("source", NEWER);
        assertThat(read(ActionPerformed.class, performed).action().source()).isEqualTo(ActionSource.UNKNOWN);
        ObjectNode kept = json(new ArtifactKept(ProtocolSamples.ID, 0, ProtocolSamples.ARTIFACT));
        ((ObjectNode) kept.get("artifact")).put("type", NEWER).put("state", NEWER);
        ArtifactEntry artifact = read(ArtifactKept.class, kept).artifact();
        assertThat(artifact.type()).isEqualTo(ArtifactType.UNKNOWN);
        assertThat(artifact.state()).isEqualTo(ArtifactState.UNKNOWN);
    }

    @Test
    void soItIsInLogsRowsAndHeaders() {
        byte[] line = LogLines.line(json(ProtocolSamples.CONSOLE).put("level", NEWER));
        assertThat(LogLines.of(List.of(line)).as(ConsoleEntry.class))
                .singleElement()
                .satisfies(entry -> assertThat(entry.level()).isEqualTo(ConsoleLevel.LOG));
        assertThat(ProtocolJson.constant(EndReason.class, NEWER)).isEqualTo(EndReason.UNKNOWN);
        assertThat(Envelope.of(MultiMap.caseInsensitiveMultiMap().add("source", NEWER))
                        .source())
                .isEqualTo(ActionSource.UNKNOWN);
    }

    @Test
    void whatHasNoSuchConstantCantBeRead() {
        assertThatThrownBy(() -> read(
                        PageAction.Reload.class,
                        json(new PageAction.Reload(WaitUntil.LOAD, 1)).put("waitUntil", NEWER)))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY))
                .hasMessage("Reload comes from another version of Berth and can't be read by this node");
        assertThatIllegalArgumentException().isThrownBy(() -> ProtocolJson.constant(SessionStatus.class, NEWER));
    }
}
