package dev.berth.pipe;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The pipes of this process, by the name that their children gave themselves. For any thread. */
public final class ChildPipes {
    private final Map<String, ChildPipe> pipes = new ConcurrentHashMap<>();

    public void add(String child, ChildPipe pipe) {
        pipes.put(child, pipe);
    }

    public void remove(String child) {
        pipes.remove(child);
    }

    /** As {@link ChildPipe#take}; empty too where there is no such child. */
    public Optional<PipeChannel> take(String child, EventLoop loop) {
        return Optional.ofNullable(pipes.get(child)).flatMap(pipe -> pipe.take(loop));
    }
}
