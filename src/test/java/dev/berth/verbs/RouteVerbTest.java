package dev.berth.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.protocol.AddRoute;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.RouteEntry.RouteAction;
import dev.berth.protocol.RouteEntry.RouteError;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteVerbTest {
    private static AddRoute read(String json) {
        Verb<?, ?> verb = Verbs.all().stream()
                .filter(each -> each.name().equals("add-route"))
                .findFirst()
                .orElseThrow();
        return (AddRoute) verb.read(new JsonObject(json)).command();
    }

    private static void requireRefused(String json, String message) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageStartingWith(message);
    }

    @Test
    void aMockNeedsNoMoreThanItsPattern() {
        AddRoute mock = read("{\"url\":\"**\",\"action\":\"mock\"}");
        assertThat(mock.status()).contains(200);
        assertThat(mock.bodySize()).isZero();
        assertThat(read("{\"url\":\"**\",\"action\":\"mock\",\"body\":\"\u00e4\"}")
                        .bodySize())
                .isEqualTo(2);
        assertThat(read("{\"url\":\"**\",\"action\":\"mock\",\"bodyBase64\":\"eA==\"}")
                        .bodyBase64())
                .contains("eA==");
        assertThat(read("{\"url\":\"**\",\"action\":\"fail\"}").error()).contains(RouteError.FAILED);
    }

    @Test
    void whatIsSecretIsNotInItsText() {
        AddRoute rule =
                read("{\"url\":\"**\",\"action\":\"continue\",\"setHeaders\":{\"authorization\":\"Bearer s3cret\"}}");
        assertThat(rule.setHeaders()).containsEntry("authorization", "Bearer s3cret");
        assertThat(rule.toString()).contains("authorization").doesNotContain("s3cret");
        assertThat(read("{\"url\":\"**\",\"action\":\"mock\",\"body\":\"s3cret\"}")
                        .toString())
                .doesNotContain("s3cret", Base64.getEncoder().encodeToString("s3cret".getBytes()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'action':'drop'|action must be one of block, mock, continue, delay, fail",
                "'action':'block','status':200|status, headers and body can be given only with the action mock",
                "'action':'block','body':''|status, headers and body can be given only with the action mock",
                "'action':'block','delay':5|delay can be given only with the action delay",
                "'action':'block','error':'failed'|error can be given only with the action fail",
                "'action':'mock','setHeaders':{'a':'b'}|setHeaders and removeHeaders can be given only with the action continue",
                "'action':'delay'|delay must be given with the action delay",
                "'action':'delay','delay':60001|delay must be from 1 to 60000, not 60001",
                "'action':'continue'|setHeaders and removeHeaders must be given with the action continue",
                "'action':'continue','setHeaders':{'a':1}|setHeaders.a must be a string",
                "'action':'continue','setHeaders':{'cookie':'a'}|setHeaders can't have cookie",
                "'action':'continue','setHeaders':{'a':'b\\n'}|setHeaders.a must have",
                "'action':'continue','setHeaders':{'Proxy-A':'a'}|setHeaders can't have proxy-a",
                "'action':'continue','removeHeaders':['Referer']|removeHeaders can't have referer, which Chrome sets",
                "'action':'continue','removeHeaders':['a b']|removeHeaders must have distinct names",
                "'action':'mock','headers':{'a b':'c'}|headers must have distinct names",
                "'action':'mock','status':101|status must be from 200 to 599, not 101",
                "'action':'mock','body':'a','bodyBase64':'YQ=='|give body or bodyBase64, not both",
                "'action':'mock','bodyBase64':'?'|bodyBase64 must be base64",
                "'action':'fail','error':'odd'|error must be one of aborted",
                "'action':'block','methods':['get']|methods must be HTTP method names in capitals",
                "'action':'block','types':['page']|types.0 must be one of",
                "'action':'block','times':0|times must be from 1 to 1000000, not 0",
                "'action':'block','odd':0|odd is not a known field"
            })
    void aFieldThatDoesNotFitIsRefused(String fields, String message) {
        requireRefused(("{'url':'**'," + fields + "}").replace("'", "\"").replace("can\"t", "can't"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com/*", "/api", "ads.js", "", "**/\u00e4", "**/{a", "**/{a{b}}", "**/a}", "**/\\"})
    void aPatternThatMatchesNothingIsRefused(String url) {
        requireRefused(new JsonObject().put("url", url).put("action", "block").encode(), "url must ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"**", "*", "https://example.com", "http{s,}://a/**", "{http,https}://a/", "**/a\\{b", "data:*"})
    void aPatternOfWholeUrlsIsTaken(String url) {
        assertThat(read(new JsonObject().put("url", url).put("action", "block").encode())
                        .action())
                .isEqualTo(RouteAction.BLOCK);
    }

    /** Each pair of braces doubles what is compared with every URL. */
    @Test
    void aPatternOfTooManyAlternativesIsRefused() {
        JsonObject block = new JsonObject().put("action", "block");
        String hosts = "https://{" + "a.example,".repeat(45) + "b}/**";
        assertThat(read(block.copy().put("url", hosts).encode()).url()).isEqualTo(hosts);
        for (String url :
                List.of("**/" + "{a,b}".repeat(90), "*{" + ",".repeat(490) + "}aaaa", "**" + "{a,b}".repeat(8) + "c")) {
            requireRefused(
                    block.copy().put("url", url).encode(),
                    "url must have at most 2000 characters with each alternative");
        }
    }

    @Test
    void aLargeBodyIsRefused() {
        String text = "x".repeat(AddRoute.MAX_BODY_BYTES);
        JsonObject mock = new JsonObject().put("url", "**").put("action", "mock");
        assertThat(read(mock.copy().put("body", text).encode()).bodySize()).isEqualTo(AddRoute.MAX_BODY_BYTES);
        requireRefused(mock.copy().put("body", text + "x").encode(), "body must have at most 262144 bytes");
        requireRefused(mock.copy().put("body", text.repeat(9)).encode(), "body must have at most 262144 bytes");
    }

    /** The contract says which actions, types and errors there are. */
    @Test
    void theContractHasTheSameChoices() {
        Verb<?, ?> verb = Verbs.all().stream()
                .filter(each -> each.name().equals("add-route"))
                .findFirst()
                .orElseThrow();
        JsonObject schema = ApiContract.request(verb);
        for (Object error : ApiContract.properties(schema).get("error").getJsonArray("enum")) {
            assertThat(read("{\"url\":\"**\",\"action\":\"fail\",\"error\":\"" + error + "\"}")
                            .error())
                    .map(RouteError::wireName)
                    .isEqualTo(Optional.of(error));
        }
        ApiContract.resolve(ApiContract.properties(schema).get("types").getJsonObject("items"))
                .getJsonArray("enum")
                .forEach(type -> assertThat(read("{\"url\":\"**\",\"action\":\"block\",\"types\":[\"" + type + "\"]}")
                                .types())
                        .hasSize(1));
        assertThat(ApiContract.properties(schema).keySet()).containsAll(Set.of("url", "times", "timeout"));
    }
}
