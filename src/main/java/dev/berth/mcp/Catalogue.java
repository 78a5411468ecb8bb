package dev.berth.mcp;

import dev.berth.artifact.ArtifactStore;
import dev.berth.artifact.GivenFileStore;
import dev.berth.logs.LogReader;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.stream.Stream;

/** All tools and resources that clients are offered. */
final class Catalogue {
    private final List<Offer> offers;
    private final List<SessionResources.Readable> resources;

    Catalogue(Vertx vertx, ArtifactStore store, LogReader reader) {
        Pictures pictures = new Pictures(vertx, store);
        LogTools logs = new LogTools(reader);
        this.offers = Stream.of(
                        new BrowserTools(vertx, pictures, new GivenFileStore(store)).offers(),
                        logs.offers(),
                        SessionTools.offers())
                .flatMap(each -> each)
                .toList();
        this.resources = new SessionResources(logs, pictures).all().toList();
    }

    /** To be listed alone: its tools have nothing to work with. */
    static Catalogue listed() {
        return new Catalogue(null, null, null);
    }

    List<Offer> offers() {
        return offers;
    }

    List<SessionResources.Readable> resources() {
        return resources;
    }
}
