package dev.berth.cdpclient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.cdp.ChromePipe;
import dev.berth.browser.cdp.Party;
import dev.berth.browser.cdp.ScriptedChrome;
import dev.berth.cdpclient.command.CdpMessage;
import dev.berth.cdpclient.command.CommandText;
import dev.berth.cdpclient.command.CommandTextTest;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of one Chrome, of which none reaches what is another's, whatever it says and whenever sessions come and go. */
class OwnSessionsTest {
    private static final int STEPS = 1_500;

    private final Vertx vertx = Vertx.vertx();
    private final ScriptedChrome chrome = new ScriptedChrome(false);
    private final List<Client> clients = new ArrayList<>();
    private ChromePipe pipe;
    private int ids;

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private final class Client implements Party.Receiver {
        final int number;
        /** A new one, on the next event loop: a thread of a test has one context for good. */
        final Context context = ((VertxInternal) vertx).createEventLoopContext();

        final List<JsonObject> heard = Collections.synchronizedList(new ArrayList<>());
        final Map<Integer, String> accepted = new HashMap<>();
        private final StringBuilder message = new StringBuilder();
        Party end;

        Client(int number) {
            this.number = number;
        }

        <T> T on(Callable<T> call) throws Exception {
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

        void open() throws Exception {
            CompletableFuture<Party> opened = new CompletableFuture<>();
            context.runOnContext(
                    ignored -> pipe.open(context, Party.Kind.CLIENT).onSuccess(it -> {
                        it.start(this);
                        it.resume();
                        opened.complete(it);
                    }));
            while (!opened.isDone()) {
                chrome.on(chrome::answerNext);
            }
            end = opened.get();
        }

        /** Whether Chrome gets it. */
        boolean send(String text) throws Exception {
            return on(() -> {
                CommandText command = CommandTextTest.text(text);
                CdpMessage message = CdpMessage.read(command);
                boolean may = message.fault().isEmpty()
                        && message.defect().isEmpty()
                        && CommandGate.send(end, message, command);
                end.flush();
                return may;
            });
        }

        @Override
        public void piece(byte[] bytes, int from, int to, boolean last) {
            message.append(new String(bytes, from, to - from, StandardCharsets.UTF_8));
            if (last) {
                heard.add(new JsonObject(message.toString()));
                message.setLength(0);
            }
        }

        @Override
        public void turnEnds() {}

        @Override
        public void dropped(int entries) {
            throw new AssertionError("dropped: " + entries);
        }

        @Override
        public void missed(byte[] head, String sessionId, long bytes) {
            throw new AssertionError("missed: " + bytes);
        }

        @Override
        public void drained() {}

        @Override
        public void closed(Optional<String> why) {
            throw new AssertionError("closed: " + why);
        }

        long answers() {
            synchronized (heard) {
                return heard.stream().filter(each -> each.containsKey("id")).count();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void eachReachesItsOwnAndNothingElse(long seed) throws Exception {
        Random random = new Random(seed);
        pipe = ChromePipe.of((ContextInternal) vertx.getOrCreateContext(), chrome);
        awaitTaken();
        for (int i = 0; i < 3; i++) {
            Client client = new Client(i);
            clients.add(client);
            client.open();
        }
        for (int step = 0; step < STEPS; step++) {
            step(random);
        }
        while (chrome.on(chrome::answerNext)) {
            // Until all is answered.
        }
        assertThat(chrome.on(chrome::leaves))
                .as("how often its event loop changed")
                .isPositive();
        checkWhatChromeGot();
        for (Client client : clients) {
            check(client);
        }
    }

    private void awaitTaken() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (chrome.loop() == null) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private void step(Random random) throws Exception {
        Client client = clients.get(random.nextInt(clients.size()));
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> chrome.on(chrome::answerNext);
            case 3 ->
                chrome.on(() -> {
                    pick(
                                    random,
                                    chrome.parents.keySet().stream()
                                            .filter(id ->
                                                    !chrome.parents.get(id).isEmpty())
                                            .toList())
                            .ifPresent(chrome::detach);
                    return null;
                });
            default -> say(client, random);
        }
    }

    private static Optional<String> pick(Random random, List<String> from) {
        return from.isEmpty() ? Optional.empty() : Optional.of(from.get(random.nextInt(from.size())));
    }

    private void say(Client client, Random random) throws Exception {
        List<String> all = chrome.on(() -> List.copyOf(chrome.roots.keySet()));
        String session = random.nextInt(4) == 0 ? "" : pick(random, all).orElse("");
        int id = ++ids;
        String written =
                switch (random.nextInt(8)) {
                    case 0 -> session.replace("A", "\\u0041");
                    case 1 -> session.toLowerCase(java.util.Locale.ROOT);
                    default -> session;
                };
        String method =
                switch (random.nextInt(4)) {
                    case 0 -> "Target.attachToBrowserTarget";
                    case 1 -> "Target.attachToTarget";
                    case 2 -> "Target.detachFromTarget";
                    default -> "Echo.it";
                };
        String other = pick(random, all).orElse("");
        String params = "\"params\":{\"by\":" + client.number + ",\"sessionId\":\"" + other + "\"}";
        String field = "\"sessionId\":\"" + written + "\"";
        String text = "{\"id\":" + id + ",\"method\":\"" + method + "\"," + params
                + switch (random.nextInt(6)) {
                    case 0 -> "," + field + "," + field + "}";
                    case 1 -> ",\"sessionId\":\"\"}";
                    case 2 -> "}";
                    case 3 -> ",\"\\u0073essionId\":\"" + session + "\"}";
                    default -> "," + field + "}";
                };
        if (client.send(text)) {
            client.accepted.put(id, text);
        }
    }

    /** What it got from a client was for that client's sessions, at least when it was sent. */
    private void checkWhatChromeGot() throws Exception {
        Map<Integer, String> rootOf = new HashMap<>();
        for (JsonObject command : chrome.on(() -> List.copyOf(chrome.got))) {
            JsonObject params = command.getJsonObject("params");
            if (!params.containsKey("by")) {
                continue; // the pipe's own
            }
            String root = chrome.roots.get(command.getString("sessionId"));
            assertThat(root).isNotNull();
            assertThat(rootOf.computeIfAbsent(params.getInteger("by"), by -> root))
                    .isEqualTo(root);
        }
        assertThat(new HashSet<>(rootOf.values())).hasSize(clients.size());
    }

    private void check(Client client) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (client.answers() < client.accepted.size()) {
            assertThat(System.nanoTime()).as("a command was not answered").isLessThan(deadline);
            Thread.onSpinWait();
        }
        Set<Integer> answered = new HashSet<>();
        Set<String> roots = new HashSet<>();
        for (JsonObject message : client.on(() -> List.copyOf(client.heard))) {
            if (message.containsKey("sessionId")) {
                String session = message.getString("sessionId");
                assertThat(chrome.roots.get(session)).isNotNull().isNotEqualTo(session);
                roots.add(chrome.roots.get(session));
            }
            if (message.containsKey("id")) {
                assertThat(answered.add(message.getInteger("id"))).isTrue();
                Optional.ofNullable(message.getJsonObject("result"))
                        .map(result -> result.getJsonObject("echo"))
                        .ifPresent(echo -> assertThat(echo.getInteger("by")).isEqualTo(client.number));
            }
        }
        assertThat(answered).isEqualTo(client.accepted.keySet());
        assertThat(roots).hasSizeLessThanOrEqualTo(1);
    }
}
