package dev.berth.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minio.CopyObjectArgs;
import io.minio.CopySource;
import io.minio.GetObjectArgs;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.errors.ErrorResponseException;
import io.minio.messages.Item;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients of the object store do, against the embedded one. */
class S3ServerTest {
    private static final String BUCKET = "berth";
    private static final byte[] TEXT = "kept".getBytes();

    @TempDir
    Path folder;

    private S3Server server;
    private MinioClient client;

    @BeforeEach
    void start() throws Exception {
        server = S3Server.start(folder);
        client = client(server.secretKey());
        client.makeBucket(MakeBucketArgs.builder().bucket(BUCKET).build());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
    }

    private MinioClient client(String secretKey) {
        return MinioClient.builder()
                .endpoint(server.endpoint().toString())
                .credentials(S3Server.ACCESS_KEY, secretKey)
                .build();
    }

    private void put(String key, byte[] bytes) throws Exception {
        client.putObject(PutObjectArgs.builder().bucket(BUCKET).object(key).stream(
                        new ByteArrayInputStream(bytes), (long) bytes.length, 5L << 20)
                .build());
    }

    private byte[] get(String key, long offset, long length) throws Exception {
        try (InputStream in = client.getObject(GetObjectArgs.builder()
                .bucket(BUCKET)
                .object(key)
                .offset(offset)
                .length(length)
                .build())) {
            return in.readAllBytes();
        }
    }

    private List<String> keys(String prefix) throws Exception {
        List<String> keys = new ArrayList<>();
        for (Result<Item> found : client.listObjects(ListObjectsArgs.builder()
                .bucket(BUCKET)
                .prefix(prefix)
                .recursive(true)
                .build())) {
            keys.add(found.get().objectName());
        }
        return keys;
    }

    @Test
    void givesBackWhatItWasGivenAlsoAfterARestart() throws Exception {
        byte[] large = new byte[(5 << 20) + 1_000];
        new Random(1).nextBytes(large);
        put("a/small", TEXT);
        put("a/in-parts", large);
        server.close();
        server = S3Server.start(folder);
        client = client(server.secretKey());
        assertThat(get("a/small", 0, TEXT.length)).isEqualTo(TEXT);
        assertThat(get("a/in-parts", 0, large.length)).isEqualTo(large);
        assertThat(get("a/small", 1, 2)).asString().isEqualTo("ep");
    }

    @Test
    void listsCopiesAndRemoves() throws Exception {
        put("a/one", TEXT);
        put("b/two", TEXT);
        client.copyObject(CopyObjectArgs.builder()
                .bucket(BUCKET)
                .object("a/three")
                .source(CopySource.builder().bucket(BUCKET).object("b/two").build())
                .build());
        client.removeObject(
                RemoveObjectArgs.builder().bucket(BUCKET).object("a/one").build());
        assertThat(keys("a/")).containsExactly("a/three");
        assertThat(client.listBuckets().get(0).name()).isEqualTo(BUCKET);
    }

    @Test
    void refusesAnotherKey() throws Exception {
        put("a/one", TEXT);
        try (MinioClient stranger = client("another-secret-key-of-40-characters-0000")) {
            assertThatThrownBy(() -> stranger.getObject(GetObjectArgs.builder()
                            .bucket(BUCKET)
                            .object("a/one")
                            .build()))
                    .isInstanceOf(ErrorResponseException.class);
        }
    }
}
