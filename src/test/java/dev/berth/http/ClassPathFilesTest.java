package dev.berth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClassPathFilesTest {
    @Test
    void aContractIsReadWithoutCopiesOnDisk() throws Exception {
        Vertx vertx = Vertx.vertx(
                new VertxOptions().setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false)));
        JsonObject contract = new JsonObject("""
                {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "servers": [{"url": "http://x/"}], "paths": {}}""");
        try {
            OpenAPIContract read = OpenAPIContract.from(ClassPathFiles.readBy(vertx), contract)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
            assertThat(read.getRawContract().getString("openapi")).isEqualTo("3.1.0");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> ClassPathFiles.read("no-such-file"))
                .withMessageContaining("no-such-file");
    }
}
