package dev.berth.browser.cdp;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The pipes to this process's Chromes, by the names that were given to them. For any thread. */
public final class ChromePipes {
    private final Map<String, ChromePipe> pipes = new ConcurrentHashMap<>();

    public void add(String name, ChromePipe pipe) {
        pipes.put(name, pipe);
    }

    public void remove(String name) {
        pipes.remove(name);
    }

    public Optional<ChromePipe> find(String name) {
        return Optional.ofNullable(pipes.get(name));
    }
}
