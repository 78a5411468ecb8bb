package dev.berth.cluster;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.history.node.LostNodes;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.Cost;
import dev.berth.protocol.RecordCodec;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskStatus;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.junit5.VertxExtension;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class LostEndsTest {
    private static TaskView lost(TaskId task, SessionId session) {
        return new TaskView(
                task,
                session,
                1,
                "x",
                TaskStatus.FAILED,
                Optional.empty(),
                Optional.empty(),
                Optional.of("the node that ran it was lost"),
                0,
                Cost.NONE,
                Instant.EPOCH,
                Optional.of(Instant.EPOCH));
    }

    /** It may run on a node that lives. */
    @Test
    void theSessionThatWasMadeForALostTaskEndsAndAnotherOneDoesNot(Vertx vertx) throws Exception {
        RecordCodec.registerAll(vertx);
        TaskId task = TaskId.random();
        SessionId users = SessionId.random();
        BlockingQueue<Message<Object>> asked = new LinkedBlockingQueue<>();
        for (SessionId session : List.of(task.session(), users)) {
            await(vertx.eventBus()
                    .<Object>consumer(Addresses.session(session), asked::add)
                    .completion());
        }
        List<TaskView> tasks = List.of(lost(TaskId.random(), users), lost(task, task.session()));
        LostEnds.tell(vertx, new LostNodes.Losses(List.of(), tasks));
        Message<Object> end = asked.poll(10, TimeUnit.SECONDS);
        assertThat(end.address()).isEqualTo(Addresses.session(task.session()));
        assertThat(end.body()).isEqualTo(new EndSession(EndReason.TASK_FAILED));
        assertThat(asked).isEmpty();
    }
}
