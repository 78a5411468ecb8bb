package dev.berth.embedded;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.gaul.s3proxy.nio2blob.AbstractNio2BlobStore;
import org.jclouds.Context;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.domain.internal.BlobBuilderImpl;
import org.jclouds.blobstore.util.BlobUtils;
import org.jclouds.date.DateService;
import org.jclouds.date.internal.SimpleDateFormatDateService;
import org.jclouds.domain.Credentials;
import org.jclouds.domain.Location;
import org.jclouds.domain.LocationBuilder;
import org.jclouds.domain.LocationScope;
import org.jclouds.io.internal.BasePayloadSlicer;
import org.jclouds.providers.ProviderMetadata;
import org.jclouds.rest.Utils;

/**
 * Objects as files, for the S3 server. Made by hand, with the few parts of jclouds that the S3 server calls: jclouds itself would look
 * up and instantiate all of its parts by reflection, which takes a quarter of the processor time of a start.
 */
final class FileObjects extends AbstractNio2BlobStore {
    /** The kind of store, by which the S3 server knows what the store can do. */
    private static final String KIND = "filesystem-nio2";

    private static final ProviderMetadata PROVIDER = only(ProviderMetadata.class, Map.of("getId", () -> KIND));
    private static final Location LOCATION = new LocationBuilder()
            .scope(LocationScope.PROVIDER)
            .id(KIND)
            .description(KIND)
            .build();
    private static final DateService DATES = new SimpleDateFormatDateService();
    private static final Context BACKEND = only(Context.class, Map.of("getProviderMetadata", () -> PROVIDER));
    private static final Utils UTILS = only(Utils.class, Map.of("date", () -> DATES));

    FileObjects(Path folder, Credentials credentials) {
        super(
                only(BlobStoreContext.class, Map.of("unwrap", () -> BACKEND, "utils", () -> UTILS)),
                only(BlobUtils.class, Map.of("blobBuilder", BlobBuilderImpl::new)),
                Suppliers.ofInstance(LOCATION),
                Suppliers.ofInstance(Set.of(LOCATION)),
                new BasePayloadSlicer(),
                Suppliers.ofInstance(credentials),
                folder);
    }

    /** Answers calls of these methods; any other call fails, and with it the request to the S3 server. */
    private static <T> T only(Class<T> type, Map<String, Supplier<?>> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Supplier<?> answer = answers.get(method.getName());
                    if (answer == null) {
                        throw new UnsupportedOperationException(method.toString());
                    }
                    return answer.get();
                }));
    }
}
