package dev.berth.browser.watch.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.berth.browser.ConnectionOutcomes;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import dev.berth.protocol.ExtensionOrigins;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.NetworkEntry.BlockedRequest;
import dev.berth.protocol.NetworkEntry.RequestInitiator;
import dev.berth.protocol.NetworkEntry.RequestTimings;
import dev.berth.protocol.RouteEntry.AppliedRoute;
import dev.berth.protocol.RouteEntry.RouteAction;
import dev.berth.protocol.SocketMessages;
import dev.berth.protocol.SocketMessages.State;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTrackerTest {
    private static final String PAGE = "page";
    private static final String FRAME = "frame";

    private final List<NetworkEntry> entries = new ArrayList<>();
    private final List<String> documents = new ArrayList<>();
    private final Map<String, ConnectionOutcomes.Passage> passages = new HashMap<>();
    private long nowNanos;
    private final NetworkTracker tracker = new NetworkTracker(
            entries::add,
            (session, entry) -> entries.add(entry),
            (frame, loader, status) -> documents.add(loader + " " + status),
            () -> nowNanos,
            session -> session.equals(PAGE) ? Optional.of("P") : Optional.empty(),
            url -> Optional.ofNullable(passages.get(url)),
            false,
            new ExtensionOrigins(Map.of("abcdefghijklmnopabcdefghijklmnop", "blocker")));

    /** JSON with single quotes. */
    private void event(String session, String method, String params) {
        tracker.handle(new CdpEvent(session, "Network." + method, new JsonObject(params.replace('\'', '"'))));
    }

    private void sent(String session, String id, String url, double at, String more) {
        event(session, "requestWillBeSent", """
                {'requestId':'%s','loaderId':'L','documentURL':'http://a.test/','timestamp':%s,'wallTime':1700000000.25,
                'initiator':{'type':'other'},'type':'Fetch',
                'request':{'url':'%s','method':'GET','headers':{'Accept':'*/*'}}%s}""".formatted(id, at, url, more));
    }

    private void sent(String id) {
        sent(PAGE, id, "http://a.test/" + id, 100, "");
    }

    private static String response(int status, String more) {
        return """
                {'url':'http://a.test/','status':%d,'statusText':'','mimeType':'text/html',
                'headers':{'Content-Type':'text/html'},'encodedDataLength':120%s}""".formatted(status, more);
    }

    private void received(String session, String id, String type, String response) {
        event(
                session,
                "responseReceived",
                "{'requestId':'%s','loaderId':'L','timestamp':100.2,'type':'%s','response':%s}"
                        .formatted(id, type, response));
    }

    private void received(String id) {
        received(PAGE, id, "Fetch", response(200, ""));
    }

    private void finished(String id) {
        event(PAGE, "loadingFinished", "{'requestId':'%s','timestamp':100.5,'encodedDataLength':2048}".formatted(id));
    }

    private void failed(String id, String more) {
        event(
                PAGE,
                "loadingFailed",
                "{'requestId':'%s','timestamp':100.5,'type':'Fetch','canceled':false%s}".formatted(id, more));
    }

    private void headersSent(String id, String headers) {
        event(
                PAGE,
                "requestWillBeSentExtraInfo",
                "{'requestId':'%s','associatedCookies':[],'headers':%s,'connectTiming':{'requestTime':100.1}}"
                        .formatted(id, headers));
    }

    private void headersSent(String id, JsonObject headers) {
        JsonObject params = new JsonObject()
                .put("requestId", id)
                .put("associatedCookies", new JsonArray())
                .put("headers", headers)
                .put("connectTiming", new JsonObject().put("requestTime", 100.1));
        tracker.handle(new CdpEvent(PAGE, "Network.requestWillBeSentExtraInfo", params));
    }

    private NetworkEntry only() {
        assertThat(entries).hasSize(1);
        return entries.get(0);
    }

    @Test
    void aPlainRequestBecomesOneEntry() {
        sent("1");
        received("1");
        assertThat(entries).isEmpty();
        finished("1");
        NetworkEntry entry = only();
        assertThat(entry.url()).isEqualTo("http://a.test/1");
        assertThat(entry.method()).isEqualTo("GET");
        assertThat(entry.status()).contains(200);
        assertThat(entry.resourceType()).isEqualTo("fetch");
        assertThat(entry.mimeType()).isEqualTo("text/html");
        assertThat(entry.timestamp()).isEqualTo(Instant.ofEpochMilli(1_700_000_000_250L));
        assertThat(entry.fromCache()).isFalse();
        assertThat(entry.fromServiceWorker()).isFalse();
        assertThat(entry.error()).isEmpty();
        assertThat(entry.requestHeaders()).isEqualTo(Map.of("Accept", "*/*"));
        assertThat(entry.responseHeaders()).isEqualTo(Map.of("Content-Type", "text/html"));
    }

    @Test
    void theSizeIsWhatCameOverTheNetwork() {
        sent("1");
        received("1");
        finished("1");
        assertThat(only().size()).isEqualTo(2048);
    }

    @Test
    void theDurationIsMillisecondsByChromesMonotonicClock() {
        sent(PAGE, "1", "http://a.test/", 5123.100250, "");
        event(PAGE, "loadingFinished", "{'requestId':'1','timestamp':5123.350500,'encodedDataLength':0}");
        assertThat(only().duration()).isEqualTo(250.25);
    }

    @Test
    void aClockThatStepsBackGivesNoNegativeDuration() {
        sent(PAGE, "1", "http://a.test/", 200, "");
        finished("1");
        assertThat(only().duration()).isZero();
    }

    @Test
    void theFragmentBelongsToTheUrl() {
        event(PAGE, "requestWillBeSent", """
                {'requestId':'1','timestamp':1.0,'wallTime':1.0,'type':'Document','request':
                {'url':'http://a.test/p','urlFragment':'#top','method':'POST','headers':{}}}""");
        event(PAGE, "loadingFinished", "{'requestId':'1','timestamp':2.0,'encodedDataLength':0}");
        assertThat(only().url()).isEqualTo("http://a.test/p#top");
        assertThat(only().method()).isEqualTo("POST");
    }

    @Test
    void anEndWithoutABeginningGivesNoEntry() {
        received("unknown");
        finished("unknown");
        failed("unknown", ",'errorText':'net::ERR_FAILED'");
        assertThat(entries).isEmpty();
    }

    @Test
    void aFinishedRequestIsForgotten() {
        sent("1");
        finished("1");
        finished("1");
        tracker.abandonAll();
        assertThat(entries).hasSize(1);
    }

    @Test
    void eachHopOfARedirectChainIsAnEntryOfItsOwn() {
        sent(PAGE, "1", "http://a.test/one", 100, "");
        sent(
                PAGE,
                "1",
                "http://a.test/two",
                100.1,
                ",'redirectResponse':" + response(301, ",'headers':{'Location':'/two'}"));
        sent(PAGE, "1", "http://a.test/three", 100.3, ",'redirectResponse':" + response(302, ""));
        received("1");
        finished("1");
        assertThat(entries)
                .extracting(NetworkEntry::url)
                .containsExactly("http://a.test/one", "http://a.test/two", "http://a.test/three");
        assertThat(entries).extracting(e -> e.status().orElseThrow()).containsExactly(301, 302, 200);
        assertThat(entries).extracting(NetworkEntry::duration).containsExactly(100.0, 200.0, 200.0);
        assertThat(entries).extracting(NetworkEntry::size).containsExactly(120L, 120L, 2048L);
        assertThat(entries).allSatisfy(e -> assertThat(e.error()).isEmpty());
    }

    @Test
    void aFailureHasChromesErrorText() {
        sent("1");
        failed("1", ",'errorText':'net::ERR_CONNECTION_REFUSED'");
        assertThat(only().error()).contains("net::ERR_CONNECTION_REFUSED");
        assertThat(only().status()).isEmpty();
        assertThat(only().duration()).isEqualTo(500);
    }

    @Test
    void aFailureNamesWhatBlockedTheRequest() {
        sent("1");
        failed("1", ",'errorText':'net::ERR_BLOCKED_BY_CLIENT','blockedReason':'inspector'");
        assertThat(only().error())
                .hasValueSatisfying(why -> assertThat(why).contains("net::ERR_BLOCKED_BY_CLIENT", "inspector"));
    }

    @Test
    void aBlockedRequestWithoutErrorTextStillHasAnError() {
        sent("1");
        failed("1", ",'errorText':'','blockedReason':'mixed-content'");
        assertThat(only().error()).hasValueSatisfying(why -> assertThat(why).contains("mixed-content"));
    }

    @Test
    void aFailureNamesTheCorsError() {
        sent("1");
        failed(
                "1",
                ",'errorText':'net::ERR_FAILED','corsErrorStatus':{'corsError':'MissingAllowOriginHeader','failedParameter':''}");
        assertThat(only().error())
                .hasValueSatisfying(why -> assertThat(why).contains("net::ERR_FAILED", "MissingAllowOriginHeader"));
    }

    @Test
    void aFailureAfterTheResponseKeepsItsStatus() {
        sent("1");
        received("1");
        failed("1", ",'errorText':'net::ERR_ABORTED','canceled':true");
        assertThat(only().status()).contains(200);
        assertThat(only().error()).contains("net::ERR_ABORTED");
    }

    private void received(String id, int bytes, double at) {
        event(
                PAGE,
                "dataReceived",
                "{'requestId':'%s','timestamp':%s,'dataLength':9,'encodedDataLength':%s}".formatted(id, at, bytes));
    }

    private void passes(long millis) {
        nowNanos += millis * 1_000_000;
        tracker.endUnread();
    }

    @Test
    void aRequestWithAnUnreadBodyEndsAWhileAfterItsResponse() {
        sent("1");
        received("1");
        sent("2");
        passes(4_999);
        assertThat(entries).isEmpty();
        assertThat(tracker.awaitsBodies()).isTrue();
        passes(1);
        assertThat(only().status()).contains(200);
        assertThat(only().error()).isEmpty();
        assertThat(only().duration()).isCloseTo(200, within(1.0));
        assertThat(only().size()).isEqualTo(120);
        assertThat(tracker.awaitsBodies()).isFalse();
        finished("1");
        tracker.abandonAll();
        assertThat(entries).hasSize(2);
    }

    @Test
    void aBodyThatIsBeingReadIsAwaited() {
        sent("1");
        received("1");
        passes(4_000);
        received("1", 700, 104.0);
        passes(4_000);
        assertThat(entries).isEmpty();
        passes(1_000);
        assertThat(only().size()).isEqualTo(820);
        assertThat(only().duration()).isEqualTo(4_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Document", "Script", "Image", "Media", "EventSource"})
    void bodiesThatChromeReadsAreAwaitedHoweverSlow(String type) {
        sent("1");
        received(PAGE, "1", type, response(200, ""));
        assertThat(tracker.awaitsBodies()).isFalse();
        passes(3_600_000);
        assertThat(entries).isEmpty();
        finished("1");
        assertThat(only().size()).isEqualTo(2048);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Fetch", "XHR", "Other"})
    void bodiesThatScriptsReadMayStayUnread(String type) {
        sent("1");
        received(PAGE, "1", type, response(200, ""));
        passes(5_000);
        assertThat(only().status()).contains(200);
    }

    @Test
    void aFailureAfterAnEntryGivesASecondEntry() {
        sent("1");
        received("1");
        passes(5_000);
        received("1", 700, 110.0);
        failed("1", ",'errorText':'net::ERR_CONNECTION_RESET'");
        assertThat(entries).hasSize(2);
        assertThat(entries.get(1).url()).isEqualTo("http://a.test/1");
        assertThat(entries.get(1).status()).contains(200);
        assertThat(entries.get(1).error())
                .contains("net::ERR_CONNECTION_RESET (after a response that was reported before)");
    }

    @Test
    void withoutAFailureThereIsOneEntry() {
        for (String id : List.of("finished", "given up", "left")) {
            sent(id);
            received(id);
        }
        passes(5_000);
        assertThat(entries).hasSize(3);
        received("left");
        passes(5_000);
        finished("finished");
        event(
                PAGE,
                "loadingFailed",
                "{'requestId':'given up','timestamp':110,'errorText':'net::ERR_ABORTED','canceled':true}");
        tracker.targetGone(PAGE);
        assertThat(entries).hasSize(3);
        assertThat(tracker.bytesInFlight()).isZero();
    }

    @Test
    void aRedirectIsNoResponse() {
        sent("1");
        received("1");
        sent(PAGE, "1", "http://second.test/", 100.1, ",'redirectResponse':" + response(302, ""));
        passes(60_000);
        assertThat(only().status()).contains(302);
        finished("1");
        assertThat(entries).hasSize(2);
    }

    @Test
    void theMemoryCacheIsACache() {
        sent("1");
        event(PAGE, "requestServedFromCache", "{'requestId':'1'}");
        received("1");
        finished("1");
        assertThat(only().fromCache()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fromDiskCache", "fromPrefetchCache"})
    void theDiskAndPrefetchCachesAreCaches(String cache) {
        sent("1");
        received(PAGE, "1", "Fetch", response(200, ",'" + cache + "':true"));
        finished("1");
        assertThat(only().fromCache()).isTrue();
        assertThat(only().fromServiceWorker()).isFalse();
    }

    @Test
    void aResponseOfAServiceWorkerIsMarked() {
        sent("1");
        received(PAGE, "1", "Fetch", response(200, ",'fromServiceWorker':true"));
        finished("1");
        assertThat(only().fromServiceWorker()).isTrue();
        assertThat(only().fromCache()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "authorization",
                "Authorization",
                "PROXY-AUTHORIZATION",
                "Cookie",
                "cookie",
                "Set-Cookie",
                "set-cookie",
                "X-Api-Key",
                "X-BB-API-Key"
            })
    void secretHeadersAreRedactedInAnyCase(String name) {
        sent("1");
        headersSent("1", "{'" + name + "':'hunter2','Accept':'*/*'}");
        event(PAGE, "responseReceived", """
                {'requestId':'1','timestamp':100.2,'type':'Fetch','response':
                {'url':'http://a.test/','status':200,'mimeType':'','headers':{'%s':'hunter2','Server':'x'}}}""".formatted(name));
        finished("1");
        assertThat(only().requestHeaders()).isEqualTo(Map.of(name, "[redacted]", "Accept", "*/*"));
        assertThat(only().responseHeaders()).isEqualTo(Map.of(name, "[redacted]", "Server", "x"));
    }

    @Test
    void secretHeadersAreRedactedWithoutExtraInfoToo() {
        event(PAGE, "requestWillBeSent", """
                {'requestId':'1','timestamp':100.0,'wallTime':1.0,'request':
                {'url':'http://a.test/','method':'GET','headers':{'AuthoriZation':'Bearer hunter2'}}}""");
        finished("1");
        assertThat(only().requestHeaders()).isEqualTo(Map.of("AuthoriZation", "[redacted]"));
        assertThat(only().resourceType()).isEqualTo("other");
    }

    @Test
    void headersThatComeAfterTheRequestReplaceItsOwn() {
        sent("1");
        headersSent("1", "{'Host':'a.test'}");
        finished("1");
        assertThat(only().requestHeaders()).isEqualTo(Map.of("Host", "a.test"));
    }

    @Test
    void headersThatComeBeforeTheRequestAreKeptForIt() {
        headersSent("1", "{'Host':'a.test'}");
        sent("1");
        sent("2");
        finished("1");
        finished("2");
        assertThat(entries)
                .extracting(NetworkEntry::requestHeaders)
                .containsExactly(Map.of("Host", "a.test"), Map.of("Accept", "*/*"));
    }

    @Test
    void headersThatComeBeforeARedirectedRequestAreNotThoseOfTheHopBefore() {
        sent("1");
        headersSent("1", "{'Host':'first.test'}");
        headersSent("1", "{'Host':'second.test'}");
        sent(PAGE, "1", "http://second.test/", 100.1, ",'redirectResponse':" + response(302, ""));
        finished("1");
        assertThat(entries)
                .extracting(NetworkEntry::requestHeaders)
                .containsExactly(Map.of("Host", "first.test"), Map.of("Host", "second.test"));
    }

    @Test
    void aRequestReportedByTwoSessionsIsOneEntry() {
        sent(PAGE, "1", "http://b.test/", 100, "");
        sent(FRAME, "1", "http://b.test/", 100.1, "");
        received(FRAME, "1", "Document", response(200, ""));
        event(FRAME, "loadingFinished", "{'requestId':'1','timestamp':100.5,'encodedDataLength':7}");
        event(PAGE, "loadingFinished", "{'requestId':'1','timestamp':100.5,'encodedDataLength':7}");
        assertThat(only().duration()).isEqualTo(500);
        assertThat(only().status()).contains(200);
    }

    @Test
    void theStatusOfDocumentsIsPassedOn() {
        sent("doc");
        received(PAGE, "doc", "Document", response(404, ""));
        sent("script");
        received(PAGE, "script", "Script", response(200, ""));
        assertThat(documents).containsExactly("doc 404");
    }

    @Test
    void aTargetThatIsGoneEndsItsOwnRequests() {
        sent(PAGE, "1", "http://a.test/1", 100, "");
        sent(FRAME, "2", "http://a.test/2", 100, "");
        tracker.targetGone(PAGE);
        assertThat(only().url()).isEqualTo("http://a.test/1");
        assertThat(only().error()).hasValueSatisfying(why -> assertThat(why).contains("closed"));
        finished("2");
        assertThat(entries).hasSize(2);
        assertThat(entries.get(1).error()).isEmpty();
    }

    @Test
    void aRequestBelongsToTheTargetThatAnswersIt() {
        sent(PAGE, "1", "http://b.test/", 100, "");
        received(FRAME, "1", "Document", response(200, ""));
        tracker.targetGone(PAGE);
        assertThat(entries).isEmpty();
        tracker.targetGone(FRAME);
        assertThat(only().duration()).isEqualTo(200);
    }

    @Test
    void theEndOfTheSessionEndsRequestsInFlight() {
        sent("1");
        sent(FRAME, "2", "http://a.test/2", 100, "");
        tracker.abandonAll();
        assertThat(entries)
                .hasSize(2)
                .allSatisfy(e -> assertThat(e.error())
                        .hasValueSatisfying(why -> assertThat(why).contains("session ended")));
        finished("1");
        assertThat(entries).hasSize(2);
    }

    private void webSocketOpened() {
        event(PAGE, "webSocketCreated", "{'requestId':'w','url':'ws://a.test/live','initiator':{'type':'script'}}");
        event(PAGE, "webSocketWillSendHandshakeRequest", """
                {'requestId':'w','timestamp':100.0,'wallTime':1700000000.25,
                'request':{'headers':{'Upgrade':'websocket','Cookie':'hunter2'}}}""");
    }

    private void webSocketAnswered() {
        event(PAGE, "webSocketHandshakeResponseReceived", """
                {'requestId':'w','timestamp':100.1,'response':{'status':101,'statusText':'Switching Protocols',
                'headers':{'Upgrade':'websocket','Set-Cookie':'hunter2'}}}""");
    }

    private void webSocketClosed() {
        event(PAGE, "webSocketClosed", "{'requestId':'w','timestamp':102.0}");
    }

    @Test
    void aWebSocketIsAnEntryWhenItOpens() {
        webSocketOpened();
        assertThat(entries).isEmpty();
        webSocketAnswered();
        assertThat(only().url()).isEqualTo("ws://a.test/live");
        assertThat(only().method()).isEqualTo("GET");
        assertThat(only().status()).contains(101);
        assertThat(only().resourceType()).isEqualTo("websocket");
        assertThat(only().error()).isEmpty();
        assertThat(only().requestHeaders()).isEqualTo(Map.of("Upgrade", "websocket", "Cookie", "[redacted]"));
        assertThat(only().responseHeaders()).isEqualTo(Map.of("Upgrade", "websocket", "Set-Cookie", "[redacted]"));
    }

    private NetworkEntry lastOfTwo() {
        assertThat(entries).hasSize(2);
        assertThat(states()).containsExactly(State.OPEN, State.CLOSED);
        assertThat(entries.get(1).requestId()).isEqualTo(entries.get(0).requestId());
        return entries.get(1);
    }

    private List<State> states() {
        return entries.stream()
                .map(entry -> entry.messages().orElseThrow().state())
                .toList();
    }

    @Test
    void aWebSocketLastsFromItsHandshakeToItsClosing() {
        webSocketOpened();
        webSocketAnswered();
        webSocketClosed();
        assertThat(lastOfTwo().duration()).isEqualTo(2000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"document", "page", "session"})
    void anOpenWebSocketEndsWithItsPageOrItsSessionAndHasNotFailed(String with) {
        webSocketOpened();
        webSocketAnswered();
        message("Sent", 100.5, 1, "hello");
        nowNanos += TimeUnit.SECONDS.toNanos(60);
        switch (with) {
            case "document" -> tracker.documentGone(PAGE);
            case "page" -> tracker.targetGone(PAGE);
            default -> tracker.abandonAll();
        }
        assertThat(lastOfTwo().error()).isEmpty();
        assertThat(lastOfTwo().duration()).isEqualTo(60_100);
        assertThat(lastOfTwo().messages().orElseThrow().sent()).isOne();
    }

    @Test
    void aRequestOutlivesADocumentAndAWebSocketThatOfAnotherTarget() {
        sent("1");
        webSocketOpened();
        tracker.documentGone(FRAME);
        assertThat(entries).isEmpty();
        tracker.documentGone(PAGE);
        assertThat(only().resourceType()).isEqualTo("websocket");
    }

    @Test
    void aWebSocketThatTheServerHasNotAcceptedFailsWithItsPage() {
        webSocketOpened();
        tracker.targetGone(PAGE);
        assertThat(only().error()).hasValueSatisfying(why -> assertThat(why).contains("closed before the end"));
        assertThat(states()).containsExactly(State.CLOSED);
    }

    @Test
    void aWebSocketIsDatedByItsHandshake() {
        webSocketOpened();
        webSocketClosed();
        assertThat(only().timestamp()).isEqualTo(Instant.ofEpochMilli(1_700_000_000_250L));
    }

    @Test
    void aWebSocketThatDoesNotConnectHasAnError() {
        webSocketOpened();
        event(
                PAGE,
                "webSocketFrameError",
                "{'requestId':'w','timestamp':101.0,'errorMessage':'Error in connection establishment: net::ERR_CONNECTION_REFUSED'}");
        webSocketClosed();
        assertThat(only().error()).hasValueSatisfying(why -> assertThat(why).contains("net::ERR_CONNECTION_REFUSED"));
    }

    private void phases(String timing) {
        sent(PAGE, "1", "http://a.test/", 100.01, "");
        received(
                PAGE,
                "1",
                "Fetch",
                response(200, ",'protocol':'h2','remoteIPAddress':'[::1]','remotePort':443,'timing':" + timing));
        finished("1");
    }

    @Test
    void theRemoteAddressIsThatBehindTheProxy() {
        passages.put(
                "http://a.test/1",
                new ConnectionOutcomes.Passage(Optional.empty(), Optional.empty(), Optional.of("[::1]:443")));
        sent("1");
        received(PAGE, "1", "Fetch", response(200, ",'remoteIPAddress':'127.0.0.1','remotePort':4711"));
        finished("1");
        assertThat(only().remoteAddress()).contains("[::1]:443");
    }

    @Test
    void whatTheProxyRefusedSaysWhy() {
        BlockedRequest blocked = new BlockedRequest("blockedDomains", "options.blockedDomains includes a.test");
        passages.put(
                "http://a.test/1",
                new ConnectionOutcomes.Passage(Optional.of(blocked), Optional.of(blocked.words()), Optional.empty()));
        sent("1");
        failed("1", ",'errorText':'net::ERR_SOCKS_CONNECTION_FAILED'");
        assertThat(only().error()).contains(blocked.words());
        assertThat(only().blocked()).contains(blocked);
    }

    @Test
    void aFailureOfItsOwnIsChromes() {
        passages.put(
                "http://a.test/1",
                new ConnectionOutcomes.Passage(Optional.empty(), Optional.of("why"), Optional.empty()));
        sent("1");
        failed("1", ",'errorText':'net::ERR_CONNECTION_RESET'");
        assertThat(only().error()).contains("net::ERR_CONNECTION_RESET");
        assertThat(only().blocked()).isEmpty();
    }

    @Test
    void theTimingsFollowOneAnother() {
        phases("""
                {'requestTime':100.02,'dnsStart':5,'dnsEnd':7,'connectStart':8,'connectEnd':28,'sslStart':15,'sslEnd':28,
                'sendStart':29,'sendEnd':30,'receiveHeadersStart':99,'receiveHeadersEnd':100}""");
        RequestTimings timings = only().timings().orElseThrow();
        assertThat(timings).isEqualTo(new RequestTimings(15, 2, 21, 13, 2, 70, 380));
        assertThat(only().duration()).isEqualTo(15 + 2 + 21 + 2 + 70 + 380);
        assertThat(only().httpVersion()).contains("h2");
    }

    @Test
    void aReusedConnectionIsNeitherLookedUpNorMade() {
        phases("""
                {'requestTime':100.02,'dnsStart':-1,'dnsEnd':-1,'connectStart':-1,'connectEnd':-1,'sslStart':-1,'sslEnd':-1,
                'sendStart':1.5,'sendEnd':2,'receiveHeadersEnd':10}""");
        assertThat(only().timings()).contains(new RequestTimings(11.5, -1, -1, -1, 0.5, 8, 470));
    }

    @Test
    void aRequestHasTheIdsOfItsPageDocumentAndFrame() {
        sent(PAGE, "1", "http://a.test/", 100, ",'frameId':'P'");
        sent(PAGE, "2", "http://a.test/frame", 100, ",'frameId':'F'");
        sent("worker", "3", "http://a.test/script", 100, "");
        tracker.abandonAll();
        assertThat(entries).extracting(e -> e.requestId().orElseThrow()).containsExactly("1", "2", "3");
        assertThat(entries)
                .extracting(NetworkEntry::pageId)
                .containsExactly(Optional.of("P"), Optional.of("P"), Optional.empty());
        assertThat(entries)
                .extracting(NetworkEntry::frameId)
                .containsExactly(Optional.empty(), Optional.of("F"), Optional.empty());
        assertThat(entries).allSatisfy(e -> assertThat(e.documentId()).contains("L"));
    }

    private RequestInitiator initiator(String json) {
        event(PAGE, "requestWillBeSent", """
                {'requestId':'1','timestamp':1.0,'wallTime':1.0,'initiator':%s,
                'request':{'url':'http://a.test/','method':'GET','initialPriority':'High','headers':{}}}""".formatted(json));
        finished("1");
        return entries.remove(0).initiator().orElseThrow();
    }

    @Test
    void theInitiatorIsTheLineOfADocumentOrScript() {
        assertThat(initiator("{'type':'other'}"))
                .isEqualTo(new RequestInitiator("other", Optional.empty(), Optional.empty()));
        assertThat(initiator("{'type':'parser','url':'http://u:p@a.test/','lineNumber':6}"))
                .isEqualTo(new RequestInitiator("parser", Optional.of("http://redacted@a.test/"), Optional.of(7)));
        assertThat(initiator("""
                {'type':'script','stack':{'callFrames':[],'parent':{'callFrames':[{'url':'http://a.test/x.js','lineNumber':0}]}}}"""))
                .isEqualTo(new RequestInitiator("script", Optional.of("http://a.test/x.js"), Optional.of(1)));
        assertThat(initiator("{'type':'script','url':'http://a.test/" + "y".repeat(9_999) + "'}")
                        .url()
                        .orElseThrow())
                .hasSizeLessThan(2_100);
    }

    @Test
    void eachHopOfARedirectHasItsOwnTimingsAndTheSameId() {
        sent(PAGE, "1", "http://a.test/one", 100, "");
        sent(PAGE, "1", "http://a.test/two", 100.1, ",'redirectResponse':" + response(301, """
                ,'timing':{'requestTime':100.0,'sendStart':1,'sendEnd':2,'receiveHeadersEnd':90}"""));
        finished("1");
        assertThat(entries).extracting(e -> e.requestId().orElseThrow()).containsExactly("1", "1");
        assertThat(entries.get(0).timings()).contains(new RequestTimings(1, -1, -1, -1, 1, 88, 10));
        assertThat(entries.get(1).timings()).isEmpty();
    }

    @Test
    void theSizeOfARequestsBodyIsKeptButNotTheBody() {
        event(PAGE, "requestWillBeSent", """
                {'requestId':'1','timestamp':1.0,'wallTime':1.0,'request':{'url':'http://a.test/','method':'POST',
                'hasPostData':true,'postData':'pw=hunter2','headers':{}}}""");
        headersSent("1", "{'Content-Length':'10'}");
        received("1", 300, 1.5);
        finished("1");
        assertThat(only().requestBodySize()).contains(10L);
        assertThat(only().requestBody()).isEmpty();
        assertThat(only().contentSize()).contains(9L);
    }

    /** Chrome may send the header with the length after the request's end. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'bytes':'cHc9aHVudGVyMg=='} | 10",
                "{'bytes':'YWJj'},{'bytes':'YWI='} | 5",
                "{'bytes':'YWJj'},{} |"
            })
    void theSizeOfABodyIsKnownWithoutItsHeader(String entries, Long bytes) {
        event(
                PAGE,
                "requestWillBeSent",
                "{'requestId':'1','timestamp':1.0,'wallTime':1.0,'request':{'url':'http://a.test/','method':'POST',"
                        + "'hasPostData':true,'postDataEntries':[" + entries + "],'headers':{}}}");
        received("1", 300, 1.5);
        finished("1");
        assertThat(only().requestBodySize()).isEqualTo(Optional.ofNullable(bytes));
    }

    @Test
    void cookiesKeepTheirNames() {
        sent("1");
        headersSent("1", "{'Cookie':'sid=hunter2; theme=dark; hunter2'}");
        finished("1");
        assertThat(only().requestHeaders()).isEqualTo(Map.of("Cookie", "sid=[redacted]; theme=[redacted]; [redacted]"));
    }

    private void message(String direction, double at, int opcode, String data) {
        event(
                PAGE,
                "webSocketFrame" + direction,
                "{'requestId':'w','timestamp':%s,'response':{'opcode':%d,'mask':true,'payloadData':'%s'}}"
                        .formatted(at, opcode, data));
    }

    @Test
    void aWebSocketTellsItsMessages() {
        webSocketOpened();
        webSocketAnswered();
        message("Sent", 100.5, 1, "grüß 😀");
        message("Received", 101.0, 2, "AQIDBA==");
        webSocketClosed();
        assertThat(lastOfTwo().messages())
                .contains(new SocketMessages(
                        State.CLOSED,
                        1,
                        1,
                        11,
                        4,
                        List.of(
                                new SocketMessages.Message(
                                        Instant.ofEpochMilli(1_700_000_000_750L), true, 1, 11, "grüß 😀"),
                                new SocketMessages.Message(
                                        Instant.ofEpochMilli(1_700_000_001_250L), false, 2, 4, "AQIDBA=="))));
        assertThat(lastOfTwo().initiator().orElseThrow().type()).isEqualTo("script");
        assertThat(lastOfTwo().pageId()).contains("P");
    }

    @Test
    void ofManyMessagesTheFirstAreKeptAndAllCounted() {
        webSocketOpened();
        for (int i = 0; i < 1_000; i++) {
            message("Sent", 101, 1, "n".repeat(2_000));
        }
        assertThat(tracker.bytesInFlight()).isLessThan(200_000);
        webSocketClosed();
        SocketMessages messages = only().messages().orElseThrow();
        assertThat(messages.sent()).isEqualTo(1_000);
        assertThat(messages.sentBytes()).isEqualTo(2_000_000);
        assertThat(messages.first()).hasSizeBetween(10, SocketLog.MAX_MESSAGES);
        assertThat(messages.first().get(0).data())
                .isEqualTo("n".repeat(SocketLog.MAX_DATA_CHARS) + "… (976 more characters)");
        assertThat(tracker.bytesInFlight()).isZero();
    }

    private static String bulky() {
        StringBuilder headers = new StringBuilder("{'X-0':'" + "a".repeat(4_000) + "'");
        for (int i = 1; i < 100; i++) {
            headers.append(",'X-")
                    .append(i)
                    .append("':'")
                    .append("a".repeat(4_000))
                    .append('\'');
        }
        return headers.append('}').toString();
    }

    @Test
    void headersAreBoundedTogether() {
        sent("1");
        headersSent("1", bulky());
        finished("1");
        int chars = only().requestHeaders().entrySet().stream()
                .mapToInt(header -> header.getKey().length() + header.getValue().length())
                .sum();
        assertThat(chars).isBetween(KeptHeaders.MAX_CHARS - 100, KeptHeaders.MAX_CHARS + 100);
    }

    @Test
    void requestsInFlightAreBoundedInBytesAndTheOldestIsGivenUp() {
        // Parsed only once, as it is large.
        JsonObject bulky = new JsonObject(bulky().replace('\'', '"'));
        for (int i = 0; i < 1_500; i++) {
            headersSent("early" + i, bulky);
            sent(PAGE, "r" + i, "http://a.test/" + i, 100, "");
            headersSent("r" + i, bulky);
        }
        assertThat(tracker.bytesInFlight()).isLessThanOrEqualTo(RequestsInFlight.MAX_BYTES);
        assertThat(entries)
                .isNotEmpty()
                .allSatisfy(
                        entry -> assertThat(entry.error()).contains("more requests were in flight than Berth keeps"));
        assertThat(entries.get(0).url()).isEqualTo("http://a.test/0");
        tracker.abandonAll();
        assertThat(entries).hasSize(1_500);
    }

    @Test
    void aWebSocketThatIsGivenUpIsOpenNoMore() {
        webSocketOpened();
        webSocketAnswered();
        for (int i = 0; i < RequestsInFlight.MAX_REQUESTS; i++) {
            sent("r" + i);
        }
        assertThat(lastOfTwo().error()).contains("more requests were in flight than Berth keeps");
        assertThat(lastOfTwo().opensSocket()).isFalse();
    }

    @Test
    void endedRequestsTakeNoMemory() {
        sent("1");
        sent(PAGE, "1", "http://a.test/2", 101, ",'redirectResponse':" + response(302, ""));
        headersSent("1", bulky());
        received("1");
        finished("1");
        headersSent("2", bulky());
        sent("2");
        failed("2", ",'errorText':'gone'");
        assertThat(tracker.bytesInFlight()).isZero();
    }

    /** The interception and the network report the same request by different ways, in any order. */
    @Test
    void aRuleIsToldWithTheRequestThatItHeldFor() {
        AppliedRoute delays = new AppliedRoute("route-1", RouteAction.DELAY);
        tracker.routed("1", "http://a.test/", delays);
        tracker.routed("2", "http://a.test/", delays);
        sent(PAGE, "1", "http://a.test/", 100, "");
        tracker.routed("1", "http://a.test/two", new AppliedRoute("route-2", RouteAction.BLOCK));
        sent(PAGE, "1", "http://a.test/two", 100.1, ",'redirectResponse':" + response(302, ""));
        failed("1", ",'errorText':'net::ERR_BLOCKED_BY_CLIENT.Inspector','blockedReason':'inspector'");
        sent(PAGE, "2", "http://other.test/", 100.2, "");
        finished("2");
        assertThat(entries)
                .extracting(entry -> entry.rule().map(AppliedRoute::routeId).orElse("none"))
                .containsExactly("route-1", "route-2", "none");
        assertThat(entries.get(1).error()).contains("net::ERR_BLOCKED_BY_CLIENT (by the session's route-2)");
        assertThat(entries.get(1).blocked()).map(BlockedRequest::rule).contains("route-2");
    }
}
