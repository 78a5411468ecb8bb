import java.net.URI;
import java.util.Properties;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;

/** The S3 server of Berth's jar, set as MinIO is. */
class S3StandIn {
    public static void main(String[] arguments) throws Exception {
        String user = System.getenv("MINIO_ROOT_USER");
        String secret = System.getenv("MINIO_ROOT_PASSWORD");
        Properties folder = new Properties();
        folder.setProperty("jclouds.filesystem.basedir", "/data");
        BlobStoreContext objects = ContextBuilder.newBuilder("filesystem-nio2")
                .credentials(user, secret)
                .overrides(folder)
                .build(BlobStoreContext.class);
        S3Proxy.builder()
                .blobStore(objects.getBlobStore())
                .endpoint(URI.create("http://0.0.0.0:9000"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, user, secret)
                .build()
                .start();
    }
}
