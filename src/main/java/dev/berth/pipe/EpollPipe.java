package dev.berth.pipe;

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

    /** Empty where {@code vertx} has no epoll: other event loops know of no pipes. */
    public static Optional<EpollPipe> open(Vertx vertx) throws IOException {
        if (!vertx.isNativeTransportEnabled() || !Epoll.isAvailable()) {
            return Optional.empty();
        }
        FileDescriptor[] toChild = FileDescriptor.pipe();
        try {
            return Optional.of(new EpollPipe(toChild, FileDescriptor.pipe()));
        } catch (IOException e) {
            toChild[0].close();
            toChild[1].close();
            throw e;
        }
    }

    /**
     * Whether a child can open its ends: not where the kernel keeps this process's files from it. Blocks.
     */
    public static boolean works(Vertx vertx) throws IOException, InterruptedException {
        Optional<EpollPipe> pipe = open(vertx);
        if (pipe.isEmpty()) {
            return false;
        }
        try {
            Process child = new ProcessBuilder(
                            "/bin/sh",
                            "-c",
                            "exec 3<" + pipe.get().childReadsFrom() + " 4>"
                                    + pipe.get().childWritesTo())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return child.waitFor() == 0;
        } finally {
            pipe.get().close();
        }
    }

    /** What the child opens to read what is written here; to be opened by this process's user. */
    public String childReadsFrom() {
        return FOLDER + childReads.intValue();
    }

    /** What the child opens to write what is read here; to be opened by this process's user. */
    public String childWritesTo() {
        return FOLDER + childWrites.intValue();
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

    @Override
    public boolean canMove() {
        return true;
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
