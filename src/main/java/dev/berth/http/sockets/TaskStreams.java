package dev.berth.http.sockets;

import dev.berth.history.task.TaskRepository;
import dev.berth.history.task.TaskStory;
import dev.berth.history.task.TaskStory.Entry;
import dev.berth.http.request.ContractParameters;
import dev.berth.http.sockets.StreamDoor.Subscriber;
import dev.berth.protocol.AgentClient;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskEvent.TaskChanged;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;

/** The streams of AI tasks. On one event loop. */
public final class TaskStreams {
    /** Limit for the entries that are read at once: a step may have 20,000 characters. */
    private static final int PAGE = 10;

    private final Context context;
    private final SocketAccess access;
    private final AgentClient agents;
    private final TaskRepository tasks;
    private final TaskStory story;
    private final ContractParameters parameters;

    public TaskStreams(
            Vertx vertx,
            SocketAccess access,
            AgentClient agents,
            TaskRepository tasks,
            TaskStory story,
            ContractParameters parameters) {
        this.context = vertx.getOrCreateContext();
        this.access = access;
        this.agents = agents;
        this.tasks = tasks;
        this.story = story;
        this.parameters = parameters;
    }

    /** @param path the path segment that should be a task id */
    Future<Subscriber> admit(HttpServerRequest request, String path) {
        return access.keyOf(request)
                .compose(key -> find(path, key.userId()).map(task -> {
                    // The first ids of a task come before its client can listen, so that a stream begins with them.
                    long after = new StreamQuery(request, parameters.read(request))
                            .number()
                            .orElse(0L);
                    return new Subscriber(
                            key.keyId(),
                            task.taskId().value(),
                            new NumberedStream<>(context, new TaskSource(task.taskId(), after)));
                }));
    }

    private Future<TaskView> find(String path, long user) {
        return TaskId.parse(path)
                .map(id -> tasks.find(id, user))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()))
                .compose(found -> found.map(Future::succeededFuture)
                        .orElseGet(() -> SocketAccess.refusal(ErrorCode.NOT_FOUND, "you have no task with this id")));
    }

    /** The events of one AI task. */
    private final class TaskSource implements NumberedStream.Source<Entry> {
        private final TaskId id;
        private final long after;
        private boolean endWasHeard;

        /** @param after the number of what the client had last */
        TaskSource(TaskId id, long after) {
            this.id = id;
            this.after = after;
        }

        @Override
        public MessageConsumer<?> listen(Runnable heard) {
            return agents.events(id, event -> {
                endWasHeard |= event instanceof TaskChanged changed
                        && changed.task().status().ended();
                heard.run();
            });
        }

        @Override
        public Future<Optional<Long>> start() {
            return story.last(id).map(end -> Optional.of(after).filter(had -> end.isEmpty() || end.get() > had));
        }

        @Override
        public Future<List<Entry>> read(long from) {
            return story.read(id, from, PAGE);
        }

        @Override
        public long write(Buffer out, Entry entry) {
            EventText.append(out, entry);
            return entry.number();
        }

        /** Nothing can come after the number that the client named, if the end was not after it. */
        @Override
        public boolean isEnd(List<Entry> page) {
            return page.isEmpty() ? endWasHeard : page.get(page.size() - 1).isLast();
        }
    }
}
