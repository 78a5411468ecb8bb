package dev.berth.mcp;

import dev.berth.artifact.ArtifactStore;
import dev.berth.artifact.GivenFileStore;
import dev.berth.logs.LogReader;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.stream.Stream;

/** All tools and resources that clients are offered. */
record Catalogue(List<Offer> offers, List<SessionResources.Readable> resources) {
    static Catalogue of(Vertx vertx, ArtifactStore store, LogReader reader) {
        Pictures pictures = new Pictures(vertx, store);
        LogTools logs = new LogTools(reader);
        List<Offer> offers = Stream.of(
                        new BrowserTools(vertx, pictures, new GivenFileStore(store)).offers(),
                        logs.offers(),
                        SessionTools.offers())
                .flatMap(each -> each)
                .toList();
        return new Catalogue(offers, new SessionResources(logs, pictures).all().toList());
    }

    /** To be listed alone: its tools have nothing to work with. */
    static Catalogue listed() {
        return of(null, null, null);
    }
}
