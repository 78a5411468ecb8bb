package dev.berth.browser.watch.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.BrowserListener;
import dev.berth.browser.BrowserListener.ResponseBody;
import dev.berth.browser.Failures;
import dev.berth.fake.FakeListener;
import dev.berth.protocol.KeptBody.BodyEntry;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.NetworkEntry;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseBodiesTest {
    private final List<String> told = new ArrayList<>();
    private final List<Promise<JsonObject>> reads = new ArrayList<>();
    private final ResponseBodies bodies = bodies(true);

    private ResponseBodies bodies(boolean wanted) {
        BrowserListener listener = new FakeListener() {
            @Override
            public void requestFinished(NetworkEntry entry) {
                told.add(entry.requestId().orElseThrow());
            }

            @Override
            public void requestFinished(NetworkEntry entry, ResponseBody body) {
                told.add(entry.requestId().orElseThrow() + " " + describe(body));
            }
        };
        return new ResponseBodies(
                (session, request) -> {
                    Promise<JsonObject> read = Promise.promise();
                    reads.add(read);
                    return read.future();
                },
                listener,
                wanted);
    }

    private static String describe(ResponseBody body) {
        return body.read().map(BodyEntry::content).orElse(body.missing());
    }

    private void finished(ResponseBodies to, int id, String type, long size) {
        finished(to, id, type, size, new JsonObject());
    }

    private void finished(ResponseBodies to, int id, String type, long size, JsonObject headers) {
        JsonObject json = new JsonObject()
                .put("url", "http://a.test/")
                .put("method", "GET")
                .put("status", 200)
                .put("resourceType", "fetch")
                .put("mimeType", type)
                .put("timestamp", "2026-01-02T03:04:05.006Z")
                .put("requestHeaders", headers)
                .put("responseHeaders", new JsonObject())
                .put("requestId", "" + id)
                .put("contentSize", size);
        NetworkEntry entry = LogLines.of(List.of(json.toBuffer().getBytes()))
                .as(NetworkEntry.class)
                .get(0);
        to.finished("page", entry);
    }

    private void finished(int id) {
        finished(bodies, id, "text/html", 5);
    }

    private static JsonObject answer(String body) {
        return new JsonObject().put("body", body).put("base64Encoded", false);
    }

    @Test
    void aRequestIsToldWithItsBody() {
        finished(1);
        assertThat(told).isEmpty();
        reads.get(0).complete(answer("hello"));
        assertThat(told).containsExactly("1 hello");
    }

    @Test
    void aBodyThatChromeDoesNotGiveInTimeIsSaidToBeLate() {
        finished(1);
        reads.get(0).fail(Failures.timeout("the page", 3_000));
        assertThat(told).containsExactly("1 the page did not answer in time");
    }

    @Test
    void aBodyThatChromeDroppedIsMissing() {
        finished(1);
        reads.get(0).fail("Request content was evicted from inspector cache");
        assertThat(told).containsExactly("1 the browser no longer has it");
    }

    @Test
    void textThatChromeGivesAsBytesIsDecoded() {
        finished(1);
        finished(2);
        reads.get(0).complete(new JsonObject().put("body", "PHN2Zy8+").put("base64Encoded", true));
        reads.get(1).complete(new JsonObject().put("body", "/wA=").put("base64Encoded", true));
        assertThat(told).containsExactly("1 <svg/>", "2 it is not text");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/css",
                "application/json",
                "application/ld+json",
                "image/svg+xml",
                "application/javascript",
                ""
            })
    void textIsRead(String type) {
        finished(bodies, 1, type, 5);
        assertThat(reads).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "font/woff2", "video/mp4", "application/octet-stream", "application/wasm"})
    void otherTypesAreNotRead(String type) {
        finished(bodies, 1, type, 5);
        assertThat(told).containsExactly("1");
    }

    @Test
    void largeBodiesAreNotRead() {
        finished(bodies, 1, "text/html", ResponseBodies.MAX_BYTES + 1);
        assertThat(told).containsExactly("1 it has more than 1024 KiB");
        finished(2);
        reads.get(0).complete(answer("x".repeat(ResponseBodies.MAX_BYTES + 1)));
        assertThat(told.get(1)).isEqualTo("2 it has more than 1024 KiB");
    }

    @Test
    void withoutTheOptionNothingIsRead() {
        finished(bodies(false), 1, "text/html", 5);
        assertThat(told).containsExactly("1");
    }

    @Test
    void fewAreReadAtOnceAndTheRestIsToldWithoutBody() {
        int most = ResponseBodies.MAX_READING + ResponseBodies.MAX_WAITING;
        for (int i = 0; i < most + 100; i++) {
            finished(i);
        }
        assertThat(reads).hasSize(ResponseBodies.MAX_READING);
        assertThat(told).hasSize(100).allMatch(line -> line.endsWith("bodies came faster than they could be read"));
        for (int i = 0; i < most; i++) {
            reads.get(i).complete(answer("b"));
        }
        assertThat(told).hasSize(most + 100);
        assertThat(reads).hasSize(most);
    }

    @Test
    void fewLargeRequestsWait() {
        JsonObject large = new JsonObject().put("x-large", "h".repeat((int) ResponseBodies.MAX_WAITING_BYTES / 10));
        for (int i = 0; i < ResponseBodies.MAX_READING + 20; i++) {
            finished(bodies, i, "text/html", 5, large);
        }
        assertThat(told).hasSize(11).allMatch(line -> line.endsWith("bodies came faster than they could be read"));
        for (int i = 0; i < ResponseBodies.MAX_READING + 9; i++) {
            reads.get(i).complete(answer("b"));
        }
        assertThat(told).hasSize(ResponseBodies.MAX_READING + 20);
        // Those that are read make room for others.
        for (int i = 0; i < ResponseBodies.MAX_READING + 9; i++) {
            finished(bodies, i, "text/html", 5, large);
        }
        assertThat(told).hasSize(ResponseBodies.MAX_READING + 20);
    }

    @Test
    void theEndTellsWhatIsNotRead() {
        for (int i = 0; i < 10; i++) {
            finished(i);
        }
        bodies.stop();
        assertThat(told).hasSize(10).allMatch(line -> line.endsWith("the session ended before it was read"));
        reads.get(0).complete(answer("late"));
        assertThat(told).hasSize(10);
    }
}
