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

    private static final int KINDS = StoryKind.values().length;
    /** The kinds that a cursor of an earlier version has. One before any entry of the others is written as that version does. */
    private static final int EARLIER_KINDS = StoryKind.ARTIFACT.ordinal() + 1;

    private static final Pattern SHAPE =
            Pattern.compile("\\d{1,15}(\\.\\d{1,15}){" + (EARLIER_KINDS - 1) + "," + (KINDS - 1) + "}");

    /** The next offset of each kind, by the kind's ordinal. */
    private final List<Long> next;

    private StoryCursor(List<Long> next) {
        this.next = List.copyOf(next);
    }

    /** Parses the result of {@link #toString}; empty where {@code text} is something else. */
    public static Optional<StoryCursor> parse(String text) {
        return SHAPE.matcher(text).matches()
                ? Optional.of(new StoryCursor(
                        Stream.concat(Stream.of(text.split("\\.")).map(Long::valueOf), Stream.generate(() -> 0L))
                                .limit(KINDS)
                                .toList()))
                : Optional.empty();
    }

    @JsonCreator
    static StoryCursor of(String text) {
        return parse(Require.present("cursor", text))
                .orElseThrow(() -> BerthException.invalid(
                        "cursor must be " + EARLIER_KINDS + " to " + KINDS + " offsets with dots between them"));
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
        int told = KINDS;
        while (told > EARLIER_KINDS && next.get(told - 1) == 0) {
            told--;
        }
        return next.stream().limit(told).map(String::valueOf).collect(Collectors.joining("."));
    }

    /** The kinds of entries in a session's story. */
    public enum StoryKind {
        /** Created, started, ended. */
        STATUS,
        NAVIGATION,
        ACTION,
        CONSOLE,
        NETWORK,
        ARTIFACT,
        /** Changes of what a client says of the session. */
        UPDATE,
        /** Steps that a client reports. */
        STEP;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
