package dev.berth.http.sockets;

import dev.berth.history.TaskRepository;
import dev.berth.history.TaskStory;
import dev.berth.history.TaskStory.Entry;
import dev.berth.http.request.ContractParameters;
import dev.berth.http.sockets.StreamDoor.Subscriber;
import dev.berth.http.sockets.StreamDoor.Use;
import dev.berth.protocol.AgentClient;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.TaskEvent;
import dev.berth.protocol.TaskEvent.TaskChanged;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;

/** The streams of AI tasks. On one event loop. */
public final class TaskStreams {
    /** Of what is read at once: a step may have 20,000 characters. */
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
                    return new Subscriber(key.keyId(), task.taskId().value(), new TaskUse(task.taskId(), after));
                }));
    }

    private Future<TaskView> find(String path, long user) {
        return TaskId.parse(path)
                .map(id -> tasks.find(id, user))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()))
                .compose(found -> found.map(Future::succeededFuture)
                        .orElseGet(() -> SocketAccess.refusal(ErrorCode.NOT_FOUND, "you have no task with this id")));
    }

    /**
     * A stream of what one AI task tells. Only the history numbers it: what is heard live is a reason to read on. On the event loop of
     * the client.
     */
    private final class TaskUse implements Use {
        private final TaskId id;
        private long last;
        private Runnable leave = () -> {};
        private EventStream stream;
        private boolean behind = true;
        /** The task's end was heard. */
        private boolean over;

        private boolean reading;
        private boolean closed;

        /** @param after the number of what the client had last */
        TaskUse(TaskId id, long after) {
            this.id = id;
            this.last = after;
        }

        @Override
        public Future<?> start(EventStream client) {
            stream = client;
            MessageConsumer<TaskEvent> consumer = agents.events(id, event -> {
                over |= event instanceof TaskChanged changed
                        && changed.task().status().ended();
                check();
            });
            leave = consumer::unregister;
            return consumer.completion()
                    .compose(listening -> story.last(id))
                    .onSuccess(end -> begin(end.filter(number -> number <= last).isPresent()));
        }

        private void begin(boolean allTold) {
            if (closed || stream.isOver()) {
                return;
            }
            if (allTold) {
                stream.nothing();
            } else {
                stream.begin(Long.toString(last), this::goOn, this::check);
                goOn();
            }
        }

        private void check() {
            behind = true;
            if (stream.hasBegun()) {
                goOn();
            }
        }

        private void goOn() {
            if (behind && !reading && !closed && !stream.isFull()) {
                behind = false;
                reading = true;
                story.read(id, last, PAGE).onSuccess(this::tell).onFailure(this::fail);
            }
        }

        private void tell(List<Entry> page) {
            reading = false;
            if (closed) {
                return;
            }
            for (Entry entry : page) {
                last = entry.number();
                EventText.append(stream.buffer(), entry);
            }
            // Nothing can come after the number that the client named, if the end was not after it.
            boolean nothingLeft = page.isEmpty() && over && !behind;
            if (nothingLeft || !page.isEmpty() && page.get(page.size() - 1).isLast()) {
                stream.end();
                return;
            }
            stream.flush();
            behind |= !page.isEmpty();
            // Not by recursion: the next page may be there at once.
            context.runOnContext(ignored -> goOn());
        }

        private void fail(Throwable why) {
            if (!closed) {
                stream.fail(why);
            }
        }

        @Override
        public void close() {
            closed = true;
            leave.run();
        }
    }
}
