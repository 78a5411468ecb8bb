package dev.berth.profile;

import com.google.crypto.tink.StreamingAead;
import com.google.crypto.tink.subtle.AesCtrHmacStreaming;
import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import com.google.crypto.tink.subtle.Hkdf;
import dev.berth.config.ProfilesConfig;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The keys of profiles: those of the settings, and that of the data directory, which is made at the first save of a node without settings.
 * Thread-safe; what reads keys blocks.
 */
final class ProfileKeys {
    private static final int KEY_BYTES = 32;
    private static final int ID_BYTES = 8;
    private static final int TAG_BYTES = 32;
    private static final String HMAC = "HmacSha256";
    private static final byte[] PURPOSE = "berth profile, AES-CTR and HMAC".getBytes(StandardCharsets.US_ASCII);
    /** How much is decrypted at a time, and never given out before it is known to be what was encrypted. */
    private static final int SEGMENT_BYTES = 1 << 16;

    private final List<byte[]> configured;
    private final Path file;
    private final boolean usable;

    /**
     * A key.
     *
     * @param id a part of its hash, so that a version can say which key and cipher it needs
     */
    record Key(String id, StreamingAead cipher) {}

    /**
     * @param file with the key of the data directory
     * @param clustered whether other nodes must read what this one saves
     */
    ProfileKeys(ProfilesConfig config, Path file, boolean clustered) {
        this.configured = config.keys();
        this.file = file;
        this.usable = !clustered || !configured.isEmpty();
    }

    /** Throws where this node may not save profiles. */
    void require() {
        if (!usable) {
            throw new BerthException(
                    ErrorCode.INVALID_ARGUMENT,
                    "options.profile: this cluster node has no key to encrypt profiles",
                    "set " + ProfilesConfig.KEY + " to the same key on all nodes: openssl rand -base64 32");
        }
    }

    /** The key to encrypt with. */
    synchronized Key newest() throws IOException {
        require();
        if (configured.isEmpty() && !Files.exists(file)) {
            make();
        }
        return all().get(0);
    }

    /** The key with this id, where this node has it. */
    synchronized Optional<Key> named(String id) throws IOException {
        return all().stream().filter(key -> key.id.equals(id)).findFirst();
    }

    private List<Key> all() throws IOException {
        List<byte[]> all = new ArrayList<>(configured);
        if (Files.exists(file)) {
            all.add(read());
        }
        return all.stream().flatMap(ProfileKeys::keys).toList();
    }

    private byte[] read() throws IOException {
        try {
            byte[] key = Base64.getDecoder().decode(Files.readString(file).strip());
            if (key.length == KEY_BYTES) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // The failure is reported below, without the text.
        }
        throw new IOException(file + " no longer holds a profile key");
    }

    /** Makes the key, which is on the disk before anything is encrypted with it. */
    private void make() throws IOException {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(part);
        try (FileChannel channel = FileChannel.open(
                part,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(StandardCharsets.US_ASCII.encode(Base64.getEncoder().encodeToString(random)));
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        // Otherwise a power cut may lose the name of the file, and with it all that was encrypted since.
        try (FileChannel names = FileChannel.open(part.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    /** The ciphers of one key: AES-CTR with HMAC, for new versions, and AES-GCM, which reads versions that an earlier Berth saved. */
    private static Stream<Key> keys(byte[] bytes) {
        try {
            byte[] derived = Hkdf.computeHkdf(HMAC, bytes, new byte[0], PURPOSE, KEY_BYTES);
            // Without Java's optimizing compiler, CTR with HMAC takes 11 ms for a MiB, and GCM 19.
            return Stream.of(
                    new Key(
                            id(derived),
                            new AesCtrHmacStreaming(
                                    derived, HMAC, KEY_BYTES, "HmacSha512", TAG_BYTES, SEGMENT_BYTES, 0)),
                    new Key(id(bytes), new AesGcmHkdfStreaming(bytes, HMAC, KEY_BYTES, SEGMENT_BYTES, 0)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES and SHA-2", e);
        }
    }

    private static String id(byte[] bytes) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, ID_BYTES);
    }
}
