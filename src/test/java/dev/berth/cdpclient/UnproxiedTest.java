package dev.berth.cdpclient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.ConnectionOutcomes.Passage;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnproxiedTest {
    private static final String SOCKS = "net::ERR_SOCKS_CONNECTION_FAILED";
    private static final String REFUSED = "net::ERR_CONNECTION_REFUSED";
    private static final String SENT =
            "{'method':'Network.requestWillBeSent','params':{'requestId':'%s','loaderId':'L','documentURL':'http://doc.test/',"
                    + "'request':{'url':'%s','method':'GET','headers':{}}%s},'sessionId':'S'}";
    private static final String FAILED = "{'method':'Network.loadingFailed','params':{'requestId':'%s','timestamp':1.5,"
            + "'type':'Fetch','errorText':'%s','canceled':false},'sessionId':'S'}";
    private static final String RECEIVED =
            "{'method':'Network.responseReceived','params':{'requestId':'1','type':'Fetch',"
                    + "'response':%s,'hasExtraInfo':true},'sessionId':'S'}";
    private static final String RESPONSE = "{'url':'http://a.test:81/x','status':200,'headers':{'remoteIPAddress':'%s',"
            + "'remoteIPAddress':'y'},'connectionId':17,'remoteIPAddress':'%s','remotePort':%s,'protocol':'http/1.1'}";

    private final Map<String, String> failures = new HashMap<>(Map.of("http://a.test:81", REFUSED));
    private final Map<String, String> servers = new HashMap<>(Map.of("http://a.test:81", "[2001:db8::1]:81"));
    private final Map<Long, String> navigations = new HashMap<>();
    private final Unproxied unproxied = new Unproxied(
            url -> Optional.of(new Passage(
                    Optional.empty(), Optional.ofNullable(failures.get(url)), Optional.ofNullable(servers.get(url)))),
            id -> Optional.ofNullable(navigations.get(id)));

    /** The message that the client gets, in JSON with single quotes. */
    private String told(String message) {
        // It stands somewhere among others.
        byte[] bytes = ("}}}" + message.replace('\'', '"') + "{{{").getBytes(StandardCharsets.UTF_8);
        return unproxied
                .told(bytes, 3, bytes.length - 3)
                .map(other -> new String(other, StandardCharsets.UTF_8).replace('"', '\''))
                .orElse(message);
    }

    private void passes(String message) {
        assertThat(told(message)).isEqualTo(message);
    }

    @Test
    void aRequestThatCouldNotConnectHasChromesError() {
        passes(SENT.formatted("1", "http://a.test:81/x?y", ""));
        assertThat(told(FAILED.formatted("1", SOCKS))).isEqualTo(FAILED.formatted("1", REFUSED));
        passes(FAILED.formatted("1", "net::ERR_ABORTED"));
    }

    @Test
    void aRequestThatARuleRefusedOrThatIsNotKnownKeepsItsError() {
        passes(SENT.formatted("1", "http://blocked.test/", ""));
        passes(FAILED.formatted("1", SOCKS));
        passes(FAILED.formatted("2", SOCKS));
        passes(SENT.formatted("1", "http://a.test:81/".repeat(300), ""));
        passes(SENT.formatted("3", "http://" + "a".repeat(5_000) + ".test/", ""));
        passes(FAILED.formatted("3", SOCKS));
    }

    @Test
    void aWebSocketThatCouldNotConnectHasChromesError() {
        passes("{'method':'Network.webSocketCreated','params':{'requestId':'w','url':'http://a.test:81/live'}}");
        assertThat(told("{'method':'Network.webSocketFrameError','params':{'requestId':'w','errorMessage':'Error: "
                        + SOCKS + "'}}"))
                .contains("'Error: " + REFUSED + "'");
    }

    @Test
    void anAnswerToANavigationHasChromesErrorOfWhereItLed() {
        String answer = "{'id':7,'result':{'frameId':'F','loaderId':'1','errorText':'%s'},'sessionId':'S'}";
        passes(answer.formatted(SOCKS));
        navigations.put(7L, "http://first.test/");
        passes(answer.formatted(SOCKS));
        passes(SENT.formatted("1", "http://a.test:81/redirected", ""));
        assertThat(told(answer.formatted(SOCKS))).isEqualTo(answer.formatted(REFUSED));
        passes("{'id':7,'result':{'frameId':'F','loaderId':'1'},'sessionId':'S'}");
    }

    @Test
    void aResponseHasTheServersAddress() {
        String proxys = RECEIVED.formatted(RESPONSE.formatted("x", "127.0.0.1", "4711"));
        String servers6 = RECEIVED.formatted(RESPONSE.formatted("x", "[2001:db8::1]", "81"));
        assertThat(told(proxys)).isEqualTo(servers6);
        String redirect = ",'redirectHasExtraInfo':false,'redirectResponse':";
        assertThat(told(SENT.formatted("1", "http://b.test/", redirect + RESPONSE.formatted("x", "127.0.0.1", "4711"))))
                .contains("'remoteIPAddress':'[2001:db8::1]','remotePort':81,");
        servers.clear();
        passes(proxys);
        passes(RECEIVED.formatted("{'url':'data:,x','status':200,'headers':{}}"));
    }
}
