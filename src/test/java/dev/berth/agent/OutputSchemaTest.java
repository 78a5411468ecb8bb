package dev.berth.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.fake.Futures;
import dev.berth.protocol.BerthException;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class OutputSchemaTest {
    private Vertx vertx;

    @BeforeEach
    void keep(Vertx testVertx) {
        vertx = testVertx;
    }

    private Optional<String> objection(String schema, String output) throws Exception {
        return Futures.await(OutputSchema.of(schema).objection(vertx, output));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'required':['price']}|{'price':1}|",
                "{'required':['price']}|{}|price",
                "{'properties':{'of':{'$ref':'#'}},'maxProperties':1}|{'of':{'of':{'a':1,'b':2}}}|#/of/of",
                "{'uniqueItems':true}|[{'a':1},{'a':2}]|",
                "{'uniqueItems':true}|[{'a':1},{'a':1}]|Duplicate items",
                "{'format':'email'}|'nobody'|email",
                "{'properties':{'id':{'pattern':'^[A-Z]{2}-[0-9]+$'}}}|{'id':'AB-1'}|",
                "{'properties':{'id':{'pattern':'^[A-Z]{2}-[0-9]+$'}}}|{'id':'AB-x'}|#/id: ",
                "{'properties':{'id':{'pattern':'b'}}}|{'id':'abc'}|",
                "{'properties':{'id':{'pattern':'b'}}}|{'id':7}|",
                "{'format':'email','pattern':'^a'}|'b@c.de'|pattern ^a",
                "{'allOf':[{'minLength':2}],'pattern':'^a'}|'ab'|",
                "{'allOf':[{'minLength':2}],'pattern':'^a'}|'b'|pattern ^a",
                "{'items':{'$ref':'#/$defs/a'},'$defs':{'a':{'pattern':'a'}}}|['a','b']|#/1"
            })
    void tellsWhatIsWrong(String schema, String output, String objection) throws Exception {
        Optional<String> told = objection(schema.replace('\'', '"'), output.replace('\'', '"'));
        assertThat(told.isPresent()).as(told.toString()).isEqualTo(objection != null);
        assertThat(told.orElse("")).contains(Optional.ofNullable(objection).orElse(""));
    }

    record Costly(String schema, String output) {}

    static Stream<Costly> costly() {
        String numbers = IntStream.range(0, 11_000).mapToObj(String::valueOf).collect(Collectors.joining(","));
        String twice =
                "{'anyOf':[{'properties':{'a':{'$ref':'#'}},'required':['x']},{'properties':{'a':{'$ref':'#'}},'required':['x']}]}";
        String wide = "{'const':1},".repeat(1_200) + "{'const':1}";
        return Stream.of(
                new Costly(doubling(new JsonObject().put("type", "number"), 30), "1"),
                new Costly(
                        doubling(new JsonObject().put("pattern", "(?:a?){300}b"), 12),
                        "\"" + "a".repeat(10_000) + "\""),
                new Costly(twice, "{'a':".repeat(60) + "1" + "}".repeat(60)),
                new Costly("{'items':{'anyOf':[" + wide + "]}}", "[" + "2,".repeat(5_000) + "2]"),
                new Costly("{'uniqueItems':true}", "[" + numbers + "]"));
    }

    private static String doubling(JsonObject last, int times) {
        JsonObject parts = new JsonObject().put("d" + times, last);
        for (int i = 0; i < times; i++) {
            JsonObject next = new JsonObject().put("$ref", "#/$defs/d" + (i + 1));
            parts.put(
                    "d" + i,
                    new JsonObject().put("allOf", new JsonArray().add(next).add(next.copy())));
        }
        return new JsonObject().put("$defs", parts).put("$ref", "#/$defs/d0").encode();
    }

    @ParameterizedTest
    @MethodSource("costly")
    void givesUpWhereTheWorkIsTooMuch(Costly costly) throws Exception {
        assertThat(objection(costly.schema().replace('\'', '"'), costly.output().replace('\'', '"')))
                .hasValueSatisfying(told -> assertThat(told).contains("too much work"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"idn-hostname", "regex"})
    void leavesSlowFormatsToTheModel(String format) throws Exception {
        assertThat(objection("{\"format\":\"" + format + "\"}", "\"" + "a".repeat(60_000) + "\""))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"^(a+)+$", "(a|aa)+$", "^(a|a?)+$", "(.*a){20}$"})
    void anExpressionThatInvitesBacktrackingIsSoonMatched(String expression) throws Exception {
        JsonObject schema = new JsonObject().put("pattern", expression);
        assertThat(objection(schema.encode(), "\"" + "a".repeat(30_000) + "!\""))
                .hasValueSatisfying(told -> assertThat(told).contains("does not match"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "(?=a)b",
                "(a)\\1",
                "a{1001}",
                "(((a{9}){9}){9}){9}",
                "((((((((((){99}){99}){99}){99}){99}){99}){99}){99}){99}"
            })
    void anExpressionThatCannotBeCheckedIsRefused(String expression) {
        JsonObject schema = new JsonObject().put("pattern", expression);
        assertThatThrownBy(() -> OutputSchema.of(schema.encode()))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("schema's pattern '");
        assertThatThrownBy(() -> OutputSchema.of(
                        new JsonObject().put("pattern", "a".repeat(501)).encode()))
                .hasMessageContaining("longer than 500 characters");
    }

    @Test
    void eachComparisonHasItsOwnWork() throws Exception {
        OutputSchema schema = OutputSchema.of("{\"uniqueItems\":true}");
        String output = IntStream.range(0, 1_200).boxed().toList().toString();
        for (int i = 0; i < 4; i++) {
            assertThat(Futures.await(schema.objection(vertx, output))).isEmpty();
        }
    }

    @Test
    void aSchemaThatIsItselfIsNoneToCompareWith() throws Exception {
        assertThat(objection("{\"$ref\":\"#\"}", "1"))
                .hasValueSatisfying(told -> assertThat(told).contains("the nesting is too deep"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1]",
                "{",
                "{\"$ref\":\"https://example.com/\"}",
                "{\"$ref\":\"#/none\"}",
                "{\"$ref\":5}",
                "{\"patternProperties\":{\"^x\":{}},\"additionalProperties\":false}"
            })
    void refusesWhatIsNoSchema(String text) {
        assertThatThrownBy(() -> OutputSchema.of(text))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("schema");
    }
}
