package dev.berth.extension;

import dev.berth.artifact.ArtifactStore;
import dev.berth.browser.BrowserExtension;
import dev.berth.history.extension.ExtensionRepository;
import dev.berth.history.extension.ExtensionRepository.Extension;
import dev.berth.history.extension.ExtensionRepository.StoredExtension;
import dev.berth.limits.CountLimit;
import dev.berth.limits.FairQueue;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The browser extensions of users. Thread-safe. */
public final class Extensions {
    /** Prefix of the keys of extensions' objects; a random UUID follows. */
    private static final String PREFIX = "extensions/";

    /** How many packages are checked at once: each takes up to 64 MiB of memory, and a user chooses how many. */
    private static final int CHECKS = 2;

    private static final int WAITING = 50;

    private final Vertx vertx;
    private final ExtensionRepository rows;
    private final ArtifactStore store;
    private final Path folder;
    private final FairQueue<Long> checks =
            new FairQueue<>(CHECKS, 1, new CountLimit<>(WAITING, "too many extensions are being uploaded; try again"));

    /** @param folder of the files that sessions begin with, until their Chromes are up */
    public Extensions(Vertx vertx, ExtensionRepository rows, ArtifactStore store, Path folder) {
        this.vertx = vertx;
        this.rows = rows;
        this.store = store;
        this.folder = folder;
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

    /** Checks and keeps an extension, in place of an earlier one of the name. Fails with a reason for the user. */
    public Future<Extension> put(long userId, String name, Buffer zip) {
        String owner = "berth extension " + userId + " " + name;
        String objectKey = PREFIX + UUID.randomUUID() + ".zip";
        return checks.run(userId, () -> vertx.executeBlocking(() -> ExtensionPackage.of(zip.getBytes(), owner), false))
                .compose(checked -> rows.announce(objectKey)
                        .compose(announced -> store.put(objectKey, Buffer.buffer(checked.zip())))
                        .compose(stored -> rows.put(
                                userId,
                                new StoredExtension(name, checked.id(), objectKey, checked.zip().length),
                                checked.title(),
                                checked.version())))
                .compose(kept -> kept.map(Future::succeededFuture)
                        .orElseGet(() -> Future.failedFuture(new BerthException(
                                ErrorCode.LIMIT_REACHED,
                                "you have " + ExtensionRepository.MAX_OF_USER
                                        + " extensions, the maximum: delete one"))));
    }

    public Future<List<Extension>> list(long userId) {
        return rows.list(userId);
    }

    /** False where the user has none of this name. */
    public Future<Boolean> delete(long userId, String name) {
        return rows.delete(userId, name);
    }

    /** Fails with {@link ErrorCode#NOT_FOUND} where the user lacks one of these. */
    public Future<Void> require(long userId, List<String> names) {
        return names.isEmpty() ? Future.succeededFuture() : find(userId, names).mapEmpty();
    }

    private Future<List<StoredExtension>> find(long userId, List<String> names) {
        return rows.find(userId, names).compose(found -> {
            Set<String> known = found.stream().map(StoredExtension::name).collect(Collectors.toSet());
            Optional<String> missing =
                    names.stream().filter(name -> !known.contains(name)).findFirst();
            if (missing.isPresent()) {
                return Future.failedFuture(new BerthException(
                        ErrorCode.NOT_FOUND,
                        "options.extensions: you have no extension '" + missing.get() + "'",
                        "PUT /api/extensions/:name adds one"));
            }
            boolean distinct =
                    found.stream().map(StoredExtension::extensionId).distinct().count() == found.size();
            return distinct
                    ? Future.succeededFuture(found)
                    : Future.failedFuture(BerthException.invalid(
                            "options.extensions: two of these have the same key in their manifest: name one of them"));
        });
    }

    /** Fetches the files of these extensions; whoever asks has to {@link #discard} them. Fails with a reason for the user. */
    public Future<List<BrowserExtension>> load(long userId, List<String> names) {
        if (names.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        return find(userId, names).compose(found -> {
            List<BrowserExtension> loaded = new ArrayList<>();
            Future<Void> all = Future.succeededFuture();
            for (StoredExtension each : found) {
                BrowserExtension file = new BrowserExtension(
                        each.name(),
                        each.extensionId(),
                        folder.resolve(UUID.randomUUID().toString()));
                loaded.add(file);
                all = all.compose(before -> store.download(each.objectKey(), file.zip(), each.size()));
            }
            return all.map(loaded)
                    .recover(e -> discard(loaded)
                            .compose(gone -> Future.failedFuture(new BerthException(
                                    ErrorCode.UNAVAILABLE, "its extensions can't be read from the object store", e))));
        });
    }

    /** Removes the files. */
    public Future<Void> discard(List<BrowserExtension> loaded) {
        return loaded.isEmpty()
                ? Future.succeededFuture()
                : vertx.executeBlocking(
                        () -> {
                            delete(loaded);
                            return null;
                        },
                        false);
    }

    private static void delete(List<BrowserExtension> loaded) throws IOException {
        for (BrowserExtension each : loaded) {
            Files.deleteIfExists(each.zip());
        }
    }
}
