package dev.berth.profile;

import dev.berth.artifact.ArtifactStore;
import dev.berth.browser.SavedProfile;
import dev.berth.history.profile.ProfileRepository;
import dev.berth.history.profile.ProfileRepository.NewVersion;
import dev.berth.profile.ProfileStore.ProfileDraft;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Set;

/** A version that is encrypted to a file while it is written, then brought to the object store. */
final class SpooledDraft implements ProfileDraft {
    private static final String GIVEN_UP = "the profile was discarded while it was being saved";

    private final DraftServices services;
    private final Target target;
    private final Path file;
    private volatile String keyId = "";
    private volatile boolean discarded;

    /** The version that the draft becomes. */
    record Target(SessionId writer, long userId, String name, String objectKey) {}

    /**
     * The services that all drafts are written with.
     *
     * @param maxBytes limit for each
     */
    record DraftServices(Vertx vertx, ProfileRepository rows, ArtifactStore store, ProfileKeys keys, long maxBytes) {}

    SpooledDraft(DraftServices services, Target target, Path file) {
        this.services = services;
        this.target = target;
        this.file = file;
    }

    @Override
    public OutputStream open() throws IOException {
        requireWanted();
        ProfileKeys.Key key = services.keys().newest();
        keyId = key.id();
        OutputStream out = Channels.newOutputStream(Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
        try {
            byte[] context = EncryptedProfiles.context(target.userId, target.name, target.objectKey);
            return new Limited(key.cipher().newEncryptingStream(out, context), services.maxBytes());
        } catch (GeneralSecurityException e) {
            out.close();
            throw new IOException("the profile can't be encrypted", e);
        }
    }

    /** Takes so many bytes at the most, and none once the draft is discarded: what writes then stops. */
    private final class Limited extends FilterOutputStream {
        private final long limit;
        private long left;

        Limited(OutputStream out, long limit) {
            super(out);
            this.limit = limit;
            this.left = limit;
        }

        @Override
        public void write(int one) throws IOException {
            take(1);
            out.write(one);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            take(length);
            out.write(bytes, offset, length);
        }

        private void take(int bytes) throws IOException {
            requireWanted();
            left -= bytes;
            if (left < 0) {
                throw new IOException("the profile has more than " + (limit >> 20) + " MiB, its limit on this server"
                        + " (profile.max-mib, BERTH_PROFILE_MAX_MIB)");
            }
        }
    }

    @Override
    public Future<Integer> commit(SavedProfile.Contents contents) {
        return services.rows()
                .announce(target.objectKey)
                .compose(announced -> services.vertx().executeBlocking(() -> Files.size(file), false))
                .compose(size -> services.store()
                        .put(target.objectKey, file)
                        .recover(e -> EncryptedProfiles.unavailable("the object store did not take the profile", e))
                        .compose(stored -> add(new NewVersion(target.objectKey, size, contents.folders(), keyId))))
                .recover(e -> Future.failedFuture(discarded ? tooLate() : e))
                .eventually(this::remove);
    }

    private void requireWanted() throws IOException {
        if (discarded) {
            throw new IOException(GIVEN_UP);
        }
    }

    private static BerthException tooLate() {
        return new BerthException(ErrorCode.TIMEOUT, GIVEN_UP);
    }

    private Future<Integer> add(NewVersion version) {
        if (discarded) {
            return Future.failedFuture(tooLate());
        }
        return services.rows()
                .add(target.userId, target.name, target.writer, version)
                .map(added -> added.orElseThrow(() -> new BerthException(
                        ErrorCode.CONFLICT,
                        "the session can no longer save the profile '" + target.name
                                + "': it has ended, or the profile was deleted")));
    }

    @Override
    public Future<Void> discard() {
        discarded = true;
        return remove();
    }

    private Future<Void> remove() {
        return services.vertx()
                .executeBlocking(
                        () -> {
                            Files.deleteIfExists(file);
                            return null;
                        },
                        false);
    }
}
