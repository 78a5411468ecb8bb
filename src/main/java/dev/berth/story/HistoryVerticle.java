package dev.berth.story;

import dev.berth.history.SessionRepository;
import dev.berth.history.StoryRepository;
import dev.berth.logs.EndedLogs;
import dev.berth.logs.LogReader;
import dev.berth.loop.LoopPromise;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FailedRequest;
import dev.berth.protocol.HistoryCommand.FindSession;
import dev.berth.protocol.HistoryCommand.ReadStory;
import dev.berth.protocol.HistoryReply;
import dev.berth.protocol.HistoryReply.SessionFound;
import dev.berth.protocol.HistoryReply.StoryPage;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers verticles' questions about the history of sessions, over the bus. */
public final class HistoryVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(HistoryVerticle.class);
    /** The user who takes a turn to read logs, where the sender names none. */
    private static final long NOBODY = -1;

    private final String machineId;
    private final SessionRepository sessions;
    private final StoryRepository stories;
    private final LogReader logs;
    private final EndedLogs ended;
    private SessionClient client;

    public HistoryVerticle(
            String machineId, SessionRepository sessions, StoryRepository stories, LogReader logs, EndedLogs ended) {
        this.machineId = machineId;
        this.sessions = sessions;
        this.stories = stories;
        this.logs = logs;
        this.ended = ended;
    }

    @Override
    public Future<?> start() {
        client = new SessionClient(vertx);
        return Future.all(
                vertx.eventBus().consumer(Addresses.HISTORY, this::answer).completion(),
                vertx.eventBus()
                        .consumer(Addresses.history(machineId), this::answer)
                        .completion());
    }

    private void answer(Message<Object> message) {
        Future.succeededFuture()
                .compose(now -> answerTo(message.body(), Envelope.of(message).owner()))
                .onSuccess(message::reply)
                .onFailure(e -> FailedRequest.tell(message, e, HistoryVerticle::unforeseen));
    }

    private static BerthException unforeseen(Throwable e) {
        log.error("the history of an event stream could not be read", e);
        return new BerthException(ErrorCode.INTERNAL, "the history could not be read; see the server's log");
    }

    private Future<? extends HistoryReply> answerTo(Object command, OptionalLong owner) {
        if (command instanceof FindSession find) {
            return find(find.sessionId(), owner).map(SessionFound::new);
        } else if (command instanceof ReadStory read) {
            return find(read.sessionId(), owner).compose(found -> read(read, owner));
        }
        throw new BerthException(ErrorCode.INVALID_ARGUMENT, "not a command to the history");
    }

    private Future<SessionDescription> find(SessionId id, OptionalLong owner) {
        Future<Optional<SessionDescription>> found =
                owner.isPresent() ? sessions.find(id, owner.getAsLong()) : sessions.find(id);
        return found.map(row -> row.orElseThrow(
                () -> new BerthException(ErrorCode.SESSION_NOT_FOUND, "the history has no session with this id")));
    }

    private Future<StoryPage> read(ReadStory command, OptionalLong owner) {
        SessionId id = command.sessionId();
        Promise<StoryPage> page = LoopPromise.on(context);
        StoryReader reader = new StoryReader(
                context,
                command.kinds(),
                new KeptStory(stories, logs, ended, client, id, owner.orElse(NOBODY), page.future()::isComplete),
                // A page is not told what comes next: whether something may is enough.
                (kinds, ignored) -> client.ask(id, new DescribeSession()).map(live -> () -> {}),
                new StoryPager(command.from(), command.limit(), page));
        reader.start(Optional.of(command.from()))
                .onSuccess(started -> reader.goOn())
                .onFailure(page::tryFail);
        return page.future().onComplete(read -> reader.close());
    }
}
