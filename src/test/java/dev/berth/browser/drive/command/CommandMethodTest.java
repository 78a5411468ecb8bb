package dev.berth.browser.drive.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.browser.drive.command.CommandMethod.Answer;
import dev.berth.protocol.BerthException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.webfolder.cdp.command.DOM;
import io.webfolder.cdp.command.Input;
import io.webfolder.cdp.command.Page;
import io.webfolder.cdp.command.Runtime;
import io.webfolder.cdp.type.runtime.CallArgument;
import io.webfolder.cdp.type.runtime.EvaluateResult;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandMethodTest {
    /** The method with the most parameters. */
    private static CommandMethod method(Class<?> domain, String name) {
        return Stream.of(domain.getMethods())
                .filter(method -> method.getName().equals(name))
                .max(Comparator.comparing(Method::getParameterCount))
                .map(CommandMethod::of)
                .orElseThrow();
    }

    private static Object read(CommandMethod method, String message) {
        byte[] json = message.getBytes(StandardCharsets.UTF_8);
        // The buffer may be longer than the message.
        return method.read(new Answer(Arrays.copyOf(json, json.length + 3), json.length));
    }

    @Test
    void everyMethodOfTheUsedDomainsIsACommand() {
        Stream.of(DOM.class, Input.class, Page.class, Runtime.class)
                .flatMap(domain -> Stream.of(domain.getMethods()))
                .forEach(method -> {
                    CommandMethod command = CommandMethod.of(method);
                    assertThat(command.name())
                            .isEqualTo(method.getDeclaringClass().getSimpleName() + "." + method.getName());
                    assertThat(command.parameters()).hasSize(method.getParameterCount());
                });
    }

    @Test
    void objectArgumentsKeepTheirFields() {
        CallArgument value = new CallArgument();
        value.setValue(Map.of("list", List.of(1, "a", true)));
        CallArgument object = new CallArgument();
        object.setObjectId("o1");
        Object[] arguments = {"f", "this", List.of(value, object), null, null, null, null, null, null, null};
        assertThat(method(Runtime.class, "callFunctionOn").params(arguments).getJsonArray("arguments"))
                .isEqualTo(new JsonArray()
                        .add(new JsonObject()
                                .put(
                                        "value",
                                        new JsonObject()
                                                .put(
                                                        "list",
                                                        new JsonArray()
                                                                .add(1)
                                                                .add("a")
                                                                .add(true))))
                        .add(new JsonObject().put("objectId", "o1")));
    }

    @Test
    void aParameterThatChromeNeedsMayNotBeNull() {
        CommandMethod navigate = method(Page.class, "navigateToHistoryEntry");
        assertThatThrownBy(() -> navigate.params(new Object[] {null}))
                .hasMessage("Page.navigateToHistoryEntry needs entryId");
    }

    @Test
    void unknownFieldsOfAResultAreIgnored() {
        EvaluateResult result = (EvaluateResult) read(
                method(Runtime.class, "evaluate"),
                "{\"id\":1,\"result\":{\"result\":{\"type\":\"new-type\",\"value\":{\"x\":1,\"y\":1.5,\"s\":\"é\"},"
                        + "\"later\":[{}]}},\"sessionId\":\"s\"}");
        assertThat(result.getResult().getType()).isNull();
        assertThat(result.getResult().getValue()).isEqualTo(Map.of("x", 1, "y", 1.5, "s", "é"));
        assertThat(result.getExceptionDetails()).isNull();
    }

    /** A null context id would mean the page's own world. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1,\"result\":{}}",
                "{\"id\":1,\"result\":{\"executionContextId\":null}}",
                "{\"id\":1,\"result\":{\"executionContextId\":\"7\"}}",
                "{\"id\":1,\"result\":{\"executionContextId\":7.5}}",
                "{\"id\":1,\"result\":{\"executionContextId\":7000000000}}",
                "{\"id\":1}",
                "{\"id\":1,\"result\":{\"executionContextId\":7"
            })
    void anAnswerOfTheWrongShapeFails(String answer) {
        assertThatThrownBy(() -> read(method(Page.class, "createIsolatedWorld"), answer))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Page.createIsolatedWorld");
    }

    @Test
    void anAnswerOfAPageThatIsNestedTooDeeplyFails() {
        int depth = 100_000;
        String deep = "[".repeat(depth) + "]".repeat(depth);
        assertThatThrownBy(() -> read(
                        method(Runtime.class, "evaluate"),
                        "{\"id\":1,\"result\":{\"result\":{\"type\":\"object\",\"value\":" + deep + "}}}"))
                .isInstanceOf(BerthException.class)
                .hasMessage("the page is nested too deeply");
    }

    @Test
    void aSmallAnswerIsCopiedFromAReusedBuffer() {
        byte[] buffer = "{\"id\":1,\"result\":{}}".getBytes(StandardCharsets.UTF_8);
        Answer kept = Answer.kept(buffer, buffer.length);
        Arrays.fill(buffer, (byte) '!');
        assertThat(new String(kept.json(), 0, kept.length(), StandardCharsets.UTF_8))
                .startsWith("{\"id\"");
    }
}
