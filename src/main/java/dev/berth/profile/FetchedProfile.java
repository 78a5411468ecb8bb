package dev.berth.profile;

import com.google.crypto.tink.StreamingAead;
import dev.berth.history.profile.ProfileRepository.StoredVersion;
import dev.berth.profile.ProfileStore.StoredProfile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** A version whose object is in a file of this node, and is decrypted as it is read. */
final class FetchedProfile implements StoredProfile {
    private final Vertx vertx;
    private final Path file;
    private final StoredVersion stored;
    private final String what;
    private final StreamingAead cipher;
    private final byte[] context;

    /** @param what names the version in messages */
    FetchedProfile(Vertx vertx, Path file, StoredVersion stored, String what, StreamingAead cipher, byte[] context) {
        this.vertx = vertx;
        this.file = file;
        this.stored = stored;
        this.what = what;
        this.cipher = cipher;
        this.context = context;
    }

    @Override
    public int version() {
        return stored.version();
    }

    @Override
    public boolean hasFolders() {
        return stored.folders();
    }

    @Override
    public InputStream open() throws IOException {
        InputStream encrypted = Files.newInputStream(file);
        try {
            return new Checked(cipher.newDecryptingStream(encrypted, context));
        } catch (GeneralSecurityException | IOException e) {
            encrypted.close();
            throw damaged(e);
        }
    }

    private IOException damaged(Exception e) {
        return new IOException(what + " can't be decrypted: its object was damaged or replaced", e);
    }

    /** Names what fails. */
    private final class Checked extends FilterInputStream {
        Checked(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return in.read();
            } catch (IOException e) {
                throw damaged(e);
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return in.read(bytes, offset, length);
            } catch (IOException e) {
                throw damaged(e);
            }
        }
    }

    @Override
    public Future<Void> discard() {
        return vertx.executeBlocking(
                () -> {
                    Files.deleteIfExists(file);
                    return null;
                },
                false);
    }
}
