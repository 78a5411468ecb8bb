package dev.berth.agent.machine;

import dev.berth.protocol.Cost;

/**
 * What a task's model has cost.
 *
 * @param spent all of it
 * @param unbilled the part that no action of the session has in its cost yet
 */
public record Spending(Cost spent, Cost unbilled) {
    static final Spending NONE = new Spending(Cost.NONE, Cost.NONE);

    Spending plus(Cost cost) {
        return new Spending(spent.plus(cost), unbilled.plus(cost));
    }

    Spending billed() {
        return new Spending(spent, Cost.NONE);
    }
}
