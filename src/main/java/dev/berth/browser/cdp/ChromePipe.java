package dev.berth.browser.cdp;

import dev.berth.limits.MemoryBudget;
import dev.berth.loop.LoopPromise;
import dev.berth.pipe.ChildPipe;
import dev.berth.pipe.ChildPipe.PipeChannel;
import dev.berth.protocol.ExtensionOrigins;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * The one pipe to a Chrome, and its parties. It is read as fast as Chrome writes, whatever its parties take. On an event loop of
 * theirs, which may change; {@link #open} is for any.
 */
public final class ChromePipe {
    private static final long ANSWER_SECONDS = 10;
    /** The memory of messages that wait for the parties of all Chromes: one budget for the process. */
    private static final MemoryBudget MEMORY = memory(Runtime.getRuntime().maxMemory());

    private final ChildPipe pipe;
    private final HomeLoop home;
    private final MemoryBudget memory;
    private final SessionTree<Party> sessions = new SessionTree<>();
    private final RootSession root = new RootSession(this::command);

    // The open parties; used on the pipe's event loop.
    private final Set<Party> parties = new LinkedHashSet<>();
    private final List<Party> touched = new ArrayList<>();
    private final HomeChoice choice = new HomeChoice();
    private final MessageRouter router;
    private final MessageSplitter splitter;
    private PipeChannel channel;
    private boolean over;

    private ChromePipe(ChildPipe pipe, EventLoop loop, MemoryBudget memory, Optional<ExtensionOrigins> extensions) {
        this.pipe = pipe;
        this.home = new HomeLoop(loop);
        this.memory = memory;
        this.router = new MessageRouter(
                sessions,
                root,
                extensions.map(ForeignExtensions::new),
                this::counts,
                party -> end(party, Optional.empty()));
        this.splitter = new MessageSplitter(memory.share(this), router);
    }

    /** Reads on the event loop of {@code context} at first. */
    public static ChromePipe of(ContextInternal context, ChildPipe pipe) {
        return of(context, pipe, MEMORY);
    }

    /**
     * The same for a full Chrome, some parts of which are extensions.
     *
     * @param own the session's extensions, which the session's clients may reach
     */
    public static ChromePipe of(ContextInternal context, ChildPipe pipe, ExtensionOrigins own) {
        return of(context, pipe, MEMORY, Optional.of(own));
    }

    static ChromePipe of(ContextInternal context, ChildPipe pipe, MemoryBudget memory) {
        return of(context, pipe, memory, Optional.empty());
    }

    private static ChromePipe of(
            ContextInternal context, ChildPipe pipe, MemoryBudget memory, Optional<ExtensionOrigins> extensions) {
        ChromePipe made = new ChromePipe(pipe, context.nettyEventLoop(), memory, extensions);
        made.home.moveTo(context.nettyEventLoop(), made::arrive);
        return made;
    }

    /** Direct memory may take as much again as the heap. One Chrome gets half, so that it does not silence all others. */
    static MemoryBudget memory(long heapBytes) {
        long bytes = Math.min(1L << 30, heapBytes / 2);
        return new MemoryBudget(bytes, bytes / 2);
    }

    SessionTree<Party> sessions() {
        return sessions;
    }

    // The pipe's event loop

    void execute(Runnable task) {
        home.execute(task);
    }

    private void arrive() {
        pipe.take(home.loop())
                .ifPresentOrElse(
                        taken -> {
                            channel = taken;
                            channel.start(new FromPipe());
                        },
                        () -> closed(Optional.empty()));
    }

    /** Moves the pipe to another event loop, at a moment when no part of it is in use. */
    private void moveTo(EventLoop loop) {
        if (!over && loop != home.loop()) {
            home.loop().execute(() -> {
                if (!over && home.isHere() && loop != home.loop() && channel.isWritten()) {
                    channel.leave();
                    home.moveTo(loop, this::arrive);
                }
            });
        }
    }

    /** Completes, on {@code context}, when Chrome has answered. */
    public Future<Void> answers(Context context) {
        Promise<Void> answered = LoopPromise.on(context);
        execute(() -> root.ask("Browser.getVersion").<Void>mapEmpty().onComplete(answered));
        return answered.future();
    }

    // Parties

    /** A party of the browser on the event loop of {@code context}; paused. Fails where Chrome does not answer. */
    public Future<Party> open(Context context, Party.Kind kind) {
        return open(context, kind, Optional.empty());
    }

    /**
     * The same.
     *
     * @param page the target whose session the party's own is, instead of the browser's; the party is closed when the page is
     */
    public Future<Party> open(Context context, Party.Kind kind, Optional<String> page) {
        Promise<Party> opened = LoopPromise.on(context);
        execute(() -> {
            if (over) {
                opened.fail("Chrome has closed its pipe");
                return;
            }
            root.attach(page)
                    .onSuccess(attached -> join(context, kind, attached, opened))
                    .onFailure(opened::tryFail);
        });
        return opened.future().timeout(ANSWER_SECONDS, TimeUnit.SECONDS).onFailure(late -> {
            if (!opened.tryFail(late)) {
                opened.future().onSuccess(Party::close);
            }
        });
    }

    private void join(Context context, Party.Kind kind, Attachment attached, Promise<Party> opened) {
        Inbox inbox = new Inbox(memory.share(this), kind);
        Party party = new Party(this, (ContextInternal) context, kind, attached, inbox);
        sessions.root(attached.sessionId(), party, attached.targetId());
        parties.add(party);
        if (opened.tryComplete(party)) {
            moveTo(HomeChoice.settled(parties, home.loop()));
        } else {
            leave(party);
        }
    }

    /** See {@link CdpConnection#openHiddenPage}. */
    Future<String> openHiddenPage(Party party, Context context) {
        Promise<String> opened = LoopPromise.on(context);
        execute(() -> {
            if (parties.contains(party)) {
                router.hidden().open(party).onComplete(opened);
            } else {
                opened.fail("Chrome has closed its pipe");
            }
        });
        return opened.future();
    }

    /** Removes a party. Runs on the pipe's event loop. */
    void leave(Party party) {
        if (parties.remove(party)) {
            router.hidden().left(party);
            sessions.removeRoot(party.session(), party);
            root.detach(party.session());
            moveTo(HomeChoice.settled(parties, home.loop()));
        }
    }

    private void closed(Optional<String> why) {
        if (!over) {
            over = true;
            splitter.close();
            root.close();
            List.copyOf(parties).forEach(party -> party.delivery().end(why));
            parties.clear();
        }
    }

    // Writing

    /** Whether {@link #writeNow} may be called. */
    boolean isHere() {
        return home.isReady();
    }

    /** Whether the array is kept, and {@code onWritten} follows. */
    boolean writeNow(byte[] bytes, int length, LongConsumer onWritten) {
        return !over && channel.write(bytes, length, onWritten);
    }

    /** Keeps the array; {@code onWritten} follows. */
    void writeSoon(byte[] bytes, int length, LongConsumer onWritten) {
        execute(() -> {
            if (!writeNow(bytes, length, onWritten)) {
                onWritten.accept(length);
            }
        });
    }

    void writeLater(List<ByteBuf> pieces, LongConsumer onWritten) {
        execute(() -> {
            if (over) {
                pieces.forEach(piece -> release(piece, onWritten));
            } else {
                pieces.forEach(piece -> channel.writeLater(piece, onWritten));
            }
        });
    }

    private static void release(ByteBuf piece, LongConsumer onWritten) {
        long size = piece.capacity();
        piece.release();
        onWritten.accept(size);
    }

    private void command(byte[] text) {
        if (!over) {
            channel.write(text, text.length, written -> {});
        }
    }

    // Reading

    private final class FromPipe implements PipeChannel.Listener {
        @Override
        public void read(byte[] chunk, int length) {
            splitter.feed(chunk, length);
            touched.forEach(ChromePipe.this::turnEnds);
            touched.clear();
        }

        @Override
        public void closed(Optional<String> why) {
            ChromePipe.this.closed(why);
        }
    }

    private void turnEnds(Party party) {
        party.delivery().turnEnds();
        if (party.delivery().isOverfull()) {
            end(party, Optional.of("the client is not reading what the browser sends"));
        }
    }

    private void end(Party party, Optional<String> why) {
        leave(party);
        party.delivery().end(why);
    }

    private void counts(Party party) {
        if (party.delivery().touch()) {
            touched.add(party);
        }
        if (choice.counts(party)) {
            choice.busiest(parties).ifPresent(this::moveTo);
        }
    }
}
