package dev.berth.session;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntConsumer;

/** The places of a node, and a first-come, first-served queue for them. Thread-safe. */
final class Admission {
    private final Vertx vertx;
    private final Context context;
    /** Accessed on the context only, like {@code free}. */
    private final Deque<Ticket> waiting = new ArrayDeque<>();

    private int free;
    private volatile int queued;

    Admission(Vertx vertx, int places) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.free = places;
    }

    /** The number of waiting tickets. */
    int queued() {
        return queued;
    }

    /**
     * @param onPosition receives, on the caller's context, how many must leave before this one gets a place, whenever
     *     that changes
     */
    Ticket enter(IntConsumer onPosition) {
        Ticket ticket = new Ticket(vertx.getOrCreateContext(), onPosition);
        context.runOnContext(ignored -> admit(ticket));
        return ticket;
    }

    /** A request for a place, or a place that is held. */
    final class Ticket {
        private final Context owner;
        private final IntConsumer onPosition;
        private final Promise<Void> placed = Promise.promise();
        private boolean has;
        private boolean left;

        private Ticket(Context owner, IntConsumer onPosition) {
            this.owner = owner;
            this.onPosition = onPosition;
        }

        /** Completes when the place is granted; fails if the ticket leaves first. */
        Future<Void> placed() {
            return placed.future();
        }

        /** Gives the place, or the request for one, back. Idempotent. */
        void leave() {
            context.runOnContext(ignored -> Admission.this.leave(this));
        }

        private void tell(int position) {
            owner.runOnContext(ignored -> onPosition.accept(position));
        }

        private void place() {
            has = true;
            owner.runOnContext(ignored -> placed.tryComplete());
        }
    }

    private void admit(Ticket ticket) {
        if (ticket.left) {
            return;
        }
        if (free > 0) {
            free--;
            ticket.place();
        } else {
            waiting.add(ticket);
            tellPositions();
        }
    }

    private void leave(Ticket ticket) {
        if (ticket.left) {
            return;
        }
        ticket.left = true;
        if (!ticket.has) {
            waiting.remove(ticket);
            ticket.owner.runOnContext(ignored -> ticket.placed.tryFail("it left the queue"));
        } else if (waiting.isEmpty()) {
            free++;
        } else {
            waiting.remove().place();
        }
        tellPositions();
    }

    private void tellPositions() {
        queued = waiting.size();
        int position = 1;
        for (Ticket ticket : waiting) {
            ticket.tell(position++);
        }
    }
}
