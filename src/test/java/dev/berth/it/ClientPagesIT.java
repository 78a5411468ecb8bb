package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who answers a page's dialogs, and which page a client's action belongs to. */
class ClientPagesIT extends InOwnSession {
    private CdpClient client;

    @Override
    @BeforeEach
    void create() {
        client = CdpClient.connect(begin(new JsonObject()));
    }

    /** Gives the URL for clients. */
    private String begin(JsonObject body) {
        Api.Opened created = api.create(body);
        session = created.path();
        return created.connectUrl();
    }

    private static JsonObject blank() {
        return new JsonObject().put("url", "about:blank");
    }

    private CompletableFuture<String> confirm(String page) {
        return client.sendRaw("Runtime.evaluate", new JsonObject().put("expression", "confirm('sure?')"), page);
    }

    private List<JsonObject> actions(String type, int count) {
        return api.await(session + "/actions", answer -> of(answer, type).size() >= count).list("actions").stream()
                .map(JsonObject.class::cast)
                .filter(action -> action.getString("type").equals(type))
                .toList();
    }

    private static List<Object> of(Api.Answer answer, String type) {
        return answer.list("actions").stream()
                .filter(action -> ((JsonObject) action).getString("type").equals(type))
                .toList();
    }

    @Test
    void aClientThatEnablesAPageAnswersItsDialogs() {
        String page = client.attach();
        client.send("Page.enable", new JsonObject(), page);
        CompletableFuture<String> asked = confirm(page);
        Api.await(
                () -> client.ask("Page.handleJavaScriptDialog", new JsonObject().put("accept", true), page),
                answer -> !answer.containsKey("error"));
        assertThat(CdpClient.get(asked)).contains("\"value\":true");
        client.send("Page.disable", new JsonObject(), page);
        assertThat(CdpClient.get(confirm(page))).contains("\"value\":false");
        assertThat(actions("dialog", 2).get(1).getString("source")).isEqualTo("cdp");
    }

    @Test
    void dialogsOfOtherPagesAreAnsweredAtOnce() {
        String page = client.attach();
        client.send("Page.enable", new JsonObject(), page);
        String target = client.send("Target.createTarget", blank(), "").getString("targetId");
        String other = client.attach(target);
        assertThat(CdpClient.get(confirm(other))).contains("\"value\":false");
    }

    @Test
    void anOpenDialogIsAnsweredWhenItsClientLeaves() {
        String page = client.attach();
        client.send("Page.enable", new JsonObject(), page);
        confirm(page);
        // Answered until the dialog is there.
        Api.await(() -> client.sendRaw("Runtime.evaluate", new JsonObject().put("expression", "1"), page), asked -> {
            try {
                asked.get(200, java.util.concurrent.TimeUnit.MILLISECONDS);
                return false;
            } catch (java.util.concurrent.TimeoutException e) {
                return true;
            } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
                throw new AssertionError(e);
            }
        });
        client.leave();
        JsonObject question = new JsonObject().put("expression", "1 + 1").put("timeout", 10_000);
        assertThat(act("evaluate", question).getInteger("result")).isEqualTo(2);
    }

    /** It loads for ever. */
    private String loading(String script) {
        return site.page(
                "<title>First</title><img src='/hangs?" + System.nanoTime() + "'><script>" + script + "</script>");
    }

    private String opening(String url) {
        end();
        return begin(new JsonObject().put("initialPrompt", url));
    }

    @Test
    void aFirstPageThatAClientLeavesBeforeItIsLoadedIsNotSaidToHaveCome() {
        client = CdpClient.connect(opening(loading("")));
        client.send("Page.navigate", new JsonObject().put("url", site.url("/plain")), client.attach());
        JsonObject first =
                api.await(session + "/actions", answer -> of(answer, "navigate").size() == 2).list("actions").stream()
                        .map(JsonObject.class::cast)
                        .filter(action -> !action.getString("source").equals("cdp"))
                        .findFirst()
                        .orElseThrow();
        assertThat(first.getBoolean("success")).as(first.encode()).isFalse();
        assertThat(first.getString("error")).contains("another navigation replaced this one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"location = '/plain'", "setTimeout(() => location.replace('/redirect'), 50)"})
    void aFirstPageThatLeadsElsewhereItselfHasCome(String script) {
        opening(loading(script));
        JsonObject first = actions("navigate", 1).get(0);
        assertThat(first.getBoolean("success")).as(first.encode()).isTrue();
        assertThat(first.getJsonObject("details").getString("finalUrl")).isEqualTo(site.url("/plain"));
    }

    @Test
    void anActionNamesItsPage() {
        String target = client.send("Target.createTarget", blank(), "").getString("targetId");
        String page = client.attach(target);
        client.send("Page.navigate", blank(), page);
        // Chrome refuses until the navigation is through.
        Api.await(
                () -> client.ask("Page.captureScreenshot", new JsonObject(), page),
                answer -> !answer.containsKey("error"));
        client.send("Target.closeTarget", new JsonObject().put("targetId", target), "");
        for (String type : List.of("open-page", "navigate", "screenshot", "close-page")) {
            assertThat(actions(type, 1).get(0).getJsonObject("details").getString("pageId"))
                    .as(type)
                    .isEqualTo(target);
        }
    }
}
