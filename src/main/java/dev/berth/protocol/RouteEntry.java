package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A rule of {@link AddRoute} in force, as it is listed: without values of headers, which may be secret, and without the mocked body.
 *
 * @param status of the mocked answer, as for the following two
 * @param headers their names
 * @param bodySize bytes
 * @param setHeaders their names
 * @param used how many requests it held for so far
 */
@JsonInclude(Include.NON_ABSENT)
public record RouteEntry(
        String routeId,
        String url,
        @JsonInclude(Include.NON_EMPTY) List<String> methods,
        @JsonInclude(Include.NON_EMPTY) List<ResourceType> types,
        RouteAction action,
        Optional<Integer> status,
        @JsonInclude(Include.NON_EMPTY) List<String> headers,
        Optional<Long> bodySize,
        @JsonInclude(Include.NON_EMPTY) List<String> setHeaders,
        @JsonInclude(Include.NON_EMPTY) List<String> removeHeaders,
        Optional<Integer> delay,
        Optional<RouteError> error,
        Optional<Integer> times,
        long used) {
    public RouteEntry {
        methods = copy(methods);
        types = copy(types);
        headers = copy(headers);
        setHeaders = copy(setHeaders);
        removeHeaders = copy(removeHeaders);
    }

    /** Empty lists are left out of JSON. */
    private static <T> List<T> copy(List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    public static RouteEntry of(String routeId, AddRoute rule, long used) {
        return new RouteEntry(
                routeId,
                rule.url(),
                rule.methods(),
                rule.types(),
                rule.action(),
                rule.status(),
                names(rule.headers()),
                rule.bodyBase64().map(body -> rule.bodySize()),
                names(rule.setHeaders()),
                rule.removeHeaders(),
                rule.delay(),
                rule.error(),
                rule.times(),
                used);
    }

    private static List<String> names(Map<String, String> headers) {
        return List.copyOf(new TreeMap<>(headers).keySet());
    }
}
