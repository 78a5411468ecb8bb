package dev.berth.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.BrowserListener.Download;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DownloadTrackerTest {
    private final List<Download> ended = new ArrayList<>();
    private final DownloadTracker tracker = new DownloadTracker(Path.of("/downloads"), ended::add);

    private void begins(String fileName) {
        tracker.begins(new JsonObject()
                .put("guid", "9-a")
                .put("url", "http://a.test/f")
                .put("suggestedFilename", fileName));
    }

    private void progresses(String state) {
        tracker.progresses(new JsonObject().put("guid", "9-a").put("state", state));
    }

    @Test
    void aCompletedDownloadIsToldOnce() {
        begins("f.txt");
        progresses("inProgress");
        assertThat(ended).isEmpty();
        progresses("completed");
        progresses("completed");
        assertThat(ended).singleElement().satisfies(download -> {
            assertThat(download.fileName()).isEqualTo("f.txt");
            assertThat(download.file()).isEqualTo(Path.of("/downloads/9-a"));
            assertThat(download.error()).isEmpty();
        });
    }

    @Test
    void aCancelledOneHasNoFile() {
        begins("f.txt");
        progresses("canceled");
        assertThat(ended.get(0).error()).contains("the download was cancelled");
    }

    @Test
    void whatIsUnderWayAtTheEndIsTold() {
        begins("f.txt");
        tracker.abandonAll("the session ended");
        tracker.abandonAll("the session ended");
        assertThat(ended)
                .singleElement()
                .satisfies(download -> assertThat(download.error()).contains("the session ended"));
    }

    @ParameterizedTest
    @CsvSource({"../../etc/passwd, passwd", "C:\\dir\\x.txt, x.txt", "'..', file", "'a\tb', a_b", "'', file"})
    void namesHaveNoFolders(String name, String plain) {
        begins(name);
        progresses("completed");
        assertThat(ended.get(0).fileName()).isEqualTo(plain);
    }
}
