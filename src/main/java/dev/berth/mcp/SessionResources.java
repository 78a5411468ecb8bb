package dev.berth.mcp;

import dev.berth.mcp.Catalogue.Offer;
import dev.berth.protocol.PageAction.TakeScreenshot;
import dev.berth.protocol.PageAction.TakeSnapshot;
import dev.berth.protocol.VerbChoices.ImageFormat;
import io.modelcontextprotocol.spec.McpSchema.BlobResourceContents;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.ResourceContents;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The resources of a client's browser session, which it reads without a tool. */
final class SessionResources {
    private static final String BASE = "berth://session/";
    private static final long TIMEOUT_MILLIS = 30_000;
    private static final int ENTRIES = 200;

    private final LogTools logs;
    private final Pictures pictures;

    SessionResources(LogTools logs, Pictures pictures) {
        this.logs = logs;
        this.pictures = pictures;
    }

    record Readable(Resource resource, Function<Workbench, Future<ResourceContents>> read) {}

    Stream<Readable> all() {
        return Stream.of(
                text("snapshot", "The page as a tree of its elements", this::snapshot),
                text("console", "The latest console lines", bench -> logs.console(bench, ENTRIES)),
                text("network", "The latest requests", bench -> logs.network(bench, ENTRIES)),
                new Readable(resource("screenshot", "A screenshot of the page", "image/jpeg"), this::screenshot));
    }

    private static Resource resource(String name, String description, String type) {
        return Resource.builder(BASE + name, name)
                .description(description)
                .mimeType(type)
                .build();
    }

    private static Readable text(String name, String description, Function<Workbench, Future<String>> read) {
        Resource resource = resource(name, description, "text/plain");
        return new Readable(
                resource,
                bench -> bench.existing()
                        .compose(id -> read.apply(bench))
                        .map(text -> new TextResourceContents(resource.uri(), resource.mimeType(), text)));
    }

    private Future<String> snapshot(Workbench bench) {
        return bench.existing()
                .compose(id -> bench.ask(id, new TakeSnapshot(TIMEOUT_MILLIS)))
                .map(taken -> taken.snapshot());
    }

    private Future<ResourceContents> screenshot(Workbench bench) {
        return bench.existing()
                .compose(id -> bench.ask(
                        id,
                        new TakeScreenshot(
                                false, Optional.empty(), ImageFormat.JPEG, Optional.empty(), TIMEOUT_MILLIS)))
                .compose(taken -> pictures.base64(taken.artifact()))
                .map(data -> new BlobResourceContents(
                        BASE + "screenshot",
                        "image/jpeg",
                        data.orElseThrow(() -> Offer.invalid("the picture is too large"))));
    }
}
