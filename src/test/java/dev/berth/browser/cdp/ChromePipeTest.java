package dev.berth.browser.cdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.cdp.Party.CommandAddress;
import dev.berth.limits.MemoryBudget;
import dev.berth.protocol.ExtensionOrigins;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChromePipeTest {
    private static final int MIB = 1 << 20;
    private static final int UNKNOWN_ID = 1_000_000;

    private final Vertx vertx = Vertx.vertx();
    /** The sessions that Chrome tells of a new page, before it answers who made the page. */
    private final List<String> told = new CopyOnWriteArrayList<>();

    private volatile Runnable beforeItOpens = () -> {};
    /** Whether Chrome answers who made the page. */
    private volatile boolean opens = true;

    private final ScriptedChrome chrome = new ScriptedChrome(true) {
        @Override
        protected Optional<JsonObject> script(JsonObject command) {
            return switch (command.getString("method")) {
                case "Target.createTarget" -> {
                    told.forEach(ChromePipeTest.this::tellOfHidden);
                    beforeItOpens.run();
                    JsonObject opened = result(new JsonObject().put("targetId", "hidden"));
                    yield Optional.of(opens ? opened : opened.put("id", UNKNOWN_ID));
                }
                case "Target.getTargets" -> {
                    JsonArray all = new JsonArray();
                    Stream.of("hidden", "shown", "its-tab")
                            .forEach(id -> all.add(new JsonObject().put("targetId", id)));
                    yield Optional.of(result(new JsonObject().put("targetInfos", all)));
                }
                default -> Optional.empty();
            };
        }
    };
    private MemoryBudget memory = ChromePipe.memory(1L << 30);
    private ChromePipe pipe;

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static <T> T on(Context context, Callable<T> call) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        context.runOnContext(ignored -> {
            try {
                result.complete(call.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(10, TimeUnit.SECONDS);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    /** A party that keeps what it hears. */
    private final class Listening implements Party.Receiver {
        /** A new one, on the next event loop: a thread of a test has one context for good. */
        final ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();

        final CompletableFuture<Optional<String>> closed = new CompletableFuture<>();
        final List<String> missed = new ArrayList<>();
        final List<String> heard = new ArrayList<>();
        final Party party;
        private final StringBuilder message = new StringBuilder();
        volatile int count;
        volatile int dropped;
        private int ids;

        Listening(Party.Kind kind) throws Exception {
            if (pipe == null) {
                pipe = ChromePipe.of(context, chrome, memory);
            }
            party = pipe.open(context, kind)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            party.start(this);
        }

        Listening hears() throws Exception {
            return on(context, () -> {
                party.resume();
                return this;
            });
        }

        boolean send(String session, String method) throws Exception {
            return on(context, () -> {
                byte[] text = ("{\"id\":" + ++ids + ",\"method\":\"" + method + "\""
                                + (session.isEmpty() ? "" : ",\"sessionId\":\"" + session + "\"") + "}")
                        .getBytes(StandardCharsets.UTF_8);
                boolean may = party.add(text, text.length, new CommandAddress(ids, session, 1, false));
                party.flush();
                return may;
            });
        }

        @Override
        public void piece(byte[] bytes, int from, int to, boolean last) {
            message.append(new String(bytes, from, to - from, StandardCharsets.UTF_8));
            if (last) {
                heard.add(message.toString());
                message.setLength(0);
                count++;
            }
        }

        @Override
        public void turnEnds() {}

        @Override
        public void dropped(int entries) {
            dropped += entries;
        }

        @Override
        public void missed(byte[] head, String sessionId, long bytes) {
            missed.add(sessionId + " " + MessageHead.method(head, 0, head.length) + " " + bytes);
            count++;
        }

        @Override
        public void drained() {}

        @Override
        public void closed(Optional<String> why) {
            closed.complete(why);
        }
    }

    /** Chrome tells a party's own session so many bytes, in events of so many. */
    private void tell(Listening party, String method, int events, int bytes) throws Exception {
        chrome.on(() -> {
            for (int i = 0; i < events; i++) {
                chrome.say(
                        party.party.session(),
                        ScriptedChrome.event(
                                method, new JsonObject().put("n", i).put("x", "x".repeat(bytes))));
                chrome.speak();
            }
            return null;
        });
    }

    private static JsonObject result(JsonObject result) {
        return new JsonObject().put("result", result);
    }

    /** A page in a tab, which waits for the session. */
    private void tellOfHidden(String session) {
        say(session, "attachedToTarget", "its-tab", "tab", new JsonObject().put("sessionId", "below-" + session));
        say(session, "targetCreated", "hidden", "page", new JsonObject());
        chrome.say(session, ScriptedChrome.event("Some.event", new JsonObject()));
    }

    private void say(String session, String event, String targetId, String type, JsonObject params) {
        JsonObject target = new JsonObject().put("targetId", targetId).put("type", type);
        chrome.say(session, ScriptedChrome.event("Target." + event, params.put("targetInfo", target)));
    }

    @Test
    void aHiddenPageIsKnownToItsPartyAlone() throws Exception {
        Listening owner = new Listening(Party.Kind.SERVER).hears();
        Listening other = new Listening(Party.Kind.CLIENT).hears();
        told.addAll(List.of(other.party.session(), owner.party.session()));
        assertThat(owner.party
                        .openHiddenPage(owner.context)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS))
                .isEqualTo("hidden");
        chrome.on(() -> {
            say(other.party.session(), "targetInfoChanged", "hidden", "page", new JsonObject());
            say(other.party.session(), "targetCreated", "shown", "page", new JsonObject());
            chrome.speak();
            return null;
        });
        other.send("", "Target.getTargets");
        owner.send("", "Target.getTargets");
        await(() -> other.count == 3 && owner.count == 4);
        assertThat(other.heard.get(0)).contains("Some.event");
        assertThat(other.heard.get(1)).contains("targetCreated").contains("shown");
        assertThat(other.heard.get(2)).isEqualTo("{\"id\":1,\"result\":{\"targetInfos\":[{\"targetId\":\"shown\"}]}}");
        assertThat(owner.heard.get(1)).contains("hidden");
        assertThat(owner.heard.get(3)).contains("hidden").contains("its-tab");
        on(owner.context, () -> {
            owner.party.close();
            return null;
        });
        await(() -> asked("Target.closeTarget").size() == 2);
        assertThat(asked("Target.detachFromTarget"))
                .as("Chrome does not wait for the other one")
                .contains(new JsonObject().put("sessionId", "below-" + other.party.session()))
                .doesNotContain(new JsonObject().put("sessionId", "below-" + owner.party.session()));
        assertThat(other.count).isEqualTo(3);
    }

    /** As the frames of Chrome's PDF viewer are. */
    private static JsonObject frame(String id, String url) {
        return new JsonObject().put("targetId", id).put("type", "iframe").put("url", url);
    }

    private static JsonObject attached(String session, JsonObject frame) {
        return ScriptedChrome.event(
                "Target.attachedToTarget",
                new JsonObject().put("sessionId", session).put("targetInfo", frame));
    }

    @Test
    void noClientKnowsTargetsOfExtensionsThatAreNotTheSessions() throws Exception {
        ContextInternal first = ((VertxInternal) vertx).createEventLoopContext();
        String own = "a".repeat(32);
        pipe = ChromePipe.of(first, chrome, new ExtensionOrigins(Map.of(own, "mine")));
        Listening server = new Listening(Party.Kind.SERVER).hears();
        Listening client = new Listening(Party.Kind.CLIENT).hears();
        JsonObject viewer = frame("viewer", "chrome-extension://" + "m".repeat(32) + "/index.html");
        JsonObject again = frame("viewer", "");
        JsonObject inner = frame("inner", "https://site.example/a.pdf").put("parentId", "viewer");
        chrome.on(() -> {
            for (Party party : List.of(client.party, server.party)) {
                chrome.say(party.session(), attached("late-" + party.kind(), frame("viewer", "")));
            }
            chrome.speak();
            return null;
        });
        await(() -> client.count == 1 && server.count == 1);
        assertThat(client.send("late-CLIENT", "Runtime.enable")).isTrue();
        chrome.on(() -> {
            chrome.say(
                    server.party.session(),
                    ScriptedChrome.event(
                            "Page.frameStartedNavigating",
                            new JsonObject().put("frameId", "viewer").put("url", viewer.getString("url"))));
            for (Party party : List.of(client.party, server.party)) {
                for (JsonObject target : List.of(again, inner, frame("mine", "chrome-extension://" + own + "/a.js"))) {
                    chrome.say(party.session(), attached(target.getString("targetId") + "-" + party.kind(), target));
                }
            }
            chrome.speak();
            return null;
        });
        await(() -> client.heard.stream().anyMatch(each -> each.contains("mine-CLIENT")) && server.count == 5);
        assertThat(client.heard).noneMatch(each -> each.contains("viewer-") || each.contains("inner-"));
        for (String gone : List.of("late-CLIENT", "viewer-CLIENT", "inner-CLIENT")) {
            await(() -> asked("Target.detachFromTarget").contains(new JsonObject().put("sessionId", gone)));
            assertThat(client.send(gone, "Runtime.evaluate")).as(gone).isFalse();
        }
        assertThat(client.send("mine-CLIENT", "Runtime.evaluate")).isTrue();
        assertThat(server.send("late-SERVER", "Runtime.evaluate")).isTrue();
        assertThat(server.send("viewer-SERVER", "Runtime.evaluate")).isTrue();
    }

    /** Pages choose how long their URLs are. */
    @Test
    void targetsAreHiddenInLongMessagesToo() throws Exception {
        ContextInternal first = ((VertxInternal) vertx).createEventLoopContext();
        pipe = ChromePipe.of(first, chrome, ExtensionOrigins.NONE);
        Listening client = new Listening(Party.Kind.CLIENT).hears();
        String session = client.party.session();
        String foreign = "chrome-extension://" + "m".repeat(32) + "/index.html?";
        JsonObject plain = frame("plain", "https://site.example/" + "a".repeat(70_000));
        JsonArray all = new JsonArray()
                .add(plain)
                .add(frame("viewer", foreign + "a".repeat(70_000)))
                .add(frame("inner", "https://site.example/a.pdf").put("parentId", "gone"));
        chrome.on(() -> {
            chrome.say(session, attached("plain-1", plain));
            chrome.say(session, attached("viewer-1", frame("viewer", foreign + "a".repeat(70_000))));
            chrome.say(
                    session,
                    ScriptedChrome.event(
                            "Page.frameStartedNavigating",
                            new JsonObject().put("frameId", "gone").put("url", foreign + "a".repeat(2_000_000))));
            chrome.say(session, attached("endless", frame("endless", foreign + "a".repeat(2_000_000))));
            chrome.say(session, new JsonObject().put("id", 8).put("result", new JsonObject().put("targetInfos", all)));
            chrome.say(
                    session,
                    new JsonObject()
                            .put("id", 9)
                            .put("result", new JsonObject().put("targetInfo", frame("viewer", foreign))));
            chrome.speak();
            return null;
        });
        await(() -> client.count == 4);
        assertThat(client.heard.get(0)).contains("plain-1");
        assertThat(client.heard.get(2))
                .startsWith("{\"id\":8,")
                .contains("plain")
                .doesNotContain("viewer", "inner");
        assertThat(client.heard.get(3)).startsWith("{\"id\":9,").contains("No target");
        for (String gone : List.of("viewer-1", "endless")) {
            await(() -> asked("Target.detachFromTarget").contains(new JsonObject().put("sessionId", gone)));
            assertThat(client.send(gone, "Runtime.evaluate")).as(gone).isFalse();
        }
    }

    @Test
    void aHiddenPageWhosePartyLeftBeforeItOpenedCloses() throws Exception {
        Listening owner = new Listening(Party.Kind.SERVER).hears();
        Listening other = new Listening(Party.Kind.CLIENT).hears();
        told.add(other.party.session());
        beforeItOpens = () -> pipe.leave(owner.party);
        owner.party.openHiddenPage(owner.context);
        await(() -> asked("Target.closeTarget").contains(new JsonObject().put("targetId", "hidden")));
        await(() -> other.count == 1);
        assertThat(other.heard.get(0)).contains("Some.event");
    }

    @Test
    void aHiddenPageIsAwaitedNoLongerThanAsked() throws Exception {
        Listening other = new Listening(Party.Kind.CLIENT).hears();
        opens = false;
        CompletableFuture<String> opened = new CompletableFuture<>();
        other.context.runOnContext(now -> CdpConnection.open(vertx, pipe)
                .compose(connection -> connection.openHiddenPage(1))
                .onSuccess(opened::complete)
                .onFailure(opened::completeExceptionally));
        assertThat(opened)
                .failsWithin(10, TimeUnit.SECONDS)
                .withThrowableThat()
                .withMessageContaining("the browser did not finish within 1 ms");
    }

    private List<JsonObject> asked(String method) {
        try {
            return chrome.on(() -> chrome.got.stream()
                    .filter(command -> method.equals(command.getString("method")))
                    .map(command -> command.getJsonObject("params"))
                    .toList());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aClientThatStopsReadingDelaysNobody() throws Exception {
        Listening eyes = new Listening(Party.Kind.SERVER).hears();
        Listening stopped = new Listening(Party.Kind.CLIENT);
        Listening other = new Listening(Party.Kind.CLIENT).hears();
        tell(stopped, "Some.event", 3_000, 10_000);
        eyes.send("", "Echo.it");
        other.send("", "Echo.it");
        await(() -> eyes.count == 1 && other.count == 1);
        assertThat(stopped.count).isZero();
        assertThat(memory.usedBytes()).isGreaterThan(30_000_000);
        stopped.hears();
        await(() -> stopped.count == 3_000);
        for (int i = 0; i < 3_000; i++) {
            assertThat(stopped.heard.get(i)).startsWith("{\"method\":\"Some.event\",\"params\":{\"n\":" + i + ",");
        }
        assertThat(stopped.closed).isNotDone();
        on(stopped.context, () -> null);
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void aClientThatLetsTooMuchWaitIsClosedAndToldWhy() throws Exception {
        memory = new MemoryBudget(4 * MIB, 4 * MIB);
        Listening stopped = new Listening(Party.Kind.CLIENT);
        Listening other = new Listening(Party.Kind.CLIENT).hears();
        tell(stopped, "Some.event", 50, 100_000);
        assertThat(stopped.closed.get(10, TimeUnit.SECONDS))
                .hasValueSatisfying(why -> assertThat(why).contains("is not reading"));
        assertThat(stopped.send("", "Echo.it")).isFalse();
        other.send("", "Echo.it");
        await(() -> other.count == 1);
        assertThat(memory.usedBytes()).isZero();
        assertThat(chrome.on(() -> chrome.parents.containsKey(stopped.party.session())))
                .as("what it set up in Chrome is gone")
                .isFalse();
    }

    @Test
    void theServerMissesLogsAndNothingElse() throws Exception {
        memory = new MemoryBudget(4 * MIB, 4 * MIB);
        Listening eyes = new Listening(Party.Kind.SERVER);
        tell(eyes, "Runtime.consoleAPICalled", 50, 100_000);
        tell(eyes, "Page.frameNavigated", 10, 100_000);
        eyes.send("", "Echo.it");
        tell(eyes, "Network.requestWillBeSent", 5, 100_000);
        eyes.hears();
        await(() -> eyes.count + eyes.dropped == 66);
        assertThat(eyes.dropped).isPositive();
        assertThat(eyes.heard.stream().filter(each -> each.contains("frameNavigated")))
                .hasSize(10);
        assertThat(eyes.heard.get(eyes.heard.size() - 1)).contains("echo");
        assertThat(eyes.closed).isNotDone();
    }

    @Test
    void aLargeMessageComesWholeWithoutTheSessionOfItsParty() throws Exception {
        Listening party = new Listening(Party.Kind.CLIENT).hears();
        tell(party, "Some.event", 3, 5 * MIB);
        await(() -> party.count == 3);
        assertThat(party.heard).allMatch(message -> message.endsWith("x\"}}") && message.length() > 5 * MIB);
        on(party.context, () -> null);
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void aMessageForWhichThereIsNoRoomIsToldOf() throws Exception {
        memory = new MemoryBudget(2 * MIB, 2 * MIB);
        Listening party = new Listening(Party.Kind.SERVER).hears();
        tell(party, "Some.event", 1, 5 * MIB);
        tell(party, "Some.event", 1, 10);
        await(() -> party.count == 2);
        assertThat(party.missed).singleElement().asString().startsWith(" Some.event 52429");
        assertThat(party.heard).hasSize(1);
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void itIsReadWhereItsFirstClientIs() throws Exception {
        Listening eyes = new Listening(Party.Kind.SERVER).hears();
        assertThat(chrome.loop()).isSameAs(eyes.context.nettyEventLoop());
        Listening client = new Listening(Party.Kind.CLIENT).hears();
        assertThat(client.context.nettyEventLoop()).isNotSameAs(eyes.context.nettyEventLoop());
        await(() -> chrome.loop() == client.context.nettyEventLoop());
        eyes.send("", "Echo.it");
        client.send("", "Echo.it");
        await(() -> eyes.count == 1 && client.count == 1);
        on(client.context, () -> {
            client.party.close();
            return null;
        });
        await(() -> chrome.loop() == eyes.context.nettyEventLoop());
        eyes.send("", "Echo.it");
        await(() -> eyes.count == 2);
    }

    @Test
    void itGoesToWhereMostIsHeard() throws Exception {
        Listening first = new Listening(Party.Kind.CLIENT).hears();
        Listening second = new Listening(Party.Kind.CLIENT).hears();
        assertThat(chrome.loop()).isSameAs(first.context.nettyEventLoop());
        tell(second, "Some.event", 2 * HomeChoice.WINDOW, 10);
        await(() -> second.count == 2 * HomeChoice.WINDOW && chrome.loop() == second.context.nettyEventLoop());
        for (int i = 0; i < second.count; i++) {
            assertThat(second.heard.get(i)).startsWith("{\"method\":\"Some.event\",\"params\":{\"n\":" + i + ",");
        }
        first.send("", "Echo.it");
        await(() -> first.count == 1);
    }

    @Test
    void nobodyHearsOfWhatIsBelowAnother() throws Exception {
        Listening first = new Listening(Party.Kind.CLIENT).hears();
        Listening second = new Listening(Party.Kind.CLIENT).hears();
        first.send("", "Target.attachToTarget");
        await(() -> first.count == 2);
        String below =
                new JsonObject(first.heard.get(1)).getJsonObject("result").getString("sessionId");
        assertThat(second.send(below, "Echo.it")).isFalse();
        assertThat(second.party.owns(below)).isFalse();
        assertThat(first.party.owns(below)).isTrue();
        assertThat(first.send(below, "Echo.it")).isTrue();
        await(() -> first.count == 3);
        assertThat(first.heard.get(2)).contains("\"sessionId\":\"" + below + "\"");
        assertThat(second.count).isZero();
    }

    @Test
    void whatChromeSaidBeforeItWasGoneIsHeardFirst() throws Exception {
        Listening eyes = new Listening(Party.Kind.SERVER).hears();
        Listening client = new Listening(Party.Kind.CLIENT).hears();
        await(() -> chrome.loop() == client.context.nettyEventLoop());
        CountDownLatch busy = new CountDownLatch(1);
        eyes.context.runOnContext(ignored -> {
            try {
                busy.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        tell(eyes, "Runtime.consoleAPICalled", 30, 100_000);
        chrome.on(() -> {
            chrome.die();
            return null;
        });
        busy.countDown();
        assertThat(eyes.closed.get(10, TimeUnit.SECONDS)).isEmpty();
        assertThat(eyes.count).isEqualTo(30);
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void allHearThatChromeIsGone() throws Exception {
        Listening eyes = new Listening(Party.Kind.SERVER).hears();
        Listening client = new Listening(Party.Kind.CLIENT);
        chrome.on(() -> {
            chrome.die();
            return null;
        });
        assertThat(eyes.closed.get(10, TimeUnit.SECONDS)).isEmpty();
        assertThat(client.closed.get(10, TimeUnit.SECONDS)).isEmpty();
        assertThat(client.send("", "Echo.it")).isFalse();
        assertThat(pipe.open(eyes.context, Party.Kind.CLIENT)
                        .toCompletionStage()
                        .toCompletableFuture())
                .failsWithin(10, TimeUnit.SECONDS);
    }
}
