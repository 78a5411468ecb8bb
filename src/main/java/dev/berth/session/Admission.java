package dev.berth.session;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntConsumer;

/** The places of a node, and who waits for one, in the order in which they came. Any thread may call. */
final class Admission {
    private final Vertx vertx;
    private final Context context;
    /** On the context only, as {@code free}. */
    private final Deque<Ticket> waiting = new ArrayDeque<>();

    private int free;
    private volatile int queued;

    Admission(Vertx vertx, int places) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.free = places;
    }

    /** How many wait. */
    int queued() {
        return queued;
    }

    /** @param onPosition is told on the caller's context how many must leave before it gets a place, each time that changes */
    Ticket enter(IntConsumer onPosition) {
        Ticket ticket = new Ticket(vertx.getOrCreateContext(), onPosition);
        context.runOnContext(ignored -> admit(ticket));
        return ticket;
    }

    /** One who wants a place, or has one. */
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

        /** Completes when it has a place; fails where it leaves before. */
        Future<Void> placed() {
            return placed.future();
        }

        /** It needs no place, or no longer. Repeating it is harmless. */
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
