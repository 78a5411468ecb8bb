package dev.berth.browser.watch.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.BrowserListener.Download;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DownloadTrackerTest {
    private final List<Download> ended = new ArrayList<>();
    private final List<String> cancelled = new ArrayList<>();
    private final List<String> removed = new ArrayList<>();
    private Promise<Void> kept = Promise.promise();
    private final DownloadTracker tracker = new DownloadTracker(
            guid -> Future.succeededFuture(Path.of("/taken", guid)),
            32 << 20,
            cancelled::add,
            removed::add,
            download -> {
                ended.add(download);
                return kept.future();
            });

    private void begins(String fileName) {
        begins("9-a", fileName);
    }

    private void begins(String guid, String fileName) {
        JsonObject event =
                new JsonObject().put("guid", guid).put("url", "http://a.test/f").put("suggestedFilename", fileName);
        tracker.begins(event, Optional.of("page"));
    }

    private void progresses(String state) {
        tracker.progresses(new JsonObject().put("guid", "9-a").put("state", state));
    }

    @Test
    void aCompleteDownloadIsReportedOnce() {
        begins("f.txt");
        progresses("inProgress");
        assertThat(ended).isEmpty();
        progresses("completed");
        progresses("completed");
        assertThat(ended).singleElement().satisfies(download -> {
            assertThat(download.pageId()).contains("page");
            assertThat(download.fileName()).isEqualTo("f.txt");
            assertThat(download.take().get().result()).isEqualTo(Path.of("/taken/9-a"));
            assertThat(download.error()).isEmpty();
        });
    }

    private void progresses(String guid, String state, long received, long total) {
        tracker.progresses(new JsonObject()
                .put("guid", guid)
                .put("state", state)
                .put("receivedBytes", received)
                .put("totalBytes", total));
    }

    private void begin(String... guids) {
        for (String guid : guids) {
            begins(guid, "f.txt");
        }
    }

    @Test
    void theDownloadThatExceedsTheLimitIsCancelledAndReported() {
        begin("a", "b", "c");
        progresses("a", "completed", 20 << 20, 20 << 20);
        progresses("b", "inProgress", 10 << 20, 0);
        progresses("c", "inProgress", 1 << 20, 0);
        assertThat(cancelled).isEmpty();
        progresses("c", "inProgress", (2 << 20) + 1, 0);
        progresses("c", "inProgress", 3 << 20, 0);
        progresses("c", "canceled", 3 << 20, 0);
        assertThat(cancelled).containsExactly("c");
        assertThat(ended).hasSize(2);
        assertThat(ended.get(1).error().orElseThrow()).contains("32 MiB", "session.disk-mib", "BERTH_SESSION_DISK_MIB");
        // The space of the cancelled download counts as free again.
        progresses("b", "completed", 12 << 20, 12 << 20);
        assertThat(ended.get(2).error()).isEmpty();
    }

    @Test
    void aStoredDownloadIsDeletedAndNoLongerCounts() {
        begin("a", "b", "c");
        progresses("a", "completed", 30 << 20, 30 << 20);
        assertThat(removed).isEmpty();
        progresses("b", "inProgress", 3 << 20, 0);
        assertThat(cancelled).containsExactly("b");
        kept.complete();
        assertThat(removed).containsExactly("a");
        progresses("c", "completed", 30 << 20, 30 << 20);
        assertThat(ended.get(2).error()).isEmpty();
        assertThat(removed).containsExactly("a", "c");
        assertThat(cancelled).containsExactly("b");
    }

    @Test
    void anAnnouncedLengthOverTheLimitCancelsAtOnce() {
        begin("a", "b");
        progresses("a", "inProgress", 0, 1L << 40);
        progresses("b", "completed", 33 << 20, 0);
        assertThat(cancelled).containsExactly("a", "b");
    }

    @Test
    void aDownloadThatCompletesBeforeItsCancellationIsDeleted() {
        begin("a", "b");
        progresses("a", "inProgress", 33 << 20, 0);
        progresses("a", "completed", 40 << 20, 0);
        progresses("a", "completed", 40 << 20, 0);
        progresses("b", "inProgress", 33 << 20, 0);
        progresses("b", "canceled", 33 << 20, 0);
        assertThat(cancelled).containsExactly("a", "a", "b");
        assertThat(ended)
                .hasSize(2)
                .allSatisfy(download -> assertThat(download.error()).isPresent());
    }

    @Test
    void aCancelledDownloadHasNoFile() {
        begins("f.txt");
        progresses("canceled");
        assertThat(ended.get(0).error()).contains("the download was cancelled");
    }

    @Test
    void downloadsInProgressAtTheEndAreReported() {
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

    @Test
    void tooManyDownloadsAreCancelledAndReportedOnce() {
        for (int i = 0; i < DownloadTracker.MAX_DOWNLOADS + 50; i++) {
            String guid = Integer.toHexString(i);
            begin(guid, guid);
            progresses(guid, i < DownloadTracker.MAX_DOWNLOADS ? "completed" : "canceled", 1, 1);
        }
        assertThat(cancelled).hasSize(50).doesNotHaveDuplicates();
        assertThat(ended).hasSize(DownloadTracker.MAX_DOWNLOADS + 1);
        assertThat(ended.subList(0, DownloadTracker.MAX_DOWNLOADS))
                .allSatisfy(download -> assertThat(download.error()).isEmpty());
        assertThat(ended.get(DownloadTracker.MAX_DOWNLOADS).error().orElseThrow())
                .contains("a session can have at most 1000 downloads");
    }
}
