package dev.berth.session;

import dev.berth.protocol.SessionId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The places of a node, and the queue of its sessions for them: who was created first is first, also where it came from another node.
 * A free place is not given to a session that waits here while another node has one that has waited longer: that one is fetched.
 * {@link #enter} and tickets may be used on any thread, the rest on the context that made this.
 */
final class Admission {
    private static final Comparator<Ticket> BY_AGE =
            Comparator.<Ticket, Instant>comparing(ticket -> ticket.since).thenComparing(ticket -> ticket.number);

    private final Vertx vertx;
    private final Context context;
    private final Others others;
    /** Accessed on the context only, like what follows. */
    private final TreeSet<Ticket> waiting = new TreeSet<>(BY_AGE);

    private int free;
    private boolean fetching;
    private long entered;
    private volatile int queued;

    /** The sessions that wait on other nodes. */
    interface Others {
        /** Nobody else has any. */
        Others NONE = new Others() {
            @Override
            public boolean haveOlder(Optional<Instant> than) {
                return false;
            }

            @Override
            public Future<?> fetchOldest(Optional<Instant> olderThan) {
                return Future.succeededFuture();
            }
        };

        /** Whether one is known that was created before {@code than}; absent for any. */
        boolean haveOlder(Optional<Instant> than);

        /** The queue here has changed. */
        default void queueChanged() {}

        /** Brings the oldest here: completes in bounded time, once it is in the queue. Fails, or brings none, where it can't be had. */
        Future<?> fetchOldest(Optional<Instant> olderThan);
    }

    Admission(Vertx vertx, int places, Others others) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.free = places;
        this.others = others;
    }

    /** The number of waiting tickets. */
    int queued() {
        return queued;
    }

    /**
     * @param since when the session was created
     * @param onPosition receives, on the caller's context, how many must leave before this one gets a place, whenever
     *     that changes
     */
    Ticket enter(SessionId id, Instant since, IntConsumer onPosition) {
        Ticket ticket = new Ticket(id, since, vertx.getOrCreateContext(), onPosition);
        context.runOnContext(ignored -> admit(ticket));
        return ticket;
    }

    /** A request for a place, or a place that is held. */
    final class Ticket {
        private final SessionId id;
        private final Instant since;
        private final Context owner;
        private final IntConsumer onPosition;
        private final Promise<Void> placed = Promise.promise();
        private boolean has;
        private boolean left;
        private boolean aside;
        private int position;
        /** Of those that were created at the same time, the first that came here is first. */
        private long number;

        private Ticket(SessionId id, Instant since, Context owner, IntConsumer onPosition) {
            this.id = id;
            this.since = since;
            this.owner = owner;
            this.onPosition = onPosition;
        }

        SessionId id() {
            return id;
        }

        /** Completes when the place is granted; fails if the ticket leaves first. */
        Future<Void> placed() {
            return placed.future();
        }

        /** Gives the place, or the request for one, back. Idempotent. */
        void leave() {
            context.runOnContext(ignored -> Admission.this.leave(this));
        }

        /** Ends {@link #setAside}: it waits again, where it would be otherwise. */
        void takeBack() {
            aside = false;
            settle();
        }

        private void tell(int now) {
            if (position != now) {
                position = now;
                owner.runOnContext(ignored -> onPosition.accept(now));
            }
        }

        private void place() {
            has = true;
            owner.runOnContext(ignored -> placed.tryComplete());
        }
    }

    private void admit(Ticket ticket) {
        if (!ticket.left) {
            ticket.number = entered++;
            waiting.add(ticket);
            settle();
        }
    }

    private void leave(Ticket ticket) {
        if (ticket.left) {
            return;
        }
        ticket.left = true;
        if (ticket.has) {
            free++;
        } else {
            waiting.remove(ticket);
            ticket.owner.runOnContext(ignored -> ticket.placed.tryFail("it left the queue"));
        }
        settle();
    }

    /** Gives the free places away: to be called also when more is known of the others. One session at a time is fetched. */
    void settle() {
        while (free > 0 && !fetching) {
            Optional<Ticket> next = present().findFirst();
            Optional<Instant> than = next.map(ticket -> ticket.since);
            if (others.haveOlder(than)) {
                fetch(than);
            } else if (next.isPresent()) {
                free--;
                waiting.remove(next.get());
                next.get().place();
            } else {
                break;
            }
        }
        tellPositions();
    }

    private void fetch(Optional<Instant> than) {
        fetching = true;
        others.fetchOldest(than)
                .onComplete(over -> context.runOnContext(ignored -> {
                    fetching = false;
                    settle();
                }));
    }

    /** When the one was created that has waited longest, of those that {@code which} accepts and that have no place in sight. */
    Optional<Instant> oldestSince(Predicate<SessionId> which) {
        return oldestWithoutPlace(which).map(ticket -> ticket.since);
    }

    /**
     * The oldest of those that {@code which} accepts gets no place until it is taken back.
     *
     * @param before only one that was created before this; absent for any
     */
    Optional<Ticket> setAside(Optional<Instant> before, Predicate<SessionId> which) {
        Optional<Ticket> oldest =
                oldestWithoutPlace(which).filter(ticket -> before.isEmpty() || ticket.since.isBefore(before.get()));
        oldest.ifPresent(ticket -> ticket.aside = true);
        return oldest;
    }

    /** While one is fetched, places are free for the first ones: two nodes would hand those to and fro. */
    private Optional<Ticket> oldestWithoutPlace(Predicate<SessionId> which) {
        return present().skip(free).filter(ticket -> which.test(ticket.id)).findFirst();
    }

    private Stream<Ticket> present() {
        return waiting.stream().filter(ticket -> !ticket.aside);
    }

    private void tellPositions() {
        queued = waiting.size();
        others.queueChanged();
        int position = 1;
        for (Ticket ticket : waiting) {
            ticket.tell(position++);
        }
    }
}
