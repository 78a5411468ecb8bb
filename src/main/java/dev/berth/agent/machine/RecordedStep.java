package dev.berth.agent.machine;

import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
