package dev.berth.browser.watch.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.cdp.CdpConnection;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PagePartsTest {
    private final PageParts parts = new PageParts();

    @BeforeEach
    void attach() {
        attached(CdpConnection.BROWSER, "page");
        attached("s-page", "iframe");
        attached("s-iframe", "worker");
        attached(CdpConnection.BROWSER, "service_worker");
    }

    private void attached(String parent, String type) {
        parts.attached(
                parent,
                "s-" + type,
                new JsonObject().put("targetId", "t-" + type).put("type", type));
    }

    @Test
    void whatIsAttachedThroughAPageBelongsToIt() {
        assertThat(parts.ofSession("s-page")).contains("t-page");
        assertThat(parts.ofSession("s-iframe")).contains("t-page");
        assertThat(parts.ofSession("s-worker")).contains("t-page");
        assertThat(parts.ofSession("s-service_worker")).isEmpty();
        assertThat(parts.ofFrame("t-page")).contains("t-page");
        assertThat(parts.ofFrame("t-iframe")).contains("t-page");
    }

    @Test
    void aFrameBelongsToThePageOfItsSessionUntilItIsRemoved() {
        JsonObject frame = new JsonObject().put("frameId", "f");
        parts.frameAttached("s-iframe", frame);
        assertThat(parts.ofFrame("f")).contains("t-page");
        parts.frameDetached(frame.copy().put("reason", "swap"));
        assertThat(parts.ofFrame("f")).contains("t-page");
        parts.frameDetached(frame.copy().put("reason", "remove"));
        assertThat(parts.ofFrame("f")).isEmpty();
    }

    @Test
    void nothingIsKeptOfAClosedPage() {
        parts.detached("s-worker");
        parts.detached("s-iframe");
        assertThat(parts.ofSession("s-iframe")).isEmpty();
        parts.detached("s-page");
        assertThat(parts.ofSession("s-page")).isEmpty();
        assertThat(parts.ofFrame("t-page")).isEmpty();
        assertThat(parts.ofFrame("t-iframe")).isEmpty();
    }

    @Test
    void framesAreFewHoweverManyAPageMakesAndLeaves() {
        for (int i = 0; i <= PageParts.MAX_FRAMES; i++) {
            parts.frameAttached("s-page", new JsonObject().put("frameId", "f" + i));
        }
        assertThat(parts.ofFrame("t-iframe")).as("the oldest").isEmpty();
        assertThat(parts.ofFrame("f" + PageParts.MAX_FRAMES)).contains("t-page");
        assertThat(parts.ofFrame("t-page")).as("the main frame").contains("t-page");
        assertThat(parts.ofFrame("t-worker")).as("a worker has no frame").isEmpty();
    }
}
