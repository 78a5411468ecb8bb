package dev.berth.pipe;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of our two ends of a pipe. Its event loop registers the end when the first read or write is awaited. On that event loop. */
final class EpollEnd implements EpollIoHandle {
    private static final Logger log = LoggerFactory.getLogger(EpollEnd.class);
    private static final EpollIoOps NOTHING = EpollIoOps.valueOf(0);

    private final IoEventLoop loop;
    private final FileDescriptor fd;
    private final Action action;
    private final Runnable onEnd;
    private IoRegistration registration;
    private EpollIoOps awaited = NOTHING;
    private boolean hungUp;

    /** The action that is done when the awaited event comes. */
    interface Action {
        void run() throws IOException;
    }

    EpollEnd(IoEventLoop loop, FileDescriptor fd, Action action, Runnable onEnd) {
        this.loop = loop;
        this.fd = fd;
        this.action = action;
        this.onEnd = onEnd;
    }

    void awaitReadable() {
        await(EpollIoOps.EPOLLIN);
    }

    void awaitWritable() {
        await(EpollIoOps.EPOLLOUT);
    }

    void awaitNothing() {
        await(NOTHING);
    }

    private void await(EpollIoOps ops) {
        if (awaited == ops) {
            return;
        }
        awaited = ops;
        if (hungUp) {
            loop.execute(onEnd);
            return;
        }
        if (registration == null) {
            registration = loop.register(this).getNow();
        }
        if (registration == null) {
            log.error("the event loop can't watch a pipe to a child process");
            loop.execute(onEnd);
        } else {
            registration.submit(ops);
        }
    }

    @Override
    public void handle(IoRegistration source, IoEvent event) {
        if (awaited != NOTHING) {
            act();
        } else {
            // The child's end is closed, which would be told again and again.
            leave();
            hungUp = true;
        }
    }

    /** The event loop stands still for a second, or for ever, where a handler throws. */
    private void act() {
        try {
            action.run();
        } catch (IOException e) {
            log.debug("a pipe is broken: {}", e.toString());
            onEnd.run();
        } catch (Throwable e) {
            log.error("the handler of a pipe failed", e);
            onEnd.run();
        }
    }

    void leave() {
        if (registration != null) {
            registration.cancel();
            registration = null;
        }
    }

    @Override
    public FileDescriptor fd() {
        return fd;
    }

    @Override
    public void close() {
        onEnd.run();
    }
}
