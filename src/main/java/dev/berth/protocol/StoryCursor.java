package dev.berth.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How far somebody has heard a session's story: for each kind the offset from which it goes on. An offset may lie beyond the end of
 * its kind, where a server was killed before it kept what it had told: then the story goes on with what follows.
 */
public final class StoryCursor {
    /** Before the first entry of each kind. */
    public static final StoryCursor START =
            new StoryCursor(Stream.of(StoryKind.values()).map(kind -> 0L).toList());

    private static final Pattern SHAPE =
            Pattern.compile("\\d{1,15}(\\.\\d{1,15}){" + (StoryKind.values().length - 1) + "}");

    /** In the order of the kinds. */
    private final List<Long> next;

    private StoryCursor(List<Long> next) {
        this.next = List.copyOf(next);
    }

    /** What {@link #toString} gave; empty where {@code text} is something else. */
    public static Optional<StoryCursor> parse(String text) {
        return SHAPE.matcher(text).matches()
                ? Optional.of(new StoryCursor(
                        Stream.of(text.split("\\.")).map(Long::valueOf).toList()))
                : Optional.empty();
    }

    /** The offset from which it goes on. */
    public long next(StoryKind kind) {
        return next.get(kind.ordinal());
    }

    /** Whether it has heard this. */
    public boolean isPast(SessionEvent event) {
        return event.offset() < next(event.kind());
    }

    /** The same, where this was heard too. */
    public StoryCursor after(SessionEvent event) {
        long count = event instanceof SessionEvent.LogAppended log ? log.lines().count() : 1;
        return with(event.kind(), event.offset() + count);
    }

    /** The same, where the entries of a kind before {@code offset} were heard; it never goes back. */
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
    public String toString() {
        return next.stream().map(String::valueOf).collect(Collectors.joining("."));
    }
}
