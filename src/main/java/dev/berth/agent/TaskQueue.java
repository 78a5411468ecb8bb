package dev.berth.agent;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.TaskId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Which tasks of a node run, and which wait for a place: the users take turns. */
final class TaskQueue {
    static final int MAX_WAITING = 100;
    static final int MAX_WAITING_OF_USER = 20;

    private final int places;
    private final int placesOfUser;
    private final Map<TaskId, Long> running = new LinkedHashMap<>();
    private final Map<TaskId, Long> waiting = new LinkedHashMap<>();

    /** One user can't take all places, unless there is only one. */
    TaskQueue(int places) {
        this.places = places;
        this.placesOfUser = Math.max(1, places / 2);
    }

    /** Gives the task a place, or lets it wait for one; fails where too many do. Tells whether it has one. */
    boolean enter(TaskId id, long user) {
        if (hasPlaceFor(user)) {
            running.put(id, user);
            return true;
        }
        if (waiting.size() >= MAX_WAITING || countOf(waiting, user) >= MAX_WAITING_OF_USER) {
            throw new BerthException(
                    ErrorCode.LIMIT_REACHED,
                    running.size() + " tasks run on this node, and " + waiting.size() + " wait, of which "
                            + countOf(waiting, user) + " are yours");
        }
        waiting.put(id, user);
        return false;
    }

    /** Gives its place, if it had one, to a task that waits: to the oldest of the user with the fewest running ones. */
    Optional<TaskId> leave(TaskId id) {
        running.remove(id);
        waiting.remove(id);
        Optional<TaskId> next = waiting.entrySet().stream()
                .filter(each -> hasPlaceFor(each.getValue()))
                .min(Comparator.comparingLong(each -> countOf(running, each.getValue())))
                .map(Map.Entry::getKey);
        next.ifPresent(placed -> running.put(placed, waiting.remove(placed)));
        return next;
    }

    private boolean hasPlaceFor(long user) {
        return running.size() < places && countOf(running, user) < placesOfUser;
    }

    private static long countOf(Map<TaskId, Long> tasks, long user) {
        return tasks.values().stream().filter(owner -> owner == user).count();
    }
}
