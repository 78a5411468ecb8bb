package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that prepare targets before they run, while Berth watches them too. */
class CdpTargetsIT extends InOwnSession {
    private static final JsonObject AUTO_ATTACH = new JsonObject()
            .put("autoAttach", true)
            .put("waitForDebuggerOnStart", true)
            .put("flatten", true);
    private static final JsonArray ALL = new JsonArray().add(new JsonObject());

    private String connectUrl;

    @Override
    @BeforeEach
    void create() {
        Api.Opened created = api.create();
        session = created.path();
        connectUrl = created.connectUrl();
    }

    private CdpClient connect(boolean first) {
        if (!first) {
            CdpClient.connect(connectUrl);
        }
        return CdpClient.connect(connectUrl);
    }

    private static JsonObject isTarget(JsonObject event, String type) {
        JsonObject info = event.getJsonObject("params").getJsonObject("targetInfo", new JsonObject());
        return type.equals(info.getString("type")) ? event.getJsonObject("params") : null;
    }

    /** Chrome's message when it attaches the client to the next target of a type. */
    private static JsonObject attached(CdpClient client, String type) {
        return client.event("Target.attachedToTarget", event -> isTarget(event, type) != null)
                .getJsonObject("params");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPopupRunsOnlyOnceItsClientHasPreparedIt(boolean first) {
        CdpClient client = connect(first);
        client.send("Target.setAutoAttach", AUTO_ATTACH, "");
        String page = attached(client, "page").getString("sessionId");
        for (int i = 0; i < 5; i++) {
            var opening = client.sendRaw(
                    "Runtime.evaluate",
                    new JsonObject()
                            .put("expression", "open('about:blank').prepared")
                            .put("returnByValue", true),
                    page);
            JsonObject popup = attached(client, "page");
            assertThat(popup.getBoolean("waitingForDebugger")).isTrue();
            String of = popup.getString("sessionId");
            client.send("Page.enable", new JsonObject(), of);
            client.send(
                    "Page.addScriptToEvaluateOnNewDocument",
                    new JsonObject().put("source", "prepared = 123").put("runImmediately", true),
                    of);
            assertThat(opening).isNotDone();
            client.send("Runtime.runIfWaitingForDebugger", new JsonObject(), of);
            assertThat(new JsonObject(opening.join())
                            .getJsonObject("result")
                            .getJsonObject("result")
                            .getInteger("value"))
                    .isEqualTo(123);
        }
        client.leave();
    }

    /** As Playwright does it: all at once, without waiting for answers. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPopupRunsOnlyOnceWhatItsClientSentBeforeIsDone(boolean first) {
        CdpClient client = connect(first);
        client.send("Target.setAutoAttach", AUTO_ATTACH, "");
        String page = attached(client, "page").getString("sessionId");
        for (int i = 0; i < 15; i++) {
            var opening = client.sendRaw(
                    "Runtime.evaluate",
                    new JsonObject()
                            .put("expression", "open('').prepared === 1")
                            .put("returnByValue", true),
                    page);
            String of = attached(client, "page").getString("sessionId");
            client.sendRaw("Page.enable", new JsonObject(), of);
            client.sendRaw(
                    "Page.addScriptToEvaluateOnNewDocument",
                    new JsonObject().put("source", "prepared = 1").put("runImmediately", true),
                    of);
            client.sendRaw("Runtime.runIfWaitingForDebugger", new JsonObject(), of);
            assertThat(new JsonObject(opening.join())
                            .getJsonObject("result")
                            .getJsonObject("result")
                            .getBoolean("value"))
                    .isTrue();
        }
        client.leave();
    }

    @Test
    void aPageThatTwoClientsPrepareIsNavigated() {
        CdpClient client = connect(true);
        CdpClient other = CdpClient.connect(connectUrl);
        for (CdpClient each : List.of(client, other)) {
            each.send("Target.setAutoAttach", AUTO_ATTACH, "");
            each.send(
                    "Runtime.runIfWaitingForDebugger",
                    new JsonObject(),
                    attached(each, "page").getString("sessionId"));
        }
        client.send("Target.createTarget", new JsonObject().put("url", "about:blank"), "");
        String page = attached(client, "page").getString("sessionId");
        client.send("Runtime.runIfWaitingForDebugger", new JsonObject(), page);
        other.send(
                "Runtime.runIfWaitingForDebugger",
                new JsonObject(),
                attached(other, "page").getString("sessionId"));
        JsonObject navigated = client.send("Page.navigate", new JsonObject().put("url", site.url("/plain")), page);
        assertThat(navigated.getString("errorText")).isNull();
    }

    /** An open dialog blocks all answers of a page. */
    @Test
    void aClientIsAnsweredBeforeThePopupThatItLetsRunOpensADialog() {
        CdpClient client = connect(true);
        client.send("Target.setAutoAttach", AUTO_ATTACH, "");
        String page = attached(client, "page").getString("sessionId");
        for (int i = 0; i < 5; i++) {
            var opening = client.sendRaw(
                    "Runtime.evaluate", new JsonObject().put("expression", "open('').alert('hello')"), page);
            String of = attached(client, "page").getString("sessionId");
            client.sendRaw("Page.enable", new JsonObject(), of);
            client.send("Runtime.runIfWaitingForDebugger", new JsonObject(), of);
            Api.await(
                    () -> client.ask("Page.handleJavaScriptDialog", new JsonObject().put("accept", true), of),
                    answer -> !answer.containsKey("error"));
            opening.join();
        }
        client.leave();
    }

    @Test
    void theFirstOutputOfAPreparedPopupIsCaptured() {
        CdpClient client = connect(true);
        client.send("Target.setAutoAttach", AUTO_ATTACH, "");
        String page = attached(client, "page").getString("sessionId");
        client.sendRaw(
                "Runtime.evaluate", new JsonObject().put("expression", "open().console.log('first word')"), page);
        String popup = attached(client, "page").getString("sessionId");
        client.send("Runtime.runIfWaitingForDebugger", new JsonObject(), popup);
        api.await(session + "/console", a -> a.text().contains("first word"));
        client.leave();
    }

    @Test
    void anUnregisteredServiceWorkerEndsAndWasCaptured() {
        CdpClient client = connect(true);
        client.send("Target.setDiscoverTargets", new JsonObject().put("discover", true), "");
        String page = client.attach();
        client.send("Page.navigate", new JsonObject().put("url", site.url("/plain")), page);
        api.await(session, a -> "Plain".equals(a.json().getString("title")));
        client.evaluate("registered = navigator.serviceWorker.register('/service.js'); 1", page);
        String worker = client.event("Target.targetCreated", event -> isTarget(event, "service_worker") != null)
                .getJsonObject("params")
                .getJsonObject("targetInfo")
                .getString("targetId");
        client.send(
                "Runtime.evaluate",
                new JsonObject()
                        .put("expression", "registered.then(made => made.unregister())")
                        .put("awaitPromise", true),
                page);
        client.send("Page.navigate", new JsonObject().put("url", "about:blank"), page);
        client.event(
                "Target.targetDestroyed",
                event -> worker.equals(event.getJsonObject("params").getString("targetId")));
        api.await(session + "/network", a -> a.text().contains("/service.js"));
        client.leave();
    }

    @Test
    void clientsAreToldThatPagesAreGoneBeforeTheirSocketCloses() {
        CdpClient client = connect(true);
        client.send("Target.setDiscoverTargets", new JsonObject().put("discover", true), "");
        client.send("Target.setAutoAttach", AUTO_ATTACH, "");
        JsonObject page = attached(client, "page");
        CdpClient other = CdpClient.connect(connectUrl);
        other.send("Browser.close");
        String gone = page.getString("sessionId");
        client.event(
                "Target.detachedFromTarget",
                event -> gone.equals(event.getJsonObject("params").getString("sessionId")));
        client.event(
                "Target.targetDestroyed",
                event -> page.getJsonObject("targetInfo")
                        .getString("targetId")
                        .equals(event.getJsonObject("params").getString("targetId")));
        assertThat(client.closed().code()).isEqualTo(1000);
    }

    @Test
    void ofConnectionsAClientSeesItsOwn() {
        CdpClient client = connect(false);
        client.send(
                "Target.setDiscoverTargets",
                new JsonObject().put("discover", true).put("filter", ALL),
                "");
        List<String> browsers = client.events("Target.targetCreated").stream()
                .map(event -> event.getJsonObject("params").getJsonObject("targetInfo"))
                .filter(info -> info.getString("type").equals("browser"))
                .map(info -> info.getString("targetId"))
                .toList();
        assertThat(browsers)
                .containsExactly(client.send("Target.getTargetInfo")
                        .getJsonObject("targetInfo")
                        .getString("targetId"));
        client.leave();
    }
}
