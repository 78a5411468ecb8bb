package dev.berth.agent.machine;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.berth.protocol.ProtocolJson;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The steps of a task that succeeded, to be done again without its model.
 *
 * @param steps that are left
 * @param whole whether they alone did the task: otherwise the model goes on after them
 * @param place where they led: see {@link ShownPage#place}
 */
public record Replay(List<RecordedStep> steps, boolean whole, String place) {
    public Replay {
        steps = List.copyOf(steps);
    }

    public JsonObject json() {
        return new JsonObject(ProtocolJson.MAPPER.valueToTree(this).toString());
    }

    /** Empty for what another version wrote in another way: the model does the task. */
    public static Optional<Replay> of(JsonObject json) {
        try {
            return Optional.of(ProtocolJson.MAPPER.readValue(json.encode(), Replay.class))
                    .filter(replay -> !replay.steps().isEmpty());
        } catch (JsonProcessingException | RuntimeException e) {
            return Optional.empty();
        }
    }

    RecordedStep step() {
        return steps.get(0);
    }

    Replay next() {
        return new Replay(steps.subList(1, steps.size()), whole, place);
    }

    /**
     * A step of a task that succeeded.
     *
     * @param arguments as the model gave them: {@code {{name}}} stands for a variable
     * @param names by argument: the selectors that stand for its element only, instead of a ref, which holds for one document
     * @param reason in the model's words
     */
    public record RecordedStep(
            String tool, Map<String, Object> arguments, Map<String, List<String>> names, Optional<String> reason) {
        public RecordedStep {
            // A model may give nulls.
            arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
            names = Map.copyOf(names);
        }

        /** The arguments with the best names of its elements. */
        public JsonObject named() {
            JsonObject named = new JsonObject(arguments).copy();
            names.forEach((argument, selectors) -> named.put(argument, selectors.get(0)));
            return named;
        }
    }
}
