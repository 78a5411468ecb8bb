package dev.berth.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.TaskId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskQueueTest {
    private static final long ANN = 1;
    private static final long BOB = 2;
    private static final long CEM = 3;

    private final TaskQueue queue = new TaskQueue(4);

    private TaskId enter(long user, boolean placed) {
        TaskId id = TaskId.random();
        assertThat(queue.enter(id, user)).isEqualTo(placed);
        return id;
    }

    @Test
    void oneUserTakesHalfOfThePlaces() {
        enter(ANN, true);
        enter(ANN, true);
        enter(ANN, false);
        enter(BOB, true);
        enter(BOB, true);
        enter(CEM, false);
    }

    @Test
    void thereIsAPlaceForOneUserWhereThereIsOnlyOne() {
        TaskQueue single = new TaskQueue(1);
        assertThat(single.enter(TaskId.random(), ANN)).isTrue();
        assertThat(single.enter(TaskId.random(), BOB)).isFalse();
    }

    @Test
    void aPlaceGoesToTheUserWithTheFewestRunningTasks() {
        TaskId anns = enter(ANN, true);
        enter(ANN, true);
        enter(BOB, true);
        enter(BOB, true);
        TaskId another = enter(ANN, false);
        TaskId first = enter(CEM, false);
        TaskId second = enter(CEM, false);
        assertThat(queue.leave(anns)).contains(first);
        assertThat(queue.leave(first)).contains(second);
        assertThat(queue.leave(second)).contains(another);
    }

    @Test
    void aPlaceThatItsUserMayNotTakeStaysFree() {
        enter(ANN, true);
        enter(ANN, true);
        TaskId bobs = enter(BOB, true);
        enter(ANN, false);
        assertThat(queue.leave(bobs)).isEmpty();
        enter(BOB, true);
    }

    @Test
    void whoLeavesTheQueueGetsNoPlaceAnyMore() {
        TaskId running = enter(ANN, true);
        enter(ANN, true);
        TaskId waiting = enter(ANN, false);
        assertThat(queue.leave(waiting)).isEmpty();
        assertThat(queue.leave(running)).isEmpty();
    }

    @Test
    void soManyOfAUserWaitAndNoMore() {
        enter(ANN, true);
        enter(ANN, true);
        for (int i = 0; i < TaskQueue.MAX_WAITING_OF_USER; i++) {
            enter(ANN, false);
        }
        assertThatThrownBy(() -> queue.enter(TaskId.random(), ANN))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_REACHED))
                .hasMessageContaining("20 wait, of which 20 are yours");
        enter(BOB, true);
    }

    @Test
    void soManyWaitAltogetherAndNoMore() {
        List<TaskId> ids = new ArrayList<>();
        for (long user = 10; ids.size() < TaskQueue.MAX_WAITING + 4; user++) {
            TaskId id = TaskId.random();
            queue.enter(id, user);
            ids.add(id);
        }
        assertThatThrownBy(() -> queue.enter(TaskId.random(), ANN)).hasMessageContaining("100 wait");
        queue.leave(ids.get(0));
        enter(ANN, false);
    }
}
