package dev.berth.http.sockets;

import dev.berth.access.ShareLink;
import dev.berth.access.ShareLinkRepository.Found;
import dev.berth.access.ShareTokens;
import dev.berth.history.LifecycleRepository;
import dev.berth.history.LifecycleRepository.Numbered;
import dev.berth.history.StoryRepository;
import dev.berth.http.request.ContractParameters;
import dev.berth.http.request.LinkAccess;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.sockets.SocketAccess.Entrance;
import dev.berth.http.sockets.StreamDoor.Subscriber;
import dev.berth.http.sockets.StreamDoor.Use;
import dev.berth.logs.EndedLogs;
import dev.berth.logs.LogReader;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.ShownJson.Links;
import dev.berth.story.KeptStory;
import dev.berth.story.LiveStories;
import dev.berth.story.StoryReader;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The streams {@code /api/sessions/:id/events}, {@code /api/agent/:id/events} and {@code /api/events}. Takes these requests before the router, which knows no
 * tokens. On one event loop.
 */
public final class EventStreams {
    private static final Pattern SESSION = Pattern.compile("/api/sessions/([^/]+)/events/?");
    private static final Pattern TASK = Pattern.compile("/api/agent/([^/]+)/events/?");
    private static final Pattern USER = Pattern.compile("/api/events/?");

    /** Limit for the starts and ends of sessions that are read at once. */
    private static final int PAGE = 100;

    private final Context context;
    private final Predicate<SessionId> here;
    private final StreamDoor door;
    private final SocketAccess access;
    private final LinkAccess shared;
    private final SessionClient sessions;
    private final SessionLinks links;
    private final StoryRepository stories;
    private final LogReader logs;
    private final EndedLogs endedLogs;
    private final LiveStories live;
    private final LifecycleRepository lifecycle;
    private final TaskStreams tasks;
    private final ContractParameters ofSession;
    private final ContractParameters ofUser;

    /**
     * @param here whether a session is on this node
     * @param shared the links that were made for others
     * @param ofSession the parameters of a session's stream
     */
    public EventStreams(
            Vertx vertx,
            Predicate<SessionId> here,
            StreamDoor door,
            SocketAccess access,
            LinkAccess shared,
            SessionClient sessions,
            SessionLinks links,
            StoryRepository stories,
            LogReader logs,
            EndedLogs endedLogs,
            LiveStories live,
            LifecycleRepository lifecycle,
            TaskStreams tasks,
            ContractParameters ofSession,
            ContractParameters ofUser) {
        this.context = vertx.getOrCreateContext();
        this.here = here;
        this.door = door;
        this.access = access;
        this.shared = shared;
        this.sessions = sessions;
        this.links = links;
        this.stories = stories;
        this.logs = logs;
        this.endedLogs = endedLogs;
        this.live = live;
        this.lifecycle = lifecycle;
        this.tasks = tasks;
        this.ofSession = ofSession;
        this.ofUser = ofUser;
    }

    /** Handles the request if it is for one of these streams. Gives whether it was. */
    public boolean take(HttpServerRequest request) {
        if (request.method() != HttpMethod.GET) {
            return false;
        }
        Matcher session = SESSION.matcher(request.path());
        if (session.matches()) {
            door.open(request, () -> ofSession(request, session.group(1)));
            return true;
        }
        Matcher task = TASK.matcher(request.path());
        if (task.matches()) {
            door.open(request, () -> tasks.admit(request, task.group(1)));
            return true;
        }
        if (USER.matcher(request.path()).matches()) {
            door.open(request, () -> ofUser(request));
            return true;
        }
        return false;
    }

    private Future<Subscriber> ofSession(HttpServerRequest request, String path) {
        String token = request.getParam("token");
        if (token != null && ShareTokens.isOne(token)) {
            return byLink(request, path, token);
        }
        return access.enter(request, path, SessionLinks::eventsPurpose)
                // The session's own token may do more than read.
                .recover(e -> access.enter(request, path, SessionLinks::purpose))
                .compose(entrance -> known(request, entrance)
                        .map(found -> subscriber(
                                request, entrance, found, file -> links.to(request, entrance.keyId(), file))));
    }

    private Future<Subscriber> byLink(HttpServerRequest request, String path, String token) {
        return shared.enter(SessionId.parse(path), token).map(Found::link).compose(link -> {
            Entrance entrance = new Entrance(sessions, link.sessionId(), link.keyId(), false);
            return link.whole()
                    ? known(request, entrance)
                            .map(found -> subscriber(request, entrance, found, file -> links.to(request, link, file))
                                    .byLink(use -> new ByLink(use, link, shared)))
                    : SocketAccess.refusal(
                            ErrorCode.UNAUTHENTICATED, "the link gives access to the session's live view only");
        });
    }

    /** A stream that ends with the link by which its client came. */
    private record ByLink(Use use, ShareLink link, LinkAccess shared) implements Use {
        @Override
        public Future<?> start(EventStream stream) {
            Runnable release =
                    shared.hold(link, why -> stream.fail(new BerthException(ErrorCode.UNAUTHENTICATED, why)));
            stream.over().onComplete(over -> release.run());
            return use.start(stream);
        }

        @Override
        public void close() {
            use.close();
        }
    }

    /** The session, live or ended; fails where the client may know of none. */
    private Future<SessionDescription> known(HttpServerRequest request, Entrance entrance) {
        if (!here.test(entrance.id())) {
            return kept(request, entrance);
        }
        return entrance.sessions()
                .ask(entrance.id(), new DescribeSession())
                .recover(e -> ErrorCode.SESSION_NOT_FOUND.isOf(e) ? kept(request, entrance) : Future.failedFuture(e));
    }

    private Future<SessionDescription> kept(HttpServerRequest request, Entrance entrance) {
        return access.lookUp(request, entrance.id())
                .compose(found -> found.map(Future::succeededFuture).orElseGet(SocketAccess::unknown));
    }

    private Subscriber subscriber(HttpServerRequest request, Entrance entrance, SessionDescription found, Links files) {
        StreamQuery query = new StreamQuery(request, ofSession.read(request));
        StoryReader.Stored stored = new KeptStory(
                stories,
                logs,
                endedLogs,
                entrance.sessions(),
                entrance.id(),
                turns(entrance),
                () -> request.response().closed());
        StoryUse use = new StoryUse(
                context,
                query.kinds(),
                stored,
                (logs, reader) -> live.join(entrance.id(), logs, reader),
                query.cursor(),
                files);
        return new Subscriber(
                entrance.keyId(),
                entrance.id().value(),
                found.status().terminal() || here.test(entrance.id()) ? use : away(use, entrance, found));
    }

    /** Only the row of a running session can be asked while its node does not answer. */
    private Use away(StoryUse use, Entrance entrance, SessionDescription found) {
        return found.queuePosition().isPresent()
                ? new AwayStream.UntilItRuns(use, entrance, () -> here.test(entrance.id()))
                : new AwayStream.UntilItIsKnown(use, entrance);
    }

    /**
     * The turn for which streams wait that a key opened. Readers take turns by the number of their user; a negative number is that of no
     * user, so streams hold up none of the user's other reads.
     */
    private static long turns(Entrance entrance) {
        return -entrance.keyId();
    }

    private Future<Subscriber> ofUser(HttpServerRequest request) {
        return access.keyOf(request).map(key -> {
            Optional<Long> after = new StreamQuery(request, ofUser.read(request)).number();
            return new Subscriber(
                    key.keyId(),
                    "user " + key.userId(),
                    new NumberedStream<>(context, new UserSource(key.userId(), after)));
        });
    }

    /** The creation, start and end of a user's sessions. */
    private final class UserSource implements NumberedStream.Source<Numbered> {
        private final long user;
        private final Optional<Long> after;

        /** @param after where the client goes on; empty for now */
        UserSource(long user, Optional<Long> after) {
            this.user = user;
            this.after = after;
        }

        @Override
        public MessageConsumer<?> listen(Runnable heard) {
            return sessions.as(user).lifecycle(event -> heard.run());
        }

        @Override
        public Future<Optional<Long>> start() {
            return after.map(Future::succeededFuture)
                    .orElseGet(() -> lifecycle.last(user))
                    .map(Optional::of);
        }

        @Override
        public Future<List<Numbered>> read(long from) {
            return lifecycle.read(user, from, PAGE);
        }

        @Override
        public long write(Buffer out, Numbered entry) {
            EventText.append(out, entry.event(), entry.number());
            return entry.number();
        }

        @Override
        public boolean isEnd(List<Numbered> page) {
            return false;
        }
    }

    /** Ends all streams, since the server stops. */
    public Future<?> stop() {
        return door.stop();
    }
}
