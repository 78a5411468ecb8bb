package dev.berth.config;

import java.net.URI;
import java.util.Optional;

/**
 * The object store.
 *
 * @param endpoint of an S3 server; empty for the embedded one
 * @param publicEndpoint the URL that clients use, if it differs; presigned URLs start with it
 * @param presignSeconds lifetime of a presigned URL
 */
public record ObjectStoreConfig(
        Optional<URI> endpoint,
        Optional<URI> publicEndpoint,
        String accessKey,
        String secretKey,
        String bucket,
        String region,
        int presignSeconds) {
    static ObjectStoreConfig read(Settings settings) {
        return new ObjectStoreConfig(
                settings.httpUrl("s3.endpoint"),
                settings.httpUrl("s3.public-endpoint"),
                settings.text("s3.access-key").orElse(""),
                settings.text("s3.secret-key").orElse(""),
                settings.text("s3.bucket").orElse("berth"),
                settings.text("s3.region").orElse("us-east-1"),
                settings.integer("s3.presign-seconds", 900, 1, 604_800));
    }

    public ObjectStoreConfig {
        if (!bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")) {
            throw new ConfigException("s3.bucket", "must be a valid bucket name, such as berth");
        }
        if (endpoint.isPresent() && (accessKey.isEmpty() || secretKey.isEmpty())) {
            throw new ConfigException("s3.endpoint", "needs s3.access-key and s3.secret-key too");
        }
    }
}
