package dev.berth.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.berth.agent.machine.Replay;
import dev.berth.protocol.ProtocolJson;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Recorded steps as JSON. */
final class Replays {
    private static final Logger log = LoggerFactory.getLogger(Replays.class);

    private Replays() {}

    static JsonObject write(Replay replay) {
        try {
            return new JsonObject(ProtocolJson.MAPPER.writeValueAsString(replay));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("steps can't be written", e);
        }
    }

    /** Empty for those of a version that wrote them in another way: the model does the task. */
    static Optional<Replay> read(JsonObject json) {
        try {
            return Optional.of(ProtocolJson.MAPPER.readValue(json.encode(), Replay.class))
                    .filter(replay -> !replay.steps().isEmpty());
        } catch (JsonProcessingException | RuntimeException e) {
            log.info("recorded steps can't be read, and are not used: {}", e.getMessage());
            return Optional.empty();
        }
    }
}
