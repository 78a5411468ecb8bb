package dev.berth.mcp;

import dev.berth.artifact.ArtifactStore;
import dev.berth.mcp.Catalogue.Offer;
import dev.berth.protocol.ArtifactEntry;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Base64;
import java.util.Optional;

/** Screenshots as models see them: in the result, not by a link. */
final class Pictures {
    /** Limit for a picture that a model is shown: bytes. */
    private static final long MAX_BYTES = 2 << 20;

    private final Vertx vertx;
    private final ArtifactStore store;

    Pictures(Vertx vertx, ArtifactStore store) {
        this.vertx = vertx;
        this.store = store;
    }

    Future<CallToolResult> show(ArtifactEntry picture, String text) {
        return base64(picture)
                .map(found -> found.map(data -> CallToolResult.builder()
                                .addContent(ImageContent.builder(data, picture.contentType())
                                        .build())
                                .addTextContent(text)
                                .isError(false)
                                .build())
                        .orElseGet(() -> Offer.text("The picture has " + picture.size()
                                + " bytes, too many to show here: take it without fullPage, of an element, or as jpeg. "
                                + text)));
    }

    /** Empty where the picture is too large. */
    Future<Optional<String>> base64(ArtifactEntry picture) {
        return picture.size() > MAX_BYTES
                ? Future.succeededFuture(Optional.empty())
                : store.get(picture.objectKey())
                        .compose(bytes -> vertx.executeBlocking(
                                () -> Optional.of(Base64.getEncoder().encodeToString(bytes.getBytes())), false));
    }
}
