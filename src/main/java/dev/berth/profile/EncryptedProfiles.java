package dev.berth.profile;

import dev.berth.artifact.ArtifactStore;
import dev.berth.artifact.NewArtifact;
import dev.berth.config.ProfilesConfig;
import dev.berth.config.ServerConfig;
import dev.berth.history.profile.ProfileRepository;
import dev.berth.history.profile.ProfileRepository.StoredVersion;
import dev.berth.limits.CountLimit;
import dev.berth.limits.CountLimit.Bound;
import dev.berth.limits.FairQueue;
import dev.berth.profile.ProfileStore.ProfileDraft;
import dev.berth.profile.ProfileStore.StoredProfile;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ProfileUse;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Profiles in the object store. Each version is one object, encrypted with what it is a version of, so that no object stands for another
 * one; on the disk of a node, too, it is encrypted.
 */
public final class EncryptedProfiles implements ProfileStore {
    /** How long a session waits for the object store: no download that it began takes longer. */
    private static final long PATIENCE_SECONDS = ArtifactStore.DOWNLOAD_SECONDS;

    /**
     * Each takes one of the node's threads for files until its object is on the disk. This bounds those threads, not the disk: an object
     * stays there until the browser of its session is up, so that only the number of sessions which begin bounds how many there are.
     */
    private static final int FETCHES = 8;

    private static final int FETCHES_OF_USER = 4;
    private static final int WAITING = 1_000;
    private static final BerthException BUSY = new BerthException(
            ErrorCode.UNAVAILABLE, "too many sessions wait for profiles from the object store; try again in a moment");

    private final FairQueue<Long> fetches = new FairQueue<>(
            FETCHES,
            FETCHES_OF_USER,
            new CountLimit<>(new Bound(WAITING, BUSY)),
            new FairQueue.Patience(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS), BUSY));
    private final Vertx vertx;
    private final ProfileRepository rows;
    private final ArtifactStore store;
    private final ProfileKeys keys;
    private final Path folder;
    private final SpooledDraft.DraftServices drafts;

    public EncryptedProfiles(Vertx vertx, ServerConfig config, ProfileRepository rows, ArtifactStore store) {
        this.vertx = vertx;
        this.rows = rows;
        this.store = store;
        this.keys = new ProfileKeys(
                config.profiles(),
                config.dataDir().resolve("profile-key"),
                config.cluster().enabled());
        this.folder = config.dataDir().resolve("saved-profiles");
        this.drafts = new SpooledDraft.DraftServices(
                vertx, rows, store, keys, config.profiles().maxBytes());
    }

    /** Removes the files that an earlier process left. */
    public Future<Void> start() {
        return vertx.executeBlocking(
                () -> {
                    try (Stream<Path> files = Files.list(folder)) {
                        for (Path left : files.toList()) {
                            Files.deleteIfExists(left);
                        }
                    }
                    return null;
                },
                false);
    }

    @Override
    public void requireKey() {
        keys.require();
    }

    @Override
    public Future<Void> requireVersion(long userId, ProfileUse use) {
        return use.version()
                .map(version -> rows.keeps(userId, use.name(), version))
                .orElseGet(() -> Future.succeededFuture(true))
                .compose(kept -> kept ? Future.succeededFuture() : Future.failedFuture(gone(use)));
    }

    private static BerthException gone(ProfileUse use) {
        return new BerthException(
                ErrorCode.NOT_FOUND,
                "options.profile.version: the profile '" + use.name() + "' has no version "
                        + use.version().get() + "; the last " + ProfileRepository.VERSIONS + " are kept");
    }

    @Override
    public Future<Optional<StoredProfile>> load(long userId, ProfileUse use) {
        return rows.use(userId, use.name(), use.version()).compose(found -> {
            if (found.isPresent()) {
                return fetch(userId, use.name(), found.get()).map(Optional::of);
            }
            return use.version().isEmpty() ? Future.succeededFuture(Optional.empty()) : Future.failedFuture(gone(use));
        });
    }

    private Future<StoredProfile> fetch(long userId, String name, StoredVersion version) {
        String what = "version " + version.version() + " of the profile '" + name + "'";
        Path file = newFile();
        byte[] context = context(userId, name, version.objectKey());
        Future<StoredProfile> fetched = vertx.executeBlocking(() -> key(version, what), false)
                .compose(key -> fetches.run(userId, () -> store.download(version.objectKey(), file, version.bytes()))
                        .map(done -> new FetchedProfile(vertx, file, version, what, key.cipher(), context)));
        return fetched.timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                // The profile may come after all.
                .onFailure(e -> fetched.onSuccess(StoredProfile::discard))
                .recover(e -> unavailable(what + " can't be read from the object store", e));
    }

    private ProfileKeys.Key key(StoredVersion version, String what) throws IOException {
        return keys.named(version.keyId())
                .orElseThrow(() -> new BerthException(
                        ErrorCode.UPSTREAM,
                        what + " is encrypted with a key that this node does not have: add it to " + ProfilesConfig.KEY
                                + ", after the new one and a comma"));
    }

    static <T> Future<T> unavailable(String what, Throwable e) {
        return Future.failedFuture(
                e instanceof BerthException known ? known : new BerthException(ErrorCode.UNAVAILABLE, what, e));
    }

    @Override
    public ProfileDraft draft(SessionId writer, long userId, String name) {
        String objectKey = NewArtifact.PROFILES + UUID.randomUUID() + ".bin";
        return new SpooledDraft(drafts, new SpooledDraft.Target(writer, userId, name, objectKey), newFile());
    }

    /** The associated data that an object is encrypted with beside the key: the object opens only in its own place. */
    static byte[] context(long userId, String name, String objectKey) {
        return String.join("\n", List.of("berth profile", String.valueOf(userId), name, objectKey))
                .getBytes(StandardCharsets.UTF_8);
    }

    private Path newFile() {
        return folder.resolve(UUID.randomUUID().toString());
    }
}
