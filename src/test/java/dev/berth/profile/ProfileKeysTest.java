package dev.berth.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.StreamingAead;
import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import dev.berth.config.ConfigLoader;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileKeysTest {
    /** The beginning of the SHA-256 of 32 zeros. */
    private static final String ID_OF_GCM = "66687aadf862bd77";

    private static final byte[] PLACE = {1};
    private static final byte[] PROFILE = new byte[200_000];

    @TempDir
    Path folder;

    private ProfileKeys keys() {
        String zeros = Base64.getEncoder().encodeToString(new byte[32]);
        JsonObject settings = new JsonObject().put("profile", new JsonObject().put("key", zeros));
        return new ProfileKeys(ConfigLoader.of(settings).profiles(), folder.resolve("key"), false);
    }

    private static byte[] encrypted(StreamingAead cipher) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = cipher.newEncryptingStream(bytes, PLACE)) {
            out.write(PROFILE);
        }
        return bytes.toByteArray();
    }

    private static byte[] decrypted(StreamingAead cipher, byte[] bytes, byte[] place) throws Exception {
        try (InputStream in = cipher.newDecryptingStream(new ByteArrayInputStream(bytes), place)) {
            return in.readAllBytes();
        }
    }

    @Test
    void aVersionThatAnEarlierBerthEncryptedStaysReadable() throws Exception {
        byte[] earlier = encrypted(new AesGcmHkdfStreaming(new byte[32], "HmacSha256", 32, 1 << 16, 0));
        ProfileKeys.Key old = keys().named(ID_OF_GCM).orElseThrow();
        assertThat(decrypted(old.cipher(), earlier, PLACE)).isEqualTo(PROFILE);
    }

    @Test
    void aVersionOpensWithTheKeyThatItNamesInItsPlaceAndWhole() throws Exception {
        ProfileKeys.Key newest = keys().newest();
        assertThat(newest.id()).isNotEqualTo(ID_OF_GCM);
        byte[] bytes = encrypted(newest.cipher());
        StreamingAead cipher = keys().named(newest.id()).orElseThrow().cipher();
        assertThat(decrypted(cipher, bytes, PLACE)).isEqualTo(PROFILE);
        assertThatThrownBy(() -> decrypted(cipher, bytes, new byte[] {2})).isInstanceOf(IOException.class);
        bytes[100_000]++;
        assertThatThrownBy(() -> decrypted(cipher, bytes, PLACE)).isInstanceOf(IOException.class);
    }
}
