package dev.berth.http.request;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The query parameters of a request, as {@link ContractParameters} has read them. */
public record QueryParameters(Map<String, Object> read) {
    public static QueryParameters of(RoutingContext ctx) {
        return ctx.get(ContractParameters.READ);
    }

    public long offset() {
        return number("offset").orElse(0L);
    }

    public int limit(int fallback) {
        return number("limit").map(Math::toIntExact).orElse(fallback);
    }

    public Optional<Long> number(String name) {
        return value(name, Long.class);
    }

    public Optional<String> text(String name) {
        return value(name, String.class);
    }

    /** A time in the form of the contract's pattern, which allows a 13th month, for example. */
    public Optional<Instant> instant(String name) {
        return text(name).map(text -> {
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException e) {
                throw Validation.invalid(name + ": must be a time such as 2026-01-02T03:04:05.006Z");
            }
        });
    }

    public boolean flag(String name) {
        return choice(name).orElse(false);
    }

    public Optional<Boolean> choice(String name) {
        return value(name, Boolean.class);
    }

    private <T> Optional<T> value(String name, Class<T> type) {
        return Optional.ofNullable(type.cast(read.get(name)));
    }

    /** The client's own labels, by their keys. */
    public Map<String, String> metadata() {
        String prefix = ContractParameters.METADATA_PREFIX;
        return read.entrySet().stream()
                .filter(given -> given.getKey().startsWith(prefix))
                .collect(Collectors.toMap(
                        given -> given.getKey().substring(prefix.length()), given -> (String) given.getValue()));
    }

    /** The parameters among {@code names} that are given. */
    JsonObject only(List<String> names) {
        JsonObject given = new JsonObject();
        names.stream().filter(read::containsKey).forEach(name -> given.put(name, read.get(name)));
        return given;
    }
}
