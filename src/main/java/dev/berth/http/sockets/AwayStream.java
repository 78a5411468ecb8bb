package dev.berth.http.sockets;

import dev.berth.http.sockets.SocketAccess.Entrance;
import dev.berth.http.sockets.StreamDoor.Use;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.BooleanSupplier;

/** Streams of sessions that are not on this node. On the event loop of the client. */
final class AwayStream {
    private AwayStream() {}

    /** The stream of a session that waits for a place: where it gets one of another node, that one tells the rest. */
    record UntilItRuns(StoryUse use, Entrance entrance, BooleanSupplier isHere) implements Use {
        @Override
        public Future<?> start(EventStream stream) {
            return use.start(stream)
                    .onSuccess(started -> entrance.sessions()
                            .whenRunning(entrance.id())
                            .onSuccess(running -> {
                                if (!isHere.getAsBoolean()) {
                                    use.runsElsewhere();
                                }
                            })
                            .onFailure(e -> {
                                if (ErrorCode.SESSION_NOT_FOUND.isOf(e) || ErrorCode.SESSION_ENDED.isOf(e)) {
                                    use.check();
                                } else {
                                    use.fail(e);
                                }
                            }));
        }

        @Override
        public void close() {
            use.close();
        }
    }

    /**
     * The stream of a session whose node does not answer: open, as an {@code EventSource} comes again after no HTTP error, and silent
     * until the node answers again, which then tells the rest, or until the session has ended, perhaps with its node.
     */
    static final class UntilItIsKnown implements Use {
        private final StoryUse use;
        private final Entrance entrance;
        private EventStream stream;
        private Runnable leave = () -> {};
        private boolean known;

        UntilItIsKnown(StoryUse use, Entrance entrance) {
            this.use = use;
            this.entrance = entrance;
        }

        @Override
        public Future<?> start(EventStream client) {
            stream = client;
            use.open(client, this::look);
            MessageConsumer<?> consumer = entrance.sessions().events(entrance.id(), event -> {
                if (event instanceof SessionEnded) {
                    tell();
                }
            });
            leave = consumer::unregister;
            return consumer.completion().onSuccess(listening -> look());
        }

        private void look() {
            if (known) {
                use.check();
                return;
            }
            entrance.sessions().describe(entrance.id()).onSuccess(this::seen).onFailure(e -> {
                if (ErrorCode.SESSION_NOT_FOUND.isOf(e)) {
                    use.fail(e);
                }
            });
        }

        private void seen(SessionDescription session) {
            if (session.status().terminal()) {
                tell();
            } else if (!known) {
                use.runsElsewhere();
            }
        }

        private void tell() {
            if (!known) {
                known = true;
                use.start(stream).onFailure(use::fail);
            }
        }

        @Override
        public void close() {
            known = true;
            leave.run();
            use.close();
        }
    }
}
