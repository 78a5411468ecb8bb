package dev.berth.pipe;

import dev.berth.pipe.ChildPipe.PipeChannel;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.unix.FileDescriptor;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** A pipe that an event loop reads. The child opens its ends by their paths; they close with this process, however that ends. */
public final class EpollPipe implements ChildPipe {
    private static final String FOLDER = "/proc/" + ProcessHandle.current().pid() + "/fd/";

    private final FileDescriptor childReads;
    private final FileDescriptor writes;
    private final FileDescriptor reads;
    private final FileDescriptor childWrites;
    private EpollChannel user;
    private boolean closed;

    private EpollPipe(FileDescriptor[] toChild, FileDescriptor[] fromChild) {
        this.childReads = toChild[0];
        this.writes = toChild[1];
        this.reads = fromChild[0];
        this.childWrites = fromChild[1];
    }

    public static EpollPipe open() throws IOException {
        FileDescriptor[] toChild = FileDescriptor.pipe();
        try {
            return new EpollPipe(toChild, FileDescriptor.pipe());
        } catch (IOException e) {
            toChild[0].close();
            toChild[1].close();
            throw e;
        }
    }

    /** Why there are no pipes that a child can open, and the event loops of {@code vertx} can read. Blocks. */
    public static Optional<String> defect(Vertx vertx) throws IOException, InterruptedException {
        if (!vertx.isNativeTransportEnabled() || !Epoll.isAvailable()) {
            return Optional.of("Vert.x has no native transport. An application that embeds Berth sets"
                    + " VertxOptions.setPreferNativeTransport(true); the library needs glibc, and a /tmp or"
                    + " -Dio.netty.native.workdir from where programs may be run");
        }
        EpollPipe pipe = open();
        try {
            Process child = new ProcessBuilder("/bin/sh", "-c", "exec" + pipe.redirections())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return child.waitFor() == 0
                    ? Optional.empty()
                    : Optional.of("a child process can't open " + FOLDER + ": the kernel keeps it from this user");
        } finally {
            pipe.close();
        }
    }

    /** How a shell opens the child's ends, as file descriptors 3 and 4; a shell of this process's user. */
    public String redirections() {
        return " 3<" + FOLDER + childReads.intValue() + " 4>" + FOLDER + childWrites.intValue();
    }

    @Override
    public synchronized void opened() throws IOException {
        close(childReads, childWrites);
    }

    @Override
    public synchronized Optional<PipeChannel> take(EventLoop loop) {
        if (closed || user != null || !(loop instanceof IoEventLoop io) || !io.isCompatible(EpollIoHandle.class)) {
            return Optional.empty();
        }
        user = new EpollChannel(io, reads, writes, this::free);
        return Optional.of(user);
    }

    private synchronized void free() {
        user = null;
        if (closed) {
            closeOurs();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        opened();
        if (user == null) {
            closeOurs();
        } else {
            user.abandon();
        }
    }

    private void closeOurs() {
        try {
            close(writes, reads);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(FileDescriptor first, FileDescriptor second) throws IOException {
        try {
            first.close();
        } finally {
            second.close();
        }
    }
}
