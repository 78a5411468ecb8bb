package dev.berth.live;

import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.websocket.ClientSocket;
import dev.berth.websocket.CloseReason;
import dev.berth.websocket.FrameReader.Violation;
import dev.berth.websocket.FrameWriter;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import java.util.Optional;
import java.util.function.Function;

/**
 * Somebody who watches a session, from the request until the socket is closed. May leave at any time. On the event loop of the
 * socket.
 */
public final class Viewer {
    private static final long BEAT_MILLIS = 10_000;
    private static final int UNWRITTEN_BYTES = 64 << 10;
    /** Limit for unsent bytes: more would wait in the kernel, and be old when the viewer gets them. */
    private static final long UNSENT_BYTES = 128 << 10;

    private static final CloseReason BEHIND =
            new CloseReason(CloseReason.TRY_AGAIN_LATER, "the viewer read nothing for too long");

    private final Viewers node;
    private final ViewedSession session;
    private final Function<ArtifactEntry, JsonObject> describe;
    private final long holder;
    private final Rights rights;
    private final Promise<Void> closed = Promise.promise();
    private Optional<Watching> watching = Optional.empty();
    private Optional<SessionScreen> screen = Optional.empty();

    Viewer(
            Viewers node,
            ViewedSession session,
            Function<ArtifactEntry, JsonObject> describe,
            long holder,
            Rights rights) {
        this.node = node;
        this.session = session;
        this.describe = describe;
        this.holder = holder;
        this.rights = rights;
    }

    /** Waits until the session runs, and finds its screen. Where it fails, the caller has to call {@link #abandon}. */
    public Future<Void> open() {
        return session.awaitRunning().compose(running -> {
            screen = node.screens().find(session.id());
            return screen.isPresent()
                    ? Future.succeededFuture()
                    : Future.failedFuture(new BerthException(
                            ErrorCode.UPSTREAM, "the session's screen can't be shown from this node"));
        });
    }

    /** Shows the session on the socket. Completes when that is over. */
    public Future<Void> start(NetSocket socket) {
        Watching begun = new Watching(socket, screen.orElseThrow());
        watching = Optional.of(begun);
        node.counts().came();
        closed.future().onComplete(left -> node.counts().left());
        begun.start();
        return closed.future();
    }

    /** Closes the socket with a reason. Completes as {@link #start}. */
    public Future<Void> stop(CloseReason reason) {
        watching.ifPresent(begun -> begun.end(reason));
        return watching.map(begun -> closed.future()).orElseGet(Future::succeededFuture);
    }

    /** The viewer left, or was refused, before it had its socket. May be called again. */
    public void abandon() {
        session.close();
    }

    /** A viewer with its socket. */
    private final class Watching implements ClientSocket.Listener, ViewerInput.Controls {
        private final ClientSocket socket;
        private final ViewerOutput output;
        private final ViewerInput input;
        private final ViewedTasks viewedTasks;
        private boolean over;
        private boolean broken;

        Watching(NetSocket netSocket, SessionScreen seen) {
            socket = new ClientSocket(node.vertx(), netSocket, UNWRITTEN_BYTES, BEAT_MILLIS);
            if (socket.channel() instanceof EpollSocketChannel channel) {
                channel.config().setOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES);
            }
            output = new ViewerOutput(node.vertx(), socket, seen, node.counts(), () -> end(BEHIND));
            viewedTasks =
                    new ViewedTasks(node.vertx().getOrCreateContext(), session.id(), node.tasks(), output::tellLatest);
            input = new ViewerInput(session, rights, output, node.keeping(), viewedTasks, new FileIntake(holder), this);
        }

        void start() {
            session.ended().onSuccess(this::sessionEnded);
            output.tell(StateMessages.message("view")
                    .put("sessionId", session.id().value())
                    .put("interactive", rights.interactive())
                    .put("owner", rights.owner()));
            output.start(rights.interactive());
            if (rights.isInvolved()) {
                viewedTasks.start();
                session.onDownload(this::downloaded);
            }
            socket.start(this);
        }

        @Override
        public void read(Buffer chunk) {
            try {
                if (!broken) {
                    input.feed(chunk);
                }
            } catch (Violation e) {
                broken = true;
                end(e.reason());
            }
            rest();
        }

        /** Reads no further for a moment, where the viewer sends faster than anybody acts. */
        private void rest() {
            long millis = over ? 0 : input.restMillis();
            if (millis > 0) {
                socket.throttle(true);
                node.vertx().setTimer(millis, ignored -> socket.throttle(false));
            }
        }

        @Override
        public void drained() {
            output.pump();
        }

        @Override
        public void beat() {
            try {
                input.beat();
            } catch (Violation e) {
                end(e.reason());
            }
        }

        @Override
        public void silent() {
            if (socket.isWriting()) {
                end(BEHIND);
            } else {
                socket.abort();
            }
        }

        private void downloaded(ArtifactEntry file) {
            output.tellLatest(file.objectId(), StateMessages.message("download").put("artifact", describe.apply(file)));
        }

        private void sessionEnded(EndReason reason) {
            if (!over) {
                // The end is written at once: other waiting messages do not matter any more.
                socket.write(FrameWriter.text(StateMessages.message("ended")
                        .put("reason", reason.wireName())
                        .encode()));
            }
            end(new CloseReason(CloseReason.ENDED, reason.message()));
        }

        /** Closes the socket with a reason. The viewer's messages are read only for its answer to the close frame. */
        void end(CloseReason reason) {
            if (!over) {
                release();
                socket.close(reason);
            }
        }

        private void release() {
            over = true;
            socket.throttle(false);
            output.end();
            viewedTasks.close();
            input.end();
        }

        @Override
        public void pong(byte[] payload) {
            // A viewer that does not read gets no more pongs.
            if (!over && !socket.isFull()) {
                socket.write(FrameWriter.pong(payload));
            }
        }

        @Override
        public void closes(byte[] payload) {
            if (!over) {
                release();
                socket.write(FrameWriter.close(payload));
            }
            socket.close();
        }

        @Override
        public void gone() {
            if (!over) {
                release();
            }
            session.close();
            closed.tryComplete();
        }
    }
}
