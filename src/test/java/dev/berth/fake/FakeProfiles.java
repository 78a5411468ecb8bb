package dev.berth.fake;

import dev.berth.browser.SavedProfile;
import dev.berth.profile.ProfileStore;
import dev.berth.profile.ProfileStore.ProfileDraft;
import dev.berth.profile.ProfileStore.StoredProfile;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ProfileUse;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Profiles in memory, the versions of each in their order. */
public final class FakeProfiles implements ProfileStore {
    public final Map<String, List<Version>> kept = new ConcurrentHashMap<>();
    /** What {@link #load} and {@link ProfileDraft#commit} fail with, where it is set. */
    public volatile Optional<RuntimeException> broken = Optional.empty();

    /** What {@link #load} waits for. */
    public volatile Future<Void> slow = Future.succeededFuture();
    /** How many that were loaded are discarded. */
    public final AtomicInteger discarded = new AtomicInteger();

    /** What was written. */
    public record Version(byte[] bytes, boolean folders, SessionId writer) {}

    @Override
    public void requireKey() {}

    @Override
    public Future<Void> requireVersion(long userId, ProfileUse use) {
        int versions = kept.getOrDefault(use.name(), List.of()).size();
        return use.version().filter(version -> version > versions).isEmpty()
                ? Future.succeededFuture()
                : Future.failedFuture(new BerthException(ErrorCode.NOT_FOUND, "options.profile.version: is not kept"));
    }

    @Override
    public Future<Optional<StoredProfile>> load(long userId, ProfileUse use) {
        List<Version> versions = kept.getOrDefault(use.name(), List.of());
        int number = use.version().orElse(versions.size());
        Optional<StoredProfile> found =
                number == 0 ? Optional.empty() : Optional.of(new Stored(number, versions.get(number - 1)));
        return slow.compose(done -> failureOr(found));
    }

    private <T> Future<T> failureOr(T value) {
        return broken.<Future<T>>map(Future::failedFuture).orElseGet(() -> Future.succeededFuture(value));
    }

    private final class Stored implements StoredProfile {
        private final int version;
        private final Version content;

        Stored(int version, Version content) {
            this.version = version;
            this.content = content;
        }

        @Override
        public int version() {
            return version;
        }

        @Override
        public boolean hasFolders() {
            return content.folders;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(content.bytes);
        }

        @Override
        public Future<Void> discard() {
            discarded.incrementAndGet();
            return Future.succeededFuture();
        }
    }

    @Override
    public ProfileDraft draft(SessionId writer, long userId, String name) {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        return new ProfileDraft() {
            @Override
            public OutputStream open() {
                return written;
            }

            @Override
            public Future<Integer> commit(SavedProfile.Contents contents) {
                List<Version> versions = kept.computeIfAbsent(name, any -> new CopyOnWriteArrayList<>());
                return failureOr(0).map(fine -> {
                    versions.add(new Version(written.toByteArray(), contents.folders(), writer));
                    return versions.size();
                });
            }

            @Override
            public Future<Void> discard() {
                return Future.succeededFuture();
            }
        };
    }
}
