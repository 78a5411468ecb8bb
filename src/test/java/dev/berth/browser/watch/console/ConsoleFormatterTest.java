package dev.berth.browser.watch.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.ConsoleEntry.ConsoleLevel;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The events are as Chrome sends them, the expected lines as DevTools shows them. */
class ConsoleFormatterTest {
    /** JSON with single quotes. */
    private static JsonObject json(String text) {
        return new JsonObject(text.replace('\'', '"'));
    }

    private static JsonObject string(String value) {
        return new JsonObject().put("type", "string").put("value", value);
    }

    private static JsonObject number(String literal) {
        return json("{'type':'number','value':" + literal + ",'description':'" + literal + "'}");
    }

    private static JsonObject unserializable(String type, String value) {
        return json("{'type':'%1$s','unserializableValue':'%2$s','description':'%2$s'}".formatted(type, value));
    }

    private static JsonObject object(String className, String description, String properties) {
        return json("""
                {'type':'object','className':'%1$s','description':'%2$s','objectId':'1.1.1','preview':
                {'type':'object','description':'%2$s','overflow':false,'properties':[%3$s]}}""".formatted(className, description, properties));
    }

    private static JsonObject array(String description, boolean overflow, String properties) {
        return json("""
                {'type':'object','subtype':'array','className':'Array','description':'%1$s','objectId':'1.1.2','preview':
                {'type':'object','subtype':'array','description':'%1$s','overflow':%2$s,'properties':[%3$s]}}""".formatted(description, overflow, properties));
    }

    private static JsonObject collection(String subtype, String description, boolean overflow, String entries) {
        return json("""
                {'type':'object','subtype':'%1$s','className':'Map','description':'%2$s','objectId':'1.1.3','preview':
                {'type':'object','subtype':'%1$s','description':'%2$s','overflow':%3$s,
                'properties':[{'name':'size','type':'number','value':'1'}],'entries':[%4$s]}}""".formatted(subtype, description, overflow, entries));
    }

    private static ConsoleEntry call(String type, JsonObject... args) {
        return ConsoleFormatter.consoleCall(
                json("{'type':'" + type + "','executionContextId':1,'timestamp':1700000000123.75}")
                        .put("args", new JsonArray(List.of(args))));
    }

    private static String log(JsonObject... args) {
        return call("log", args).message();
    }

    // Format specifiers

    @Test
    void percentSTakesAStringAsItIs() {
        assertThat(log(string("hello %s!"), string("it's"))).isEqualTo("hello it's!");
    }

    @ParameterizedTest
    @CsvSource({"%d, 42, 42", "%i, 42, 42", "%d, 42.9, 42", "%i, -7, -7", "%f, 1.5, 1.5", "%f, 3, 3"})
    void numberSpecifiersShowTheNumber(String specifier, String value, String shown) {
        assertThat(log(string("n=" + specifier + ";"), number(value))).isEqualTo("n=" + shown + ";");
    }

    @ParameterizedTest
    @CsvSource({"%d", "%i", "%f"})
    void numberSpecifiersShowNanForWhatIsNoNumber(String specifier) {
        assertThat(log(string(specifier), unserializable("number", "NaN"))).isEqualTo("NaN");
        assertThat(log(string(specifier), object("Object", "Object", ""))).isEqualTo("NaN");
    }

    @Test
    void percentFShowsInfinity() {
        assertThat(log(string("%f"), unserializable("number", "Infinity"))).isEqualTo("Infinity");
    }

    @ParameterizedTest
    @CsvSource({"%o", "%O"})
    void objectSpecifiersShowThePreview(String specifier) {
        assertThat(log(
                        string("got " + specifier + " now"),
                        object("Object", "Object", "{'name':'a','type':'number','value':'1'}")))
                .isEqualTo("got {a: 1} now");
    }

    @Test
    void objectSpecifiersQuoteAString() {
        assertThat(log(string("%o"), string("x"))).isEqualTo("'x'");
    }

    @Test
    void stylesAreRemoved() {
        assertThat(log(string("%cred%c plain"), string("color: red"), string("")))
                .isEqualTo("red plain");
    }

    @Test
    void aDoubledPercentIsOnePercentAndTakesNoArgument() {
        assertThat(log(string("100%% %s"), string("done"))).isEqualTo("100% done");
    }

    @Test
    void specifiersWithoutArgumentsStayAsTheyAre() {
        assertThat(log(string("%s and %s"), string("one"))).isEqualTo("one and %s");
        assertThat(log(string("50% off, %x %"))).isEqualTo("50% off, %x %");
    }

    @Test
    void surplusArgumentsFollowAfterSpaces() {
        assertThat(log(string("a %s"), string("b"), number("1"), string("c"))).isEqualTo("a b 1 c");
    }

    @Test
    void stringsAfterAFirstArgumentThatIsNoStringAreQuoted() {
        assertThat(log(number("1"), string("a"))).isEqualTo("1 'a'");
    }

    @Test
    void aFirstArgumentThatIsNoStringIsNoTemplate() {
        assertThat(log(number("1"), number("2"))).isEqualTo("1 2");
    }

    @Test
    void noArgumentsGiveAnEmptyLine() {
        assertThat(log()).isEmpty();
    }

    // Primitives

    @Test
    void valuesWithoutJsonAreShownAsJavaScriptWritesThem() {
        assertThat(log(json("{'type':'undefined'}"))).isEqualTo("undefined");
        assertThat(log(json("{'type':'object','subtype':'null','value':null}"))).isEqualTo("null");
        assertThat(log(json("{'type':'boolean','value':false}"))).isEqualTo("false");
        assertThat(log(unserializable("number", "NaN"))).isEqualTo("NaN");
        assertThat(log(unserializable("number", "-0"))).isEqualTo("-0");
        assertThat(log(unserializable("number", "-Infinity"))).isEqualTo("-Infinity");
        assertThat(log(unserializable("bigint", "12345678901234567890n"))).isEqualTo("12345678901234567890n");
        assertThat(log(json("{'type':'symbol','description':'Symbol(key)','objectId':'1.1.4'}")))
                .isEqualTo("Symbol(key)");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-3, -3",
        "0.5, 0.5",
        "9007199254740991, 9007199254740991",
        "0.0001, 0.0001",
        "12345678.9, 12345678.9",
        "1700000000.123, 1700000000.123",
        "1e+21, 1e+21",
        "1e-7, 1e-7"
    })
    void numbersAreShownAsJavaScriptWritesThem(String literal, String shown) {
        assertThat(log(number(literal))).isEqualTo(shown);
    }

    @Test
    void aFunctionIsMarkedWithTheSignOfFunctions() {
        assertThat(
                        log(
                                json(
                                        "{'type':'function','className':'Function','description':'function f() { return 1 }','objectId':'1.1.5'}")))
                .isEqualTo("ƒ f() { return 1 }");
    }

    @Test
    void anArrowFunctionIsShownAsItsSource() {
        assertThat(log(json("{'type':'function','className':'Function','description':'() => 1','objectId':'1.1.5'}")))
                .isEqualTo("() => 1");
    }

    // Objects

    @Test
    void aPlainObjectShowsItsProperties() {
        assertThat(log(object(
                        "Object",
                        "Object",
                        "{'name':'a','type':'number','value':'1'},{'name':'b','type':'string','value':'x'},"
                                + "{'name':'c','type':'object','subtype':'null','value':'null'},"
                                + "{'name':'d','type':'undefined','value':'undefined'}")))
                .isEqualTo("{a: 1, b: 'x', c: null, d: undefined}");
    }

    @Test
    void anInstanceShowsItsClass() {
        assertThat(log(object("Point", "Point", "{'name':'x','type':'number','value':'1'}")))
                .isEqualTo("Point {x: 1}");
    }

    @Test
    void emptyObjectsAndArraysAreBareBrackets() {
        assertThat(log(object("Object", "Object", ""))).isEqualTo("{}");
        assertThat(log(array("Array(0)", false, ""))).isEqualTo("[]");
    }

    @Test
    void nestedValuesAreAbbreviated() {
        assertThat(log(object(
                        "Object",
                        "Object",
                        "{'name':'o','type':'object','value':'Object'},"
                                + "{'name':'l','type':'object','subtype':'array','value':'Array(2)'},"
                                + "{'name':'p','type':'object','value':'Point'},"
                                + "{'name':'f','type':'function','value':''}")))
                .isEqualTo("{o: {…}, l: Array(2), p: Point, f: ƒ}");
    }

    @Test
    void propertiesThatDoNotFitBecomeAnEllipsis() {
        JsonObject value = object("Object", "Object", "{'name':'a','type':'number','value':'1'}");
        value.getJsonObject("preview").put("overflow", true);
        assertThat(log(value)).isEqualTo("{a: 1, …}");
    }

    @Test
    void anArrayShowsItsLengthFromTwoOn() {
        assertThat(log(array("Array(1)", false, "{'name':'0','type':'string','value':'x'}")))
                .isEqualTo("['x']");
        assertThat(log(array(
                        "Array(2)",
                        false,
                        "{'name':'0','type':'number','value':'1'},{'name':'1','type':'object','value':'Object'}")))
                .isEqualTo("(2) [1, {…}]");
    }

    @Test
    void anArrayThatDoesNotFitEndsInAnEllipsis() {
        assertThat(log(array(
                        "Array(500)",
                        true,
                        "{'name':'0','type':'number','value':'7'},{'name':'1','type':'number','value':'8'}")))
                .isEqualTo("(500) [7, 8, …]");
    }

    @Test
    void namedPropertiesOfAnArrayKeepTheirNames() {
        assertThat(log(array(
                        "Array(1)",
                        false,
                        "{'name':'0','type':'number','value':'1'},{'name':'index','type':'number','value':'4'}")))
                .isEqualTo("[1, index: 4]");
    }

    @Test
    void holesOfAnArrayAreShownAsEmpty() {
        assertThat(log(array("Array(2)", false, "{'name':'1','type':'number','value':'5'}")))
                .isEqualTo("(2) [empty, 5]");
    }

    @Test
    void aTypedArrayShowsItsClass() {
        JsonObject value = array("Uint8Array(1)", false, "{'name':'0','type':'number','value':'9'}");
        value.put("subtype", "typedarray").put("className", "Uint8Array");
        value.getJsonObject("preview").put("subtype", "typedarray");
        assertThat(log(value)).isEqualTo("Uint8Array [9]");
    }

    @Test
    void aMapShowsItsEntriesWithArrows() {
        assertThat(log(collection(
                        "map",
                        "Map(2)",
                        false,
                        "{'key':{'type':'string','description':'a','overflow':false,'properties':[]},"
                                + "'value':{'type':'number','description':'1','overflow':false,'properties':[]}},"
                                + "{'key':{'type':'number','description':'2','overflow':false,'properties':[]},"
                                + "'value':{'type':'object','description':'Object','overflow':true,'properties':[]}}")))
                .isEqualTo("Map(2) {'a' => 1, 2 => {…}}");
    }

    @Test
    void aSetShowsItsValues() {
        assertThat(
                        log(
                                collection(
                                        "set",
                                        "Set(9)",
                                        true,
                                        "{'value':{'type':'string','description':'x','overflow':false,'properties':[]}},"
                                                + "{'value':{'type':'object','subtype':'array','description':'Array(3)','overflow':false,'properties':[]}}")))
                .isEqualTo("Set(9) {'x', Array(3), …}");
    }

    @Test
    void anErrorShowsItsStack() {
        JsonObject error = json("{'type':'object','subtype':'error','className':'Error','objectId':'1.1.6'}")
                .put("description", "Error: boom\n    at f (http://a.test/app.js:3:7)");
        assertThat(log(string("failed:"), error)).isEqualTo("failed: Error: boom\n    at f (http://a.test/app.js:3:7)");
    }

    @Test
    void anErrorShowsItsStackEvenWhereItHasAPreview() {
        JsonObject error = object("Error", "Error: boom", "{'name':'code','type':'number','value':'4'}")
                .put("subtype", "error");
        assertThat(log(error)).startsWith("Error: boom");
    }

    @Test
    void anErrorShowsItsCause() {
        JsonObject error = object(
                        "Error", "Error: outer", "{'name':'cause','type':'object','value':'TypeError: inner'}")
                .put("subtype", "error");
        assertThat(log(error)).isEqualTo("Error: outer\nCaused by: TypeError: inner");
        assertThat(ConsoleFormatter.exception(thrown("Uncaught", error)).message())
                .isEqualTo("Uncaught Error: outer\nCaused by: TypeError: inner");
    }

    @Test
    void datesExpressionsAndNodesDescribeThemselves() {
        assertThat(log(json("{'type':'object','subtype':'regexp','className':'RegExp','description':'/a+/g'}")))
                .isEqualTo("/a+/g");
        assertThat(log(json("{'type':'object','subtype':'node','className':'HTMLDivElement','description':'div#top'}")))
                .isEqualTo("div#top");
    }

    @Test
    void aPromiseShowsItsState() {
        JsonObject promise = object(
                        "Promise",
                        "Promise",
                        "{'name':'[[PromiseState]]','type':'string','value':'pending'},"
                                + "{'name':'[[PromiseResult]]','type':'undefined','value':'undefined'}")
                .put("subtype", "promise");
        promise.getJsonObject("preview").put("subtype", "promise");
        assertThat(log(promise)).isEqualTo("Promise {<pending>}");
    }

    // Quoting

    private static String element(String value) {
        JsonObject list = array("Array(1)", false, "");
        list.getJsonObject("preview")
                .put("properties", new JsonArray().add(string(value).put("name", "0")));
        return log(list);
    }

    @Test
    void stringsWithinValuesAreEscaped() {
        assertThat(element("a\nb")).isEqualTo("['a\\nb']");
        assertThat(element("a\\b")).isEqualTo("['a\\\\b']");
        assertThat(element("say \"hi\"")).isEqualTo("['say \"hi\"']");
    }

    @Test
    void aTabWithinAValueIsEscaped() {
        assertThat(element("a\tb")).isEqualTo("['a\\tb']");
    }

    @Test
    void aStringWithAnApostropheIsPutInDoubleQuotes() {
        assertThat(element("it's")).isEqualTo("[\"it's\"]");
    }

    // Length

    @Test
    void aMessageOfTheGreatestLengthIsWhole() {
        String message = "x".repeat(16_384);
        assertThat(log(string(message))).isEqualTo(message);
    }

    @Test
    void aLongerMessageIsCutAndSaysByHowMuch() {
        assertThat(log(string("x".repeat(16_384) + "yz"))).isEqualTo("x".repeat(16_384) + "… (2 more characters)");
    }

    @Test
    void cuttingDoesNotSplitACharacter() {
        String message = log(string("x".repeat(16_383) + "😀" + "y".repeat(10)));
        assertThat(message.codePoints()).noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    // Level, place, time

    @ParameterizedTest
    @CsvSource({
        "log, LOG",
        "debug, DEBUG",
        "info, INFO",
        "warning, WARN",
        "error, ERROR",
        "assert, ERROR",
        "dir, LOG",
        "table, LOG",
        "trace, LOG",
        "startGroup, LOG",
        "count, LOG",
        "timeEnd, LOG"
    })
    void theMethodOfTheConsoleGivesTheLevel(String type, ConsoleLevel level) {
        assertThat(call(type, string("x")).level()).isEqualTo(level);
    }

    @Test
    void aFailedAssertionSaysSo() {
        assertThat(call("assert", string("%s is wrong"), string("this")).message())
                .isEqualTo("Assertion failed: this is wrong");
        assertThat(call("assert", string("console.assert")).message()).isEqualTo("Assertion failed: console.assert");
        assertThat(call("assert").message()).isEqualTo("Assertion failed");
    }

    @Test
    void aClearedConsoleSaysSo() {
        assertThat(call("clear", string("console.clear")).message()).isEqualTo("Console was cleared");
    }

    @Test
    void whatIsNoTableIsShownAsALine() {
        assertThat(call("table", number("5")).message()).isEqualTo("5");
        assertThat(call("table").message()).isEmpty();
        assertThat(call("table", collection("map", "Map(1)", false, "")).message())
                .isEqualTo("Map(1) {}");
    }

    @Test
    void aTableHasARowForEachElementAndAColumnForEachProperty() {
        JsonObject rows = array("Array(3)", false, """
                {'name':'0','type':'object','value':'Object','valuePreview':{'type':'object','properties':[
                {'name':'a','type':'number','value':'1'},{'name':'b','type':'string','value':'x'}]}},
                {'name':'1','type':'object','value':'Object','valuePreview':{'type':'object','properties':[
                {'name':'a','type':'number','value':'22'},{'name':'c','type':'object','value':'Object'}]}},
                {'name':'2','type':'string','value':'plain'}""");
        assertThat(call("table", rows).message()).isEqualTo("""
                (index) │ a  │ b   │ c   │ Value
                0       │ 1  │ 'x' │     │\s
                1       │ 22 │     │ {…} │\s
                2       │    │     │     │ 'plain'""");
    }

    @Test
    void aLargeTableIsCut() {
        String rows = java.util.stream.IntStream.range(0, 150)
                .mapToObj(row -> "{'name':'" + row + "','type':'string','value':'" + "v".repeat(80) + "'}")
                .collect(java.util.stream.Collectors.joining(","));
        String[] lines =
                call("table", array("Array(150)", false, rows)).message().split("\n");
        assertThat(lines)
                .hasSize(102)
                .contains("99      │ '" + "v".repeat(49) + "…")
                .endsWith("… 50 more rows");
    }

    @Test
    void aCallTellsTimeAndSource() {
        ConsoleEntry entry = call("log", string("x"));
        assertThat(entry.timestamp()).isEqualTo(Instant.ofEpochMilli(1_700_000_000_123L));
        assertThat(entry.source()).isEqualTo("console-api");
    }

    private static JsonObject stack(String url) {
        return json("""
                {'callFrames':[
                {'functionName':'f','scriptId':'5','url':'%s','lineNumber':0,'columnNumber':8},
                {'functionName':'','scriptId':'6','url':'http://a.test/outer.js','lineNumber':40,'columnNumber':1}]}""".formatted(url));
    }

    private static ConsoleEntry placed(JsonObject stackTrace) {
        return ConsoleFormatter.consoleCall(
                json("{'type':'log','args':[],'timestamp':1.0}").put("stackTrace", stackTrace));
    }

    @Test
    void theInnermostFrameIsThePlaceOfACallWithLinesFromOne() {
        ConsoleEntry entry = placed(stack("http://a.test/app.js"));
        assertThat(entry.url()).contains("http://a.test/app.js");
        assertThat(entry.line()).contains(1);
    }

    @Test
    void aCallWithoutAStackHasNoPlace() {
        assertThat(call("log").url()).isEmpty();
        assertThat(call("log").line()).isEmpty();
        assertThat(placed(json("{'callFrames':[]}")).url()).isEmpty();
    }

    @Test
    void aScriptWithoutAUrlGivesNoUrl() {
        assertThat(placed(stack("")).url()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"error, 2", "warning, 2", "assert, 2", "trace, 2", "log, 0", "table, 0"})
    void theCallsThatDevToolsShowsWithAStackHaveIt(String type, int frames) {
        ConsoleEntry entry = ConsoleFormatter.consoleCall(
                json("{'args':[],'timestamp':1.0}").put("type", type).put("stackTrace", stack("http://a.test/app.js")));
        assertThat(entry.stack())
                .isEqualTo(
                        frames == 0
                                ? List.of()
                                : List.of("f (http://a.test/app.js:1:9)", "(anonymous) (http://a.test/outer.js:41:2)"));
    }

    // Exceptions

    @Test
    void theStackOfAnExceptionIsThatOfItsError() {
        String description = "Error: at f (x)\n    at f (http://a.test/x.js:7:3)\n    at http://a.test/x.js:9:1\n";
        assertThat(ConsoleFormatter.exception(thrown("Uncaught", error(description)))
                        .stack())
                .containsExactly("f (http://a.test/x.js:7:3)", "(anonymous) (http://a.test/x.js:9:1)");
        JsonObject event = thrown("Uncaught", string("a text"));
        event.getJsonObject("exceptionDetails").put("stackTrace", stack("http://a.test/app.js"));
        assertThat(ConsoleFormatter.exception(event).stack()).hasSize(2);
    }

    @Test
    void aLongStackIsCut() {
        String line = "\n    at " + "f".repeat(900) + " (http://a.test/x.js:7:3)";
        List<String> stack = ConsoleFormatter.exception(thrown("Uncaught", error("Error: deep" + line.repeat(60))))
                .stack();
        assertThat(stack).hasSize(10).allMatch(frame -> frame.length() == 501);
    }

    private static JsonObject thrown(String text, JsonObject exception) {
        return json("{'timestamp':1700000000500.0}")
                .put(
                        "exceptionDetails",
                        json("{'exceptionId':1,'lineNumber':6,'columnNumber':2,'scriptId':'9','url':'http://a.test/x.js'}")
                                .put("text", text)
                                .put("exception", exception));
    }

    private static JsonObject error(String description) {
        return json("{'type':'object','subtype':'error','className':'Error','objectId':'1.1.7'}")
                .put("description", description);
    }

    @Test
    void anUncaughtErrorShowsItsStackAndPlace() {
        ConsoleEntry entry =
                ConsoleFormatter.exception(thrown("Uncaught", error("TypeError: no\n    at http://a.test/x.js:7:3")));
        assertThat(entry)
                .isEqualTo(new ConsoleEntry(
                        ConsoleLevel.ERROR,
                        "Uncaught TypeError: no\n    at http://a.test/x.js:7:3",
                        Instant.ofEpochMilli(1_700_000_000_500L),
                        Optional.of("http://a.test/x.js"),
                        Optional.of(7),
                        "exception",
                        0,
                        List.of("(anonymous) (http://a.test/x.js:7:3)")));
    }

    @Test
    void aRejectedPromiseSaysThatItWasOne() {
        assertThat(ConsoleFormatter.exception(thrown("Uncaught (in promise)", error("Error: late")))
                        .message())
                .isEqualTo("Uncaught (in promise) Error: late");
    }

    @Test
    void aThrownStringIsShownWithoutQuotes() {
        assertThat(ConsoleFormatter.exception(thrown("Uncaught", string("oops")))
                        .message())
                .isEqualTo("Uncaught oops");
    }

    @Test
    void aRejectionWithAStringIsShownWithoutQuotes() {
        assertThat(ConsoleFormatter.exception(thrown("Uncaught (in promise)", string("oops")))
                        .message())
                .isEqualTo("Uncaught (in promise) oops");
    }

    @Test
    void aThrownNumberOrUndefinedIsShown() {
        assertThat(ConsoleFormatter.exception(thrown("Uncaught", number("42"))).message())
                .isEqualTo("Uncaught 42");
        assertThat(ConsoleFormatter.exception(thrown("Uncaught", json("{'type':'undefined'}")))
                        .message())
                .isEqualTo("Uncaught undefined");
    }

    @Test
    void aThrownObjectShowsItsPreview() {
        assertThat(ConsoleFormatter.exception(thrown(
                                "Uncaught", object("Object", "Object", "{'name':'code','type':'number','value':'4'}")))
                        .message())
                .isEqualTo("Uncaught {code: 4}");
    }

    @Test
    void anExceptionWithoutAValueShowsItsText() {
        JsonObject event = thrown("Uncaught SyntaxError: Unexpected token", null);
        event.getJsonObject("exceptionDetails").remove("exception");
        assertThat(ConsoleFormatter.exception(event).message()).isEqualTo("Uncaught SyntaxError: Unexpected token");
    }

    @Test
    void anExceptionWithoutAUrlTakesThatOfItsStack() {
        JsonObject event = thrown("Uncaught", error("Error: x"));
        event.getJsonObject("exceptionDetails").remove("url");
        event.getJsonObject("exceptionDetails").put("stackTrace", stack("http://a.test/app.js"));
        assertThat(ConsoleFormatter.exception(event).url()).contains("http://a.test/app.js");
    }

    @Test
    void aLongExceptionIsCut() {
        assertThat(ConsoleFormatter.exception(thrown("Uncaught", error("E".repeat(16_384))))
                        .message())
                .endsWith("E… (9 more characters)");
    }

    @Test
    void onlyCharactersMissingFromTheMessageAreCounted() {
        assertThat(log(string("a"), string("b").put("value…", 7))).isEqualTo("a b… (7 more characters)");
        assertThat(log(string("%c%s"), string("css").put("value…", 7), string("b")))
                .isEqualTo("b");
        JsonObject place = json("{'callFrames':[{'functionName':'f','scriptId':'5','url':'http://a.test/','url…':20000,"
                + "'lineNumber':0,'columnNumber':8}]}");
        assertThat(placed(place).message()).isEmpty();
        assertThat(logged("error", ",'url':'http://a.test/','url…':20000").message())
                .isEqualTo("Failed to load resource");
        assertThat(ConsoleFormatter.exception(
                                thrown("Uncaught", error("Error: e").put("description…", 9)))
                        .message())
                .isEqualTo("Uncaught Error: e… (9 more characters)");
    }

    /** A page may define a property with the name of the internal state. */
    @Test
    void aPromiseWithAStateOfItsOwnIsShown() {
        assertThat(log(json(
                        "{'type':'object','subtype':'promise','className':'Promise','description':'Promise','preview':"
                                + "{'type':'object','subtype':'promise','description':'Promise','overflow':false,'properties':"
                                + "[{'name':'[[PromiseState]]','type':'accessor'}]}}")))
                .startsWith("Promise {<");
    }

    // The browser's own log

    private static ConsoleEntry logged(String level, String more) {
        return ConsoleFormatter.logEntry(json("{'entry':{'source':'network','level':'" + level
                + "','text':'Failed to load resource','timestamp':1700000000001.9" + more + "}}"));
    }

    @ParameterizedTest
    @CsvSource({"verbose, DEBUG", "info, INFO", "warning, WARN", "error, ERROR"})
    void theLevelsOfLogEntriesAreKept(String level, ConsoleLevel expected) {
        assertThat(logged(level, "").level()).isEqualTo(expected);
    }

    @Test
    void aLogEntryHasSourceTextTimeAndPlace() {
        ConsoleEntry entry = logged("error", ",'url':'http://a.test/missing.png','lineNumber':0");
        assertThat(entry)
                .isEqualTo(new ConsoleEntry(
                        ConsoleLevel.ERROR,
                        "Failed to load resource",
                        Instant.ofEpochMilli(1_700_000_000_001L),
                        Optional.of("http://a.test/missing.png"),
                        Optional.of(1),
                        "network"));
    }

    @Test
    void aLogEntryMayHaveNoPlace() {
        assertThat(logged("info", "").url()).isEmpty();
        assertThat(logged("info", "").line()).isEmpty();
        assertThat(logged("info", ",'url':''").url()).isEmpty();
    }
}
