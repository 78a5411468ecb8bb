package dev.berth.retention;

import dev.berth.artifact.ArtifactStore.Listed;
import dev.berth.artifact.NewArtifact;
import dev.berth.history.retention.Garbage;
import dev.berth.history.retention.References;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the object store with Postgres, a 256th of the sessions and a 16th of the profiles at a time, so that it needs little memory and a store that looks at all
 * objects for a listing looks at few. An object that is younger than a week may be about to be listed, and counts as no orphan.
 * Thread-safe.
 */
public final class Reconciler {
    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);
    /** The row of a younger object may still be in the journal of a node that is down. */
    private static final Duration GROWN = Duration.ofDays(7);
    /** Parts of the sessions' objects, by the first two digits of the sessions' ids. */
    private static final int SESSIONS = 256;
    /** Parts of the profiles' objects, by the first digit of their keys. */
    private static final int PROFILES = 16;

    private static final int OBJECTS = 1_000;
    private static final int EXAMPLES = 20;

    private final References references;
    private final Garbage garbage;
    private final Listing objects;
    private final Supplier<Instant> clock;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile Optional<Report> last = Optional.empty();

    /** Lists the objects whose keys begin with {@code prefix} and come after {@code after}, in order, at most {@code limit}. */
    interface Listing {
        Future<List<Listed>> list(String prefix, String after, int limit);
    }

    Reconciler(References references, Garbage garbage, Listing objects, Supplier<Instant> clock) {
        this.references = references;
        this.garbage = garbage;
        this.objects = objects;
        this.clock = clock;
    }

    /**
     * The result of a comparison.
     *
     * @param objects how many there are in the object store
     * @param objectsWithoutRow of them, those that Postgres does not know
     * @param bytesWithoutRow their size
     * @param rowsWithoutObject how many objects Postgres knows that the object store does not have
     * @param removed how many objects without a row are being deleted
     * @param examples some keys of both kinds
     */
    public record Report(
            Instant at,
            long objects,
            long objectsWithoutRow,
            long bytesWithoutRow,
            long rowsWithoutObject,
            long removed,
            List<String> examples) {
        public Report {
            examples = List.copyOf(examples);
        }

        private Report with(long seen, List<Listed> strays, List<String> missing, boolean remove) {
            List<String> some = new ArrayList<>(examples);
            strays.forEach(stray -> some.add(stray.key()));
            some.addAll(missing);
            return new Report(
                    at,
                    objects + seen,
                    objectsWithoutRow + strays.size(),
                    bytesWithoutRow + strays.stream().mapToLong(Listed::bytes).sum(),
                    rowsWithoutObject + missing.size(),
                    removed + (remove ? strays.size() : 0),
                    some.subList(0, Math.min(EXAMPLES, some.size())));
        }
    }

    /** The newest report of this node. */
    Optional<Report> last() {
        return last;
    }

    /**
     * Compares all. Fails with {@link ErrorCode#CONFLICT} while another comparison of this node runs.
     *
     * @param remove whether objects without a row become garbage
     */
    public Future<Report> run(boolean remove) {
        if (!running.compareAndSet(false, true)) {
            return Future.failedFuture(new BerthException(
                    ErrorCode.CONFLICT, "this node is already comparing the object store with Postgres"));
        }
        Promise<Report> done = Promise.promise();
        next(parts().iterator(), remove, new Report(clock.get(), 0, 0, 0, 0, 0, List.of()), done);
        return done.future().onSuccess(this::tell).onComplete(over -> running.set(false));
    }

    private void tell(Report report) {
        last = Optional.of(report);
        if (report.objectsWithoutRow() + report.rowsWithoutObject() > 0) {
            log.warn(
                    "of {} objects in the object store, Postgres does not know {} ({} bytes), of which {} are being deleted; the store lacks {}"
                            + " that Postgres knows; for example: {}",
                    report.objects(),
                    report.objectsWithoutRow(),
                    report.bytesWithoutRow(),
                    report.removed(),
                    report.rowsWithoutObject(),
                    report.examples());
        } else {
            log.info("the object store and Postgres agree on {} objects", report.objects());
        }
    }

    private void next(Iterator<Part> parts, boolean remove, Report before, Promise<Report> done) {
        if (!parts.hasNext()) {
            done.complete(before);
            return;
        }
        compare(parts.next(), remove, before)
                .onFailure(done::fail)
                .onSuccess(report -> next(parts, remove, report, done));
    }

    /**
     * A part of the objects, which is compared at once.
     *
     * @param prefix of their keys
     * @param rows gives the keys that Postgres has of them
     */
    private record Part(String prefix, Supplier<Future<List<String>>> rows) {}

    private Stream<Part> parts() {
        return Stream.concat(
                IntStream.range(0, SESSIONS).mapToObj(i -> {
                    String from = "session-%02x".formatted(i);
                    String to = i == SESSIONS - 1 ? "session-g" : "session-%02x".formatted(i + 1);
                    return new Part(NewArtifact.FOLDER + from, () -> references.ofSessions(from, to));
                }),
                IntStream.range(0, PROFILES).mapToObj(i -> {
                    String from = NewArtifact.PROFILES + "%x".formatted(i);
                    String to = NewArtifact.PROFILES + (i == PROFILES - 1 ? "g" : "%x".formatted(i + 1));
                    return new Part(from, () -> references.ofProfiles(from, to));
                }));
    }

    private Future<Report> compare(Part part, boolean remove, Report before) {
        return part.rows.get().compose(rows -> {
            Promise<Found> listed = Promise.promise();
            list(
                    part.prefix,
                    part.prefix,
                    new Found(new HashSet<>(rows), clock.get().minus(GROWN)),
                    listed);
            return listed.future().compose(found -> settle(found, remove, before));
        });
    }

    /** The comparison of a part. Starts with the keys that Postgres has; those that are left at the end, the object store lacks. */
    private static final class Found {
        private final Set<String> missing;
        private final Instant grown;
        private final List<Listed> strays = new ArrayList<>();
        private long seen;

        Found(Set<String> rows, Instant grown) {
            this.missing = rows;
            this.grown = grown;
        }

        void take(Listed object) {
            seen++;
            if (!missing.remove(object.key()) && object.storedAt().isBefore(grown)) {
                strays.add(object);
            }
        }
    }

    private void list(String prefix, String after, Found found, Promise<Found> done) {
        objects.list(prefix, after, OBJECTS).onFailure(done::fail).onSuccess(some -> {
            some.forEach(found::take);
            if (some.size() == OBJECTS) {
                list(prefix, some.get(OBJECTS - 1).key(), found, done);
            } else {
                done.complete(found);
            }
        });
    }

    /** Asks Postgres again for each difference: since the rows were read, objects were stored, and others deleted. */
    private Future<Report> settle(Found found, boolean remove, Report before) {
        List<String> strayKeys = found.strays.stream().map(Listed::key).toList();
        return references
                .known(strayKeys, true)
                .compose(known -> references.known(found.missing, false).compose(missing -> {
                    List<Listed> strays = found.strays.stream()
                            .filter(stray -> !known.contains(stray.key()))
                            .toList();
                    Future<Void> removed = remove && !strays.isEmpty()
                            ? garbage.add(strays.stream().map(Listed::key).toList())
                            : Future.succeededFuture();
                    return removed.map(before.with(found.seen, strays, List.copyOf(missing), remove));
                }));
    }
}
