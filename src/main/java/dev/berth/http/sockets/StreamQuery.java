package dev.berth.http.sockets;

import dev.berth.http.request.QueryParameters;
import dev.berth.http.request.Validation;
import dev.berth.protocol.StoryCursor;
import dev.berth.protocol.StoryCursor.StoryKind;
import io.vertx.core.http.HttpServerRequest;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The parameters of a request for a stream of events. */
record StreamQuery(HttpServerRequest request, QueryParameters query) {
    private static final String BEGINNING = "0";
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    /** The kinds that are wanted: all where none is named. */
    Set<StoryKind> kinds() {
        Set<StoryKind> kinds = EnumSet.allOf(StoryKind.class);
        query.text("kinds")
                .map(given -> List.of(given.split(",")))
                .ifPresent(names -> kinds.removeIf(kind -> !names.contains(kind.wireName())));
        return kinds;
    }

    /** The cursor from which to go on in a session's story; empty for now. */
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
        return Stream.of(Optional.ofNullable(request.getHeader("Last-Event-ID")), query.text("lastEventId"))
                .flatMap(Optional::stream)
                .filter(id -> !id.isEmpty())
                .findFirst();
    }
}
