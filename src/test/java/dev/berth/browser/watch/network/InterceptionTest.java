package dev.berth.browser.watch.network;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import dev.berth.browser.cdp.ChromePipe;
import dev.berth.browser.cdp.ScriptedChrome;
import dev.berth.protocol.AddRoute;
import dev.berth.protocol.ExtensionOrigins;
import dev.berth.protocol.RouteEntry.RouteAction;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class InterceptionTest {
    private static final int REQUESTS = 200;
    private static final String TEXT = "x".repeat(AddRoute.MAX_BODY_BYTES);

    private final ScriptedChrome chrome = new ScriptedChrome(true);
    private ContextInternal context;
    private Interception interception;

    @BeforeEach
    void connect(Vertx vertx) throws Exception {
        context = (ContextInternal) vertx.getOrCreateContext();
        CdpConnection connection = await(on(context, () -> CdpConnection.open(vertx, ChromePipe.of(context, chrome)))
                .compose(opened -> opened));
        NetworkTracker network = new NetworkTracker(
                entry -> {},
                (session, entry) -> {},
                (frame, loader, status) -> {},
                System::nanoTime,
                session -> Optional.empty(),
                url -> Optional.empty(),
                false,
                ExtensionOrigins.NONE);
        interception = await(on(
                context,
                () -> new Interception(
                        vertx,
                        connection,
                        new HttpLogins(List.of()),
                        network,
                        AddedHeaders.NONE,
                        Future::succeededFuture)));
    }

    private void add(RouteAction action, Optional<String> body, Map<String, String> setHeaders) throws Exception {
        AddRoute rule = new AddRoute(
                "**/*",
                List.of(),
                List.of(),
                action,
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                body,
                setHeaders,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1);
        await(on(context, () -> interception.add(rule)).compose(added -> added));
    }

    /** A page sends requests, whose ids count from 0, while Chrome reads nothing. */
    private void pause(int requests, String header) throws Exception {
        await(on(context, () -> {
            chrome.standStill();
            for (int i = 0; i < requests; i++) {
                JsonObject request = new JsonObject()
                        .put("url", "http://a.test/" + i)
                        .put("method", "GET")
                        .put("headers", new JsonObject().put("X-Own", header));
                interception.paused(new CdpEvent(
                        CdpConnection.BROWSER,
                        "Fetch.requestPaused",
                        new JsonObject()
                                .put("requestId", String.valueOf(i))
                                .put("resourceType", "Fetch")
                                .put("request", request)));
            }
            return null;
        }));
    }

    /** Chrome reads all that waits for it, and all that is sent then. */
    private List<JsonObject> answers() throws Exception {
        while (await(on(context, chrome::readOne))) {
            // What is told of it comes in turns of the event loop after this one.
        }
        return chrome.on(() -> List.copyOf(chrome.got)).stream()
                .filter(command -> command.getString("method").startsWith("Fetch.")
                        && command.getJsonObject("params").containsKey("requestId"))
                .toList();
    }

    private static Stream<String> requestIds(List<JsonObject> commands) {
        return commands.stream().map(command -> command.getJsonObject("params").getString("requestId"));
    }

    private static List<String> ids() {
        return Stream.iterate(0, i -> i + 1)
                .limit(REQUESTS)
                .map(String::valueOf)
                .toList();
    }

    @Test
    void theBodiesOfMocksWaitUntilChromeReads() throws Exception {
        add(RouteAction.MOCK, Optional.of(TEXT), Map.of());
        pause(REQUESTS, "");
        assertThat(chrome.unreadBytes()).isBetween(1L << 20, 2L << 20);
        List<JsonObject> answers = answers();
        assertThat(requestIds(answers)).isEqualTo(ids());
        assertThat(answers)
                .allMatch(answer -> TEXT.equals(answer.getJsonObject("params").getString("body")));
    }

    @Test
    void setHeadersWaitUntilChromeReads() throws Exception {
        Map<String, String> most = IntStream.range(0, 50)
                .boxed()
                .collect(Collectors.toMap(i -> "X-Set-" + i, i -> TEXT.substring(0, 4_096)));
        add(RouteAction.CONTINUE, Optional.empty(), most);
        pause(REQUESTS, "own");
        assertThat(chrome.unreadBytes()).isBetween(1L << 20, 2L << 20);
        assertThat(requestIds(answers())).isEqualTo(ids());
    }

    @Test
    void requestsWhoseOwnHeadersTakeTooMuchWhileTheyWaitFail() throws Exception {
        add(RouteAction.CONTINUE, Optional.empty(), Map.of("X-Set", "set"));
        pause(REQUESTS, TEXT);
        List<JsonObject> answers = answers();
        long continued = answers.stream()
                .filter(answer -> answer.getString("method").equals("Fetch.continueRequest"))
                .count();
        assertThat(continued).isBetween(10L, (1L << 20) / TEXT.length() + LargeAnswers.MAX_BYTES / TEXT.length());
        assertThat(requestIds(answers)).containsExactlyInAnyOrderElementsOf(ids());
    }
}
