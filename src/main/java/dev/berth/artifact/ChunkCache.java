package dev.berth.artifact;

import dev.berth.protocol.LogLines;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Decoded log chunks of a node, limited in bytes. When full, the user who has most of it loses what was not read
 * recently, so that one user's reads do not evict others' chunks. Thread-safe; evictions are decided on one context.
 */
final class ChunkCache {
    /** The least that a chunk counts, with its key and map entries. */
    private static final long LEAST_BYTES = 512;

    private final Context context;
    private final long maxBytes;
    private final Map<String, Held> chunks = new ConcurrentHashMap<>();

    // The following fields are accessed on the context only.
    private final Map<Long, Share> shares = new HashMap<>();
    private long bytes;

    ChunkCache(Vertx vertx, long maxBytes) {
        this.context = vertx.getOrCreateContext();
        this.maxBytes = maxBytes;
    }

    private static final class Held {
        private final String key;
        private final LogLines lines;
        private volatile boolean read;

        private Held(String key, LogLines lines) {
            this.key = key;
            this.lines = lines;
        }

        private long bytes() {
            return LEAST_BYTES + lines.bytes();
        }
    }

    /** The chunks of one user, in the order in which they are considered for eviction. */
    private static final class Share {
        private final Queue<Held> held = new ArrayDeque<>();
        private long bytes;
    }

    Optional<LogLines> get(String key) {
        Held held = chunks.get(key);
        if (held == null) {
            return Optional.empty();
        }
        if (!held.read) {
            held.read = true;
        }
        return Optional.of(held.lines);
    }

    void put(long user, String key, LogLines lines) {
        Held held = new Held(key, lines);
        if (held.bytes() <= maxBytes / 2 && chunks.putIfAbsent(key, held) == null) {
            context.runOnContext(ignored -> count(user, held));
        }
    }

    private void count(long user, Held held) {
        Share share = shares.computeIfAbsent(user, id -> new Share());
        share.held.add(held);
        share.bytes += held.bytes();
        bytes += held.bytes();
        while (bytes > maxBytes) {
            evictOne();
        }
    }

    private void evictOne() {
        Map.Entry<Long, Share> largest = shares.entrySet().stream()
                .max(Comparator.comparingLong(entry -> entry.getValue().bytes))
                .orElseThrow();
        Share share = largest.getValue();
        Held oldest = share.held.remove();
        // A chunk that was read since it was last considered gets a second chance.
        while (oldest.read) {
            oldest.read = false;
            share.held.add(oldest);
            oldest = share.held.remove();
        }
        chunks.remove(oldest.key);
        share.bytes -= oldest.bytes();
        bytes -= oldest.bytes();
        if (share.held.isEmpty()) {
            shares.remove(largest.getKey());
        }
    }
}
