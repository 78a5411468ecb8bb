package dev.berth.agent.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.berth.agent.model.Prompt.ToolSpec;
import dev.berth.agent.model.PromptMessage.Image;
import dev.berth.agent.model.PromptMessage.ToolCall;
import dev.berth.config.AiConfig;
import dev.berth.config.AiConfig.Provider;
import dev.berth.fake.ModelAnswer;
import dev.berth.fake.ScriptedModelServer;
import dev.berth.protocol.Cost;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
@Order(1)
class RemoteModelTest {
    private static final String KEY = "sk-very-secret-key-0123456789";
    private static final ToolSpec CLICK = new ToolSpec(
            "click",
            "Clicks an element.",
            new JsonObject()
                    .put("type", "object")
                    .put(
                            "properties",
                            new JsonObject()
                                    .put("selector", new JsonObject().put("type", "string"))
                                    .put("button", new JsonObject().put("enum", new JsonArray().add("left"))))
                    .put("required", new JsonArray().add("selector")));

    private Vertx vertx;
    private ScriptedModelServer server;

    @BeforeEach
    void start(Vertx testVertx) throws Exception {
        vertx = testVertx;
        server = await(ScriptedModelServer.start(vertx));
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void passesCallsOnAndCountsWhatTheyCost(Provider provider) throws Exception {
        ToolCall first = ModelAnswer.call("click", new JsonObject().put("selector", "e7"));
        ToolCall second = ModelAnswer.call("no_such_tool", new JsonObject());
        server.answer(ModelAnswer.turn(
                Optional.of("I click."), List.of(first, second), new Tokens(1_000_000, 400_000, 1_000)));
        Turn turn = await(ask(model(provider), prompt()));
        assertThat(turn.text()).contains("I click.");
        assertThat(turn.calls().stream().map(RemoteModelTest::compact)).containsExactly(first, second);
        assertThat(turn.cost().usd()).isCloseTo(0.6 * 2 + 0.4 * 0.5 + 0.001 * 10, within(1e-9));
        assertThat(turn.cost().inputTokens()).isEqualTo(1_000_000);
    }

    @Test
    void asksInTheShapeOfChatCompletions() throws Exception {
        server.answer(ModelAnswer.text("ok"));
        await(ask(model(Provider.OPENAI), conversation("{not json")));
        ScriptedModelServer.Request request = server.requests().get(0);
        assertThat(request.path()).isEqualTo("/v1/chat/completions");
        assertThat(request.headers().get("authorization")).isEqualTo("Bearer " + KEY);
        assertThat(request.body().getString("model")).isEqualTo("m");
        assertThat(request.body().getInteger("max_tokens")).isEqualTo(500);
        JsonObject tool = request.body().getJsonArray("tools").getJsonObject(0).getJsonObject("function");
        assertThat(tool.getString("name")).isEqualTo("click");
        assertThat(tool.getJsonObject("parameters").getJsonObject("properties"))
                .isEqualTo(CLICK.inputSchema().getJsonObject("properties"));
        assertThat(tool.getJsonObject("parameters").getJsonArray("required"))
                .isEqualTo(new JsonArray().add("selector"));
        JsonArray messages = request.body().getJsonArray("messages");
        assertThat(messages.stream().map(message -> ((JsonObject) message).getString("role")))
                .containsExactly("system", "user", "assistant", "tool", "tool", "user");
        // Servers refuse what the model itself had written.
        assertThat(messages.getJsonObject(2)
                        .getJsonArray("tool_calls")
                        .getJsonObject(0)
                        .getJsonObject("function")
                        .getString("arguments"))
                .isEqualTo("{}");
        assertThat(messages.getJsonObject(5).encode()).contains("data:image/png;base64,AQID");
    }

    @Test
    void asksInTheShapeOfMessagesAndMarksWhatToCache() throws Exception {
        server.answer(ModelAnswer.text("ok"));
        await(ask(model(Provider.ANTHROPIC), conversation("{}")));
        ScriptedModelServer.Request request = server.requests().get(0);
        assertThat(request.path()).isEqualTo("/v1/messages");
        assertThat(request.headers().get("x-api-key")).isEqualTo(KEY);
        assertThat(request.body().getInteger("max_tokens")).isEqualTo(500);
        assertThat(marked(request.body().getJsonArray("system").getJsonObject(0)))
                .isTrue();
        assertThat(marked(request.body().getJsonArray("tools").getJsonObject(0)))
                .isTrue();
        JsonArray messages = request.body().getJsonArray("messages");
        assertThat(messages.stream().map(message -> ((JsonObject) message).getString("role")))
                .containsExactly("user", "assistant", "user");
        assertThat(marked(messages.getJsonObject(0).getJsonArray("content").getJsonObject(0)))
                .isTrue();
        JsonArray results = messages.getJsonObject(2).getJsonArray("content");
        assertThat(marked(results.getJsonObject(0))).isFalse();
        assertThat(marked(results.getJsonObject(1))).isTrue();
        assertThat(results.getJsonObject(1).encode()).contains("\"data\":\"AQID\"");
        assertThat(request.body().encode().split("cache_control", -1)).hasSize(5);
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void sendsNoImagesToAModelThatDoesNotSee(Provider provider) throws Exception {
        server.answer(ModelAnswer.text("ok"));
        Model blind = new RemoteModel(config(provider, server.baseUrl(), false, 5_000), vertx, quick());
        await(ask(blind, conversation("{}")));
        assertThat(server.requests().get(0).body().encode()).doesNotContain("AQID");
    }

    @Test
    void passesMalformedArgumentsOn() throws Exception {
        ToolCall call = ModelAnswer.call("click", "{\"selector\": ");
        server.answer(ModelAnswer.stopped(Optional.empty(), List.of(call), new Tokens(1, 0, 1), "length"));
        Turn turn = await(ask(model(Provider.OPENAI), prompt()));
        assertThat(turn.calls()).containsExactly(call);
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void doesNotTryAgainWhatAContentFilterRefused(Provider provider) throws Exception {
        server.answer(ModelAnswer.stopped(Optional.of("I"), List.of(), new Tokens(1_000_000, 0, 0), "content_filter"));
        ModelException e = failure(ask(model(provider), prompt()));
        assertThat(e).hasMessageContaining("refused to answer");
        assertThat(e.cost().usd()).isCloseTo(2, within(1e-9));
        assertThat(server.requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void triesAgainWhatPassesAndChargesForAllTries(Provider provider) throws Exception {
        server.answer(
                ModelAnswer.turn(Optional.of(""), List.of(), new Tokens(500, 0, 0)),
                ModelAnswer.cut(),
                ModelAnswer.turn(Optional.of("at last"), List.of(), new Tokens(500, 0, 3)));
        Model model = model(provider);
        Turn turn = await(ask(model, prompt()));
        assertThat(turn.text()).contains("at last");
        // The connection of the second one was cut after it had been asked.
        assertThat(turn.cost().usd())
                .isCloseTo(0.001 * 2 + 0.000003 * 10 + model.most(prompt()).usd(), within(1e-9));
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void doesNotTryAgainWhatMayCostTooMuch() throws Exception {
        server.answer(
                ModelAnswer.turn(Optional.of(""), List.of(), new Tokens(100, 0, 450)),
                ModelAnswer.turn(Optional.of(""), List.of(), new Tokens(100, 0, 450)));
        Model model = model(Provider.OPENAI);
        double justTwo = 2 * model.most(prompt()).usd();
        assertThat(failure(ask(model, prompt(), justTwo)).cost().usd()).isBetween(justTwo / 2, justTwo);
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void givesUpAfterThreeTries() throws Exception {
        server.answer(
                ModelAnswer.status(500, "boom"), ModelAnswer.status(503, "boom"), ModelAnswer.status(529, "full"));
        ModelException e = failure(ask(model(Provider.ANTHROPIC), prompt()));
        assertThat(e.cost()).isEqualTo(Cost.NONE);
        assertThat(e).hasMessageContaining("status 529: full").hasMessageContaining("Tried 3 times");
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void waitsAsLongAsAskedIfThatFits() throws Exception {
        server.answer(ModelAnswer.status(429, "slow down", Map.of("retry-after-ms", "20")), ModelAnswer.text("ok"));
        assertThat(await(ask(model(Provider.OPENAI), prompt())).text()).contains("ok");
    }

    @Test
    void doesNotWaitLongerThanTheWindow() throws Exception {
        server.answer(ModelAnswer.status(429, "slow down", Map.of("retry-after", "3600")));
        ModelException e = failure(ask(model(Provider.OPENAI), prompt()));
        assertThat(e).hasMessageContaining("status 429: slow down");
        assertThat(server.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "400, bad tool schema, check ai.provider",
        "400, This model's maximum context length is 8192 tokens, conversation is too long",
        "400, prompt is too long: 208310 tokens > 200000 maximum, conversation is too long",
        "401, Incorrect API key provided: sk-very-s**6789, check ai.api-key",
        "403, no access with sk-very-secret-key-0123456789, check ai.api-key",
        "404, no such model, check ai.model",
        "307, elsewhere, check ai.provider"
    })
    void doesNotTryAgainWhatLastsAndTellsNoKey(int status, String said, String advice) throws Exception {
        server.answer(ModelAnswer.status(status, said));
        ModelException e = failure(ask(model(Provider.OPENAI), prompt()));
        assertThat(e).hasMessageContaining("status " + status + ": ").hasMessageContaining(advice);
        assertThat(e.toString()).doesNotContain("sk-very").doesNotContain("127.0.0.1");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void boundsWhatAProviderSays() throws Exception {
        server.answer(ModelAnswer.status(400, "a\nb " + "x".repeat(100_000)));
        ModelException e = failure(ask(model(Provider.OPENAI), prompt()));
        assertThat(e.getMessage()).contains("a b x").hasSizeLessThan(600);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"choices\":[{]", "{}", "{\"choices\":[{\"message\":null}]}", "{\"error\":{}}", "", " "})
    void triesAgainWhatIsNoAnswer(String body) throws Exception {
        server.answer(ModelAnswer.body("application/json", body), ModelAnswer.text("ok"));
        assertThat(await(ask(model(Provider.OPENAI), prompt())).text()).contains("ok");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"content\":[{]", "{}", "{\"content\":null}", "{\"content\":[]}"})
    void triesAgainWhatIsNoMessage(String body) throws Exception {
        server.answer(ModelAnswer.body("application/json", body), ModelAnswer.text("ok"));
        assertThat(await(ask(model(Provider.ANTHROPIC), prompt())).text()).contains("ok");
    }

    @Test
    void tellsThatAWebPageIsNoModel() throws Exception {
        server.answer(ModelAnswer.body("text/html; charset=utf-8", "<html>"));
        ModelException e = failure(ask(model(Provider.OPENAI), prompt()));
        assertThat(e).hasMessageContaining("text/html, not JSON");
    }

    @Test
    void readsNoHugeAnswer() throws Exception {
        server.answer(ModelAnswer.body("application/json", "{" + " ".repeat(3 << 20) + "}"));
        ModelException e = failure(ask(model(Provider.OPENAI), prompt()));
        assertThat(e).hasMessageContaining("longer than 2 MiB");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void waitsForAModelThatRestarts() throws Exception {
        int port = freePort();
        URI url = URI.create("http://127.0.0.1:" + port + "/v1");
        Model model = new RemoteModel(config(Provider.OPENAI, url, true, 60_000), vertx, Attempts.Pauses.USUAL);
        vertx.setTimer(
                3_000,
                again -> vertx.createHttpServer()
                        .requestHandler(request -> request.response()
                                .end("{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"here\"}}]}"))
                        .listen(port, "127.0.0.1"));
        assertThat(await(ask(model, prompt())).text()).contains("here");
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void tellsThatNobodyListens() throws Exception {
        URI nobody = URI.create("http://127.0.0.1:" + freePort() + "/v1");
        Model model = new RemoteModel(config(Provider.OPENAI, nobody, true, 5_000), vertx, quick());
        ModelException e = failure(ask(model, prompt()));
        assertThat(e).hasMessageContaining("can't be reached").hasMessageContaining("Tried 3 times");
        assertThat(e.cost()).isEqualTo(Cost.NONE);
    }

    @Test
    void givesUpASilentModel() throws Exception {
        Promise<Void> gaveUp = Promise.promise();
        server.answer(ModelAnswer.silence(() -> {}, gaveUp::tryComplete));
        Model model = new RemoteModel(config(Provider.OPENAI, server.baseUrl(), true, 1_000), vertx, quick());
        ModelException e = failure(ask(model, prompt()));
        assertThat(e).hasMessageContaining("did not answer within 1 s");
        assertThat(e.cost()).isEqualTo(model.most(prompt()));
        await(gaveUp.future());
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void closesTheConnectionOfACancelledQuestion() throws Exception {
        Promise<Void> gaveUp = Promise.promise();
        Promise<Void> asked = Promise.promise();
        server.answer(ModelAnswer.silence(asked::tryComplete, gaveUp::tryComplete));
        Promise<Turn> turn = Promise.promise();
        vertx.runOnContext(ignored -> {
            Model.Asking asking = model(Provider.OPENAI).ask(prompt(), 1);
            asking.turn().onComplete(turn);
            asked.future().onSuccess(there -> asking.cancel());
        });
        ModelException e = failure(turn.future());
        assertThat(e).hasMessageContaining("was cancelled");
        assertThat(e.cost()).isEqualTo(model(Provider.OPENAI).most(prompt()));
        await(gaveUp.future());
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void doesNotTryAgainWhatWasCancelled() throws Exception {
        Promise<Turn> turn = Promise.promise();
        vertx.runOnContext(ignored -> {
            Model.Asking asking = model(Provider.OPENAI).ask(prompt(), 1);
            asking.turn().onComplete(turn);
            asking.cancel();
        });
        assertThat(failure(turn.future())).hasMessageContaining("was cancelled");
    }

    @Test
    void mostCoversWhatACallCosts() {
        Prompt prompt = conversation("{}");
        double most = model(Provider.ANTHROPIC).most(prompt).usd();
        // 500 tokens of output at 10, and the image's 5,000 of input at 2.5, with the surcharge for the cache.
        assertThat(most).isBetween(0.0175, 0.0195);
        Prompt longer = new Prompt("x".repeat(1_000_000), prompt.messages(), prompt.tools(), 500);
        assertThat(model(Provider.OPENAI).most(longer).usd()).isBetween(1.0, 1.03);
    }

    /** Else its cost would be nothing, and a task's limit never reached. */
    @ParameterizedTest
    @ValueSource(strings = {"", ",'usage':null", ",'usage':{}", ",'usage':{'prompt_tokens':-9,'completion_tokens':-9}"})
    void estimatesTheCostWhereTheServerDoesNotTellIt(String usage) throws Exception {
        String body = "{'choices':[{'message':{'role':'assistant','content':'I have done it all.'}}]" + usage + "}";
        server.answer(ModelAnswer.body("application/json", body.replace('\'', '"')));
        Turn turn = await(ask(model(Provider.OPENAI), prompt()));
        assertThat(turn.cost().inputTokens()).isGreaterThan(50);
        assertThat(turn.cost().outputTokens()).isGreaterThan(5);
        assertThat(turn.cost().usd()).isGreaterThan(0.0002);
    }

    private Future<Turn> ask(Model model, Prompt prompt) {
        return ask(model, prompt, 1_000);
    }

    private Future<Turn> ask(Model model, Prompt prompt, double maxUsd) {
        Promise<Turn> turn = Promise.promise();
        vertx.runOnContext(ignored -> model.ask(prompt, maxUsd).turn().onComplete(turn));
        return turn.future();
    }

    private Model model(Provider provider) {
        return new RemoteModel(config(provider, server.baseUrl(), true, 60_000), vertx, quick());
    }

    private static Attempts.Pauses quick() {
        return new Attempts.Pauses(1, 60_000);
    }

    private static AiConfig config(Provider provider, URI baseUrl, boolean vision, long timeoutMillis) {
        return new AiConfig(
                provider,
                Optional.of(baseUrl),
                Optional.of(KEY),
                Optional.of("m"),
                2,
                0.5,
                10,
                1,
                vision,
                timeoutMillis,
                2);
    }

    private static Prompt prompt() {
        return new Prompt("You act.", List.of(new PromptMessage.User("Go.")), List.of(CLICK), 500);
    }

    private static Prompt conversation(String arguments) {
        ToolCall first = new ToolCall("c1", "click", arguments);
        ToolCall second = new ToolCall("c2", "screenshot", "{}");
        Image image = new Image("image/png", new byte[] {1, 2, 3});
        return new Prompt(
                "You act.",
                List.of(
                        new PromptMessage.User("Go."),
                        new PromptMessage.Assistant(Optional.of("I do."), List.of(first, second)),
                        new PromptMessage.ToolResult("c1", "click", "done"),
                        new PromptMessage.ToolResult("c2", "screenshot", "here", List.of(image))),
                List.of(CLICK),
                500);
    }

    private static ToolCall compact(ToolCall call) {
        return new ToolCall(call.id(), call.name(), new JsonObject(call.arguments()).encode());
    }

    private static boolean marked(JsonObject block) {
        return block.containsKey("cache_control");
    }

    private static ModelException failure(Future<?> future) throws Exception {
        return await(future.map((ModelException) null).recover(e -> Future.succeededFuture((ModelException) e)));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
