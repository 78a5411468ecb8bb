package dev.berth.http.sockets;

import dev.berth.http.request.Validation;
import dev.berth.protocol.StoryCursor;
import dev.berth.protocol.StoryKind;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads what a request for a stream of events says. */
final class StreamQuery {
    private static final String LAST_ID = "lastEventId";
    private static final String KINDS = "kinds";
    private static final String BEGINNING = "0";
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    private final HttpServerRequest request;

    /** Throws {@link dev.berth.protocol.BerthException} where a parameter is unknown or repeated. */
    private StreamQuery(HttpServerRequest request, List<String> known) {
        this.request = request;
        for (String name : request.params().names()) {
            if (!known.contains(name)) {
                throw Validation.unknown(name, known);
            }
            if (request.params().getAll(name).size() > 1) {
                throw Validation.repeated(name);
            }
        }
    }

    static StreamQuery ofSession(HttpServerRequest request) {
        return new StreamQuery(request, List.of("token", KINDS, LAST_ID));
    }

    static StreamQuery ofUser(HttpServerRequest request) {
        return new StreamQuery(request, List.of("token", LAST_ID));
    }

    /** The kinds that are wanted: all where none is named. */
    Set<StoryKind> kinds() {
        String given = request.getParam(KINDS);
        return given == null
                ? EnumSet.allOf(StoryKind.class)
                : Arrays.stream(given.split(",", -1))
                        .map(StreamQuery::kind)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(StoryKind.class)));
    }

    private static StoryKind kind(String name) {
        return Stream.of(StoryKind.values())
                .filter(kind -> kind.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> Validation.invalid("kinds must be some of "
                        + Stream.of(StoryKind.values()).map(StoryKind::wireName).collect(Collectors.joining(","))
                        + ", separated by commas"));
    }

    /** Where to go on in a session's story; empty for now. */
    Optional<StoryCursor> cursor() {
        return lastId().map(id -> BEGINNING.equals(id)
                ? StoryCursor.START
                : StoryCursor.parse(id).orElseThrow(() -> invalid(StoryCursor.START.toString())));
    }

    /** The number after which to go on in a user's story; empty for now. */
    Optional<Long> number() {
        return lastId().map(id -> Optional.of(id)
                .filter(digits -> NUMBER.matcher(digits).matches())
                .map(Long::valueOf)
                .orElseThrow(() -> invalid("17")));
    }

    private static RuntimeException invalid(String example) {
        return Validation.invalid("Last-Event-ID must be the id of an event of this stream, such as " + example
                + ", or 0 for the beginning; without it the stream begins now");
    }

    /** When a browser connects again, the header is newer than the URL. */
    private Optional<String> lastId() {
        return Stream.of(request.getHeader("Last-Event-ID"), request.getParam(LAST_ID))
                .filter(id -> id != null && !id.isEmpty())
                .findFirst();
    }
}
