package dev.berth.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.domain.Credentials;

/** The embedded S3 server: objects in the data directory, signatures enforced. Blocks. */
final class S3Server implements AutoCloseable {
    static final String ACCESS_KEY = "berth";
    /** Berth's client sends up to 16 requests at the same time; the server needs a few threads for itself. */
    private static final int MAX_THREADS = 20;

    private final S3Proxy server;
    private final String secretKey;

    private S3Server(S3Proxy server, String secretKey) {
        this.server = server;
        this.secretKey = secretKey;
    }

    static S3Server start(Path dataDir) throws Exception {
        Path objects = dataDir.resolve("objects");
        Files.createDirectories(objects);
        String secretKey = SecretFile.readOrCreate(dataDir.resolve("s3-secret-key"));
        S3Proxy server = S3Proxy.builder()
                .blobStore(new FileObjects(objects, new Credentials(ACCESS_KEY, secretKey)))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .jettyMaxThreads(MAX_THREADS)
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, secretKey)
                .build();
        server.start();
        return new S3Server(server, secretKey);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    String secretKey() {
        return secretKey;
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IOException("the embedded S3 server did not stop", e);
        }
    }
}
