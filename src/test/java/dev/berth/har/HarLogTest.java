package dev.berth.har;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.protocol.KeptBody;
import dev.berth.protocol.KeptBody.BodyEntry;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.SessionId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HarLogTest {
    private final HarLog har = new HarLog(SessionId.random());
    private final Buffer text = Buffer.buffer();

    /** @param more fields, as JSON with single quotes */
    private static NetworkEntry entry(String url, String more) {
        String json = """
                {'url':'%s','method':'GET','status':200,'duration':12.5,'size':300,'resourceType':'fetch','mimeType':'text/html',
                'timestamp':'2026-01-02T03:04:05.006Z','fromCache':false,'fromServiceWorker':false,'error':null,
                'requestHeaders':{},'responseHeaders':{}%s}""".formatted(url, more.isEmpty() ? "" : "," + more);
        byte[] line = new JsonObject(json.replace('\'', '"')).toBuffer().getBytes();
        return LogLines.of(List.of(line)).as(NetworkEntry.class).get(0);
    }

    private void add(NetworkEntry... entries) {
        text.appendBuffer(har.entries(List.of(entries), Map.of()));
    }

    private JsonObject log() {
        return log(List.of());
    }

    private JsonObject log(List<NavigationEntry> navigations) {
        return HarSchema.log(text.appendBuffer(har.end(navigations)).getBytes());
    }

    private JsonObject only() {
        List<JsonObject> entries = HarSchema.entries(log());
        assertThat(entries).hasSize(1);
        return entries.get(0);
    }

    @Test
    void theSchemaRefusesWhatIsNoHar() {
        assertThatThrownBy(() -> HarSchema.log(
                        "{\"log\":{\"version\":\"1.2\",\"entries\":[{}]}}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void aWebSocketIsOneEntryOfItsEnd() {
        for (String state : List.of("open", "closed")) {
            add(entry("ws://a.test/live", """
                    'messages':{'state':'%s','sent':0,'received':0,'sentBytes':0,'receivedBytes':0,'first':[]}""".formatted(state)));
        }
        only();
    }

    @Test
    void aRequestHasItsTimingsAndSizes() {
        add(entry("http://a.test/x?q=a%20b&empty&token=t#part", """
                'timings':{'blocked':1,'dns':2,'connect':30,'ssl':20,'send':0.5,'wait':4,'receive':5},'contentSize':900,
                'httpVersion':'h2','remoteAddress':'[::1]:443','priority':'High','requestBodySize':7,
                'initiator':{'type':'script','url':'http://a.test/x.js','line':1}"""));
        JsonObject entry = only();
        assertThat(entry.getString("startedDateTime")).isEqualTo("2026-01-02T03:04:05.006Z");
        assertThat(entry.getDouble("time")).isEqualTo(42.5);
        assertThat(entry.getJsonObject("timings").getDouble("ssl")).isEqualTo(20);
        assertThat(entry.getString("serverIPAddress")).isEqualTo("::1");
        assertThat(entry.getString("_priority")).isEqualTo("High");
        assertThat(entry.getJsonObject("_initiator"))
                .isEqualTo(new JsonObject("{\"type\":\"script\",\"url\":\"http://a.test/x.js\",\"lineNumber\":0}"));
        JsonObject request = entry.getJsonObject("request");
        assertThat(request.getString("url")).isEqualTo("http://a.test/x?q=a%20b&empty&token=t");
        assertThat(request.getString("httpVersion")).isEqualTo("http/2.0");
        assertThat(request.getInteger("bodySize")).isEqualTo(7);
        assertThat(request.getJsonArray("queryString")).isEqualTo(new JsonArray("""
                [{"name":"q","value":"a b"},{"name":"empty","value":""},{"name":"token","value":"t"}]"""));
        JsonObject response = entry.getJsonObject("response");
        assertThat(response.getString("statusText")).isEqualTo("OK");
        assertThat(response.getInteger("_transferSize")).isEqualTo(300);
        assertThat(response.getJsonObject("content").getInteger("size")).isEqualTo(900);
    }

    @Test
    void cookiesAreNamedButSecret() {
        add(entry("http://a.test/", "'requestHeaders':{'cookie':'sid=[redacted]; theme=[redacted]; [redacted]'}"));
        assertThat(only().getJsonObject("request").getJsonArray("cookies")).isEqualTo(new JsonArray("""
                [{"name":"sid","value":"[redacted]"},{"name":"theme","value":"[redacted]"},{"name":"","value":"[redacted]"}]"""));
    }

    @Test
    void aFailureHasAnErrorAndNoStatus() {
        add(entry("http://a.test/", "'status':null,'error':'net::ERR_FAILED'"));
        JsonObject entry = only();
        assertThat(entry.getJsonObject("response").getInteger("status")).isZero();
        assertThat(entry.getJsonObject("response").getString("_error")).isEqualTo("net::ERR_FAILED");
        assertThat(entry.getJsonObject("timings").getDouble("blocked")).isEqualTo(12.5);
    }

    private static NavigationEntry navigation(String document, Optional<Instant> contentLoadedAt) {
        return new NavigationEntry(
                "http://a.test/",
                "",
                Instant.EPOCH,
                Optional.of("P"),
                Optional.of(document),
                contentLoadedAt,
                Optional.empty());
    }

    @Test
    void pagesAreTheDocumentsOfMainFrames() {
        String page =
                "'pageId':'P','documentId':'%s','requestId':'%s','timestamp':'2026-01-02T03:04:%s.000Z','resourceType':'%s'%s";
        add(
                entry("http://a.test/early.css", page.formatted("D1", "1.1", "02", "stylesheet", "")),
                entry("http://a.test/", page.formatted("D1", "D1", "01", "document", "")),
                entry("http://a.test/frame", page.formatted("F", "F", "03", "document", ",'frameId':'F1'")),
                entry("http://a.test/next", page.formatted("D2", "D2", "09", "document", "")),
                entry("http://a.test/worker.js", "'documentId':'','requestId':'1.2'"));
        Optional<Instant> loaded = Optional.of(Instant.parse("2026-01-02T03:04:03.5Z"));
        // It comes back from the back/forward cache.
        JsonObject log = log(List.of(
                navigation("D1", loaded), navigation("D2", Optional.empty()), navigation("D1", Optional.empty())));
        assertThat(HarSchema.entries(log))
                .extracting(e -> e.getString("pageref"))
                .containsExactly("page_1", "page_1", "page_1", "page_2", null);
        assertThat(log.getJsonArray("pages")).hasSize(2);
        JsonObject first = log.getJsonArray("pages").getJsonObject(0);
        assertThat(first.getString("title")).isEqualTo("http://a.test/");
        assertThat(first.getString("startedDateTime")).isEqualTo("2026-01-02T03:04:01Z");
        assertThat(first.getJsonObject("pageTimings")).isEqualTo(new JsonObject().put("onContentLoad", 2_500));
        assertThat(log.getJsonArray("pages").getJsonObject(1).getJsonObject("pageTimings"))
                .isEmpty();
    }

    @Test
    void pagesAreBounded() {
        for (int i = 0; i <= HarPages.MAX_PAGES; i++) {
            add(entry("http://a.test/", "'pageId':'P','documentId':'%d','requestId':'%d'".formatted(i, i)));
        }
        // Not checked against the schema, which would take seconds.
        JsonObject log = new JsonObject(text.appendBuffer(har.end(List.of()))).getJsonObject("log");
        assertThat(log.getJsonArray("pages")).hasSize(HarPages.MAX_PAGES);
        assertThat(HarSchema.entries(log).get(HarPages.MAX_PAGES).getString("pageref"))
                .isNull();
    }

    @Test
    void aMarkInTheLogIsAComment() {
        add(entry("", "'method':'','status':null,'error':'7 requests are missing here'"), entry("http://a.test/", ""));
        JsonObject log = log();
        assertThat(HarSchema.entries(log)).hasSize(1);
        assertThat(log.getString("comment")).isEqualTo("7 requests are missing here");
    }

    @Test
    void bodiesAreTextOrTellWhyTheyAreMissing() {
        List<NetworkEntry> entries = new ArrayList<>();
        for (String body :
                List.of("'offset':5", "'offset':6", "'missing':'it has more than 1024 KiB'", "'offset':99")) {
            entries.add(entry("http://a.test/", "'body':{" + body + "}"));
        }
        text.appendBuffer(har.entries(
                entries, Map.of(5L, new BodyEntry("text/html", "<p>ü"), 6L, new BodyEntry("text/x", "six"))));
        List<JsonObject> contents = HarSchema.entries(log()).stream()
                .map(entry -> entry.getJsonObject("response").getJsonObject("content"))
                .toList();
        assertThat(contents.get(0).getString("text")).isEqualTo("<p>ü");
        assertThat(contents.get(1).getString("text")).isEqualTo("six");
        assertThat(contents.get(2).getString("comment")).isEqualTo("it has more than 1024 KiB");
        assertThat(contents.get(3).getString("text")).isNull();
        assertThat(entries.get(0).body().flatMap(KeptBody::offset)).isEqualTo(Optional.of(5L));
    }
}
