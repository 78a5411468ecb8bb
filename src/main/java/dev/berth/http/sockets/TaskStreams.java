package dev.berth.http.sockets;

import dev.berth.history.TaskRepository;
import dev.berth.history.TaskStory;
import dev.berth.http.sockets.StreamDoor.Subscriber;
import dev.berth.protocol.AgentClient;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;

/** The streams of AI tasks. On one event loop. */
public final class TaskStreams {
    private final Context context;
    private final SocketAccess access;
    private final AgentClient agents;
    private final TaskRepository tasks;
    private final TaskStory story;

    public TaskStreams(Vertx vertx, SocketAccess access, AgentClient agents, TaskRepository tasks, TaskStory story) {
        this.context = vertx.getOrCreateContext();
        this.access = access;
        this.agents = agents;
        this.tasks = tasks;
        this.story = story;
    }

    /** @param path the path segment that should be a task id */
    Future<Subscriber> admit(HttpServerRequest request, String path) {
        return access.keyOf(request)
                .compose(key -> find(path, key.userId()).map(task -> {
                    TaskUse.Stored read = stored(task.taskId());
                    // The first ids of a task come before its client can listen, so that a stream begins with them.
                    long after = StreamQuery.ofUser(request).number().orElse(0L);
                    TaskUse use = new TaskUse(context, read, reader -> agents.events(task.taskId(), reader), after);
                    return new Subscriber(key.keyId(), task.taskId().value(), use);
                }));
    }

    private Future<TaskView> find(String path, long user) {
        return TaskId.parse(path)
                .map(id -> tasks.find(id, user))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()))
                .compose(found -> found.map(Future::succeededFuture)
                        .orElseGet(() -> SocketAccess.refusal(ErrorCode.NOT_FOUND, "you have no task with this id")));
    }

    private TaskUse.Stored stored(TaskId id) {
        return new TaskUse.Stored() {
            @Override
            public Future<List<TaskStory.Entry>> read(long after, int limit) {
                return story.read(id, after, limit);
            }

            @Override
            public Future<Optional<Long>> last() {
                return story.last(id);
            }
        };
    }
}
