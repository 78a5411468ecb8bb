package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A reader's position in a session's story: for each kind the offset to go on from. An offset may be beyond the end of its
 * kind, where a server was killed before it stored what it had published: then the story goes on with the entries that follow.
 */
public final class StoryCursor {
    /** The cursor before the first entry of each kind. */
    public static final StoryCursor START =
            new StoryCursor(Stream.of(StoryKind.values()).map(kind -> 0L).toList());

    private static final Pattern SHAPE =
            Pattern.compile("\\d{1,15}(\\.\\d{1,15}){" + (StoryKind.values().length - 1) + "}");

    /** The next offset of each kind, by the kind's ordinal. */
    private final List<Long> next;

    private StoryCursor(List<Long> next) {
        this.next = List.copyOf(next);
    }

    /** Parses the result of {@link #toString}; empty where {@code text} is something else. */
    public static Optional<StoryCursor> parse(String text) {
        return SHAPE.matcher(text).matches()
                ? Optional.of(new StoryCursor(
                        Stream.of(text.split("\\.")).map(Long::valueOf).toList()))
                : Optional.empty();
    }

    @JsonCreator
    static StoryCursor of(String text) {
        return parse(Require.present("cursor", text))
                .orElseThrow(() -> BerthException.invalid(
                        "cursor must be " + StoryKind.values().length + " offsets with dots between them"));
    }

    /** The offset from which to go on. */
    public long next(StoryKind kind) {
        return next.get(kind.ordinal());
    }

    /** Whether the reader has had this event. */
    public boolean isPast(SessionEvent event) {
        return event.offset() < next(event.kind());
    }

    /** The position after this event. */
    public StoryCursor after(SessionEvent event) {
        long count = event instanceof SessionEvent.LogAppended log ? log.lines().count() : 1;
        return with(event.kind(), event.offset() + count);
    }

    /** The position after the entries of a kind before {@code offset}. It never moves back. */
    public StoryCursor with(StoryKind kind, long offset) {
        List<Long> moved = new ArrayList<>(next);
        moved.set(kind.ordinal(), Math.max(offset, next(kind)));
        return new StoryCursor(moved);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoryCursor cursor && next.equals(cursor.next);
    }

    @Override
    public int hashCode() {
        return next.hashCode();
    }

    @Override
    @JsonValue
    public String toString() {
        return next.stream().map(String::valueOf).collect(Collectors.joining("."));
    }

    /** The kinds of entries in a session's story. */
    public enum StoryKind {
        /** Created, started, ended. */
        STATUS,
        NAVIGATION,
        ACTION,
        CONSOLE,
        NETWORK,
        ARTIFACT;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
