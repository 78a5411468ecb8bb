package dev.berth.relay;

import dev.berth.memory.MemoryBudget;
import dev.berth.pipe.ChildPipes;
import dev.berth.pipe.PipeChannel;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import dev.berth.relay.command.CommandText;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Chrome by its pipe: a fifth faster than its WebSocket, and for one client at a time. The client gets a browser session of its
 * own, which it takes for the connection: the session's id is put into what the client sends to no session, and taken out of
 * what comes back. All that the client set up ends with that session, as it would with a connection.
 */
final class PipeEnd implements ChromeEnd {
    private static final long TIMEOUT_SECONDS = 10;
    private static final int ATTACH_ID = Integer.MAX_VALUE;
    private static final int DETACH_ID = Integer.MAX_VALUE - 1;

    private final ContextInternal context;
    private final PipeChannel channel;
    private final Promise<ChromeEnd> attached;
    private final MemoryBudget.Share budget;
    private final PipeAnswers answers = new PipeAnswers(this::told);
    private PipeMessages messages = new PipeMessages(answers);
    private String session;
    private String targetId = "";
    private PipeFrames frames;
    private PipeOutbox outbox;
    private Listener listener;
    private boolean leaving;
    private boolean over;

    private PipeEnd(ContextInternal context, PipeChannel channel, Object user) {
        this.context = context;
        this.budget = CdpRelay.MEMORY.share(user);
        this.channel = channel;
        this.attached = context.promise();
    }

    /**
     * Empty where there is no pipe, or another client has it.
     *
     * @param user whose session it is
     */
    static Optional<Future<ChromeEnd>> open(
            ContextInternal context, ChildPipes pipes, CdpEndpoint endpoint, Object user) {
        return pipes.take(endpoint.path(), context.nettyEventLoop())
                .map(channel -> new PipeEnd(context, channel, user).attach());
    }

    private Future<ChromeEnd> attach() {
        channel.start(new FromPipe());
        channel.resume();
        command(ATTACH_ID, "Target.attachToBrowserTarget", new JsonObject());
        return attached.future()
                .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .onFailure(e -> close())
                .recover(e -> Future.failedFuture(
                        new BerthException(ErrorCode.UPSTREAM, "the browser does not answer: " + e.getMessage(), e)));
    }

    /** To no session: to Chrome itself. */
    private void command(int id, String method, JsonObject params) {
        JsonObject command =
                new JsonObject().put("id", id).put("method", method).put("params", params);
        byte[] text = (command.encode() + '\0').getBytes(StandardCharsets.UTF_8);
        channel.write(text, text.length);
    }

    /** The pipe knows event loops, not contexts. */
    private final class FromPipe implements PipeChannel.Listener {
        @Override
        public void read(byte[] chunk, int length) {
            messages.feed(chunk, length);
            if (frames != null && !leaving) {
                Buffer framed = frames.take();
                if (framed.length() > 0) {
                    context.dispatch(framed, listener::frames);
                }
            }
        }

        @Override
        public void drained() {
            account();
            if (!leaving) {
                context.dispatch(listener::drained);
            }
        }

        @Override
        public void closed() {
            over = true;
            if (outbox != null) {
                outbox.drop();
            }
            account();
            context.dispatch(() -> {
                attached.tryFail("it closed its pipe");
                if (listener != null && !leaving) {
                    listener.closed();
                }
            });
        }
    }

    private final class ToPipe implements PipeOutbox.Writer {
        @Override
        public boolean write(byte[] bytes, int length) {
            return channel.write(bytes, length);
        }

        @Override
        public void writeLater(ByteBuf bytes) {
            channel.writeLater(bytes);
        }
    }

    /** What waits for Chrome is there already, whatever the budget says. */
    private void account() {
        budget.hold(over ? 0 : channel.waitingBytes() + (outbox == null ? 0 : outbox.heldBytes()));
    }

    private void told(JsonObject message) {
        if (session == null && Objects.equals(message.getValue("id"), ATTACH_ID)) {
            attached(message);
        } else if (session == null
                && message.getValue("params") instanceof JsonObject params
                // Before its answer Chrome tells of the session, and of the target that it is attached to.
                && params.getValue("targetInfo") instanceof JsonObject target) {
            targetId = target.getString("targetId", "");
        } else if (session != null
                && message.getValue("params") instanceof JsonObject params
                && Objects.equals(message.getValue("method"), "Target.detachedFromTarget")
                && session.equals(params.getValue("sessionId"))) {
            free();
        }
    }

    private void attached(JsonObject answer) {
        if (!(answer.getValue("result") instanceof JsonObject result)) {
            free();
            context.dispatch(() -> attached.tryFail(answer.encode()));
            return;
        }
        session = result.getString("sessionId");
        if (leaving) {
            detach();
            return;
        }
        channel.pause();
        frames = new PipeFrames(session);
        messages = new PipeMessages(frames);
        outbox = new PipeOutbox(new ToPipe(), session);
        // What is being read is read to its end first.
        context.runOnContext(ignored -> {
            if (!attached.tryComplete(this)) {
                close();
            }
        });
    }

    private void free() {
        over = true;
        account();
        channel.giveBackOnceWritten();
    }

    private void detach() {
        command(DETACH_ID, "Target.detachFromTarget", new JsonObject().put("sessionId", session));
    }

    @Override
    public String targetId() {
        return targetId;
    }

    @Override
    public void start(Listener hears) {
        listener = hears;
    }

    @Override
    public boolean isOpen() {
        return !over;
    }

    @Override
    public void send(CommandText text) {
        boolean small = text.isSmall();
        outbox.add(text);
        if (!small) {
            account();
        }
    }

    @Override
    public boolean flush() {
        return !leaving && outbox.flush();
    }

    @Override
    public boolean isFull() {
        return channel.isFull();
    }

    @Override
    public void pause() {
        if (!leaving) {
            channel.pause();
        }
    }

    @Override
    public void resume() {
        channel.resume();
    }

    /** What is on its way is read, for nobody, until Chrome has ended the client's session; then others may have the pipe. */
    @Override
    public void close() {
        if (leaving || over) {
            return;
        }
        leaving = true;
        if (session != null) {
            answers.startWithin(frames.inMessage());
            messages = new PipeMessages(answers);
            outbox.drop();
            detach();
            account();
        }
        channel.resume();
    }
}
