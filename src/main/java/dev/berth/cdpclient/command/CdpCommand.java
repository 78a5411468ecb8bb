package dev.berth.cdpclient.command;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A client's command, with the fields that policy and action log look at.
 *
 * @param id as Chrome reads it: other numbers are no ids
 * @param params those that are a text, a number, a boolean or a list of texts
 */
public record CdpCommand(OptionalLong id, String method, Optional<String> sessionId, Map<String, Object> params) {
    public CdpCommand {
        // Not Map.copyOf: it compares each key with all that collide, and a client can choose colliding keys.
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
    }

    Optional<String> text(String param) {
        return Optional.ofNullable(params.get(param))
                .filter(String.class::isInstance)
                .map(String.class::cast);
    }

    Optional<Number> number(String param) {
        return Optional.ofNullable(params.get(param))
                .filter(Number.class::isInstance)
                .map(Number.class::cast);
    }

    /** The texts of a list parameter; empty where it is no list. */
    List<String> texts(String param) {
        return params.get(param) instanceof List<?> list
                ? list.stream().map(String.class::cast).toList()
                : List.of();
    }
}
