package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which scripts a client may send, and how their results are described. One session for all. */
class EvaluateIT extends InOneSession {
    @Override
    @BeforeAll
    void create() {
        super.create();
        open("<title>Given</title><p id=one class='a b'>text</p><p>two</p>");
    }

    private Api.Answer evaluate(String expression) {
        return api.post(
                session + "/evaluate",
                new JsonObject().put("expression", expression).put("timeout", 5_000));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "await 1 | 1 | number",
                "const given = await Promise.resolve('a'); given | \"a\" | string",
                "let counted = 1; counted | 1 | number",
                "let counted = 2; counted | 2 | number",
                "new Promise(done => setTimeout(done, 1, 5)) | 5 | number",
                "() => 6 | 6 | number",
                "async () => { await null; return 7 } | 7 | number",
                "function() { return 8 }; | 8 | number",
                "async function () { return 9 } | 9 | number",
                "undefined | null | undefined",
                "null | null | null",
                "NaN | \"NaN\" | number",
                "-0 | -0 | number",
                "-Infinity | \"-Infinity\" | number",
                "12345678901234567890n | \"12345678901234567890n\" | bigint",
                "Symbol('s') | \"Symbol(s)\" | symbol",
                "() => Symbol('s') | \"Symbol(s)\" | symbol",
                "Promise.resolve(undefined) | null | undefined",
                "(class Ship {}) | \"class Ship\" | function",
                "[1, undefined, -0, function sail() {}] | [1,null,-0,\"ƒ sail()\"] | array",
                "({a: NaN, b: [10n], c: undefined}) | {\"a\":\"NaN\",\"b\":[\"10n\"],\"c\":null} | object",
                "document.querySelector('p') | \"<p id=\\\"one\\\" class=\\\"a b\\\">\" | node",
                "document.querySelector('p').firstChild | \"#text \\\"text\\\"\" | node",
                "({nodeType: 1, nodeName: 'P'}) | {\"nodeType\":1,\"nodeName\":\"P\"} | object",
                "(() => { const form = document.createElement('form'); form.innerHTML = '<input name=nodeType><input name=attributes>';"
                        + " return form })() | \"<form>\" | node",
                "(() => { window.Node = null; return [document.createElement('b'), {nodeType: 1}] })()"
                        + " | [\"<b>\",{\"nodeType\":1}] | array",
                "document.querySelectorAll('p') | [\"<p id=\\\"one\\\" class=\\\"a b\\\">\",\"<p>\"] | array",
                "new Map([['k', {a: 1}], [2, new Set(['x'])]]) | \"Map(2) {\\\"k\\\" => {\\\"a\\\":1}, 2 => Set(1) {\\\"x\\\"}}\" | map",
                "({inner: new Map()}) | {\"inner\":\"Map(0) {}\"} | object",
                "new Date(0) | \"1970-01-01T00:00:00.000Z\" | date",
                "new Date(NaN) | \"Invalid Date\" | date",
                "/a+/g | \"/a+/g\" | regexp",
                "new TypeError('no') | \"TypeError: no\" | error",
                "new WeakMap() | \"[object WeakMap]\" | weakmap",
                "new Uint8Array(2) | [0,0] | array",
                "new URL('http://a.test/') | \"http://a.test/\" | object",
                "window | \"[object Window]\" | object",
                "new Response('') | \"[object Response]\" | object",
                "(() => { const a = {n: 1}; a.self = a; return a })() | {\"n\":1,\"self\":\"[Circular]\"} | object",
                "({get broken() { throw 1 }, whole: 1}) | {\"broken\":\"[threw]\",\"whole\":1} | object",
                "'\\ud800' | \"\\ud800\" | string",
                "'grün €\uD83D\uDE00' | \"grün €\uD83D\uDE00\" | string",
                "'\\\\\\\\u00e4\\\\n' | \"\\\\\\\\u00e4\\\\n\" | string",
                "({toJSON() { return [1] }}) | [1] | object"
            })
    void tellsWhatAScriptGives(String expression, String result, String type) {
        Api.Answer answer = evaluate(expression);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonObject given = answer.json();
        assertThat(given.remove("pageId")).isNotNull();
        assertThat(given)
                .isEqualTo(new JsonObject("{\"success\":true,\"result\":" + result + ",\"type\":\"" + type + "\"}"));
    }

    @Test
    void charactersAreNotEscaped() {
        assertThat(evaluate("'grün €\uD83D\uDE00'").text()).contains("\"grün €\uD83D\uDE00\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "throw new Error('told') | script threw: Error: told",
                "() => { throw new Error('told') } | script threw: Error: told",
                "await Promise.reject(new Error('told')) | script threw: Error: told",
                "Promise.reject('told') | script threw: told",
                "null.x | script threw: TypeError: Cannot read properties of null",
                "1 +* 2 | script threw: SyntaxError: Unexpected token '*'"
            })
    void whatAScriptThrowsIsToldWithoutBerthsOwnPart(String expression, String message) {
        Api.Answer answer = evaluate(expression);
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.error().getString("message")).startsWith(message).doesNotContain("berth");
        assertThat(answer.error().getString("hint")).isNotEmpty();
    }

    @Test
    void resultsThatRepeatAnObjectVeryOftenAreRefusedInTime() {
        Api.Answer answer = evaluate("let doubled = {text: 'x'.repeat(1000)};"
                + " for (let i = 0; i < 40; i++) doubled = {left: doubled, right: doubled}; doubled");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.error().getString("message"))
                .isEqualTo("the result is too large: at most 33554432 bytes can be returned at once");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "for (;;) {}",
                "() => { for (;;) {} }",
                "(async () => { await new Promise(done => setTimeout(done, 10)); for (;;) {} })()"
            })
    void aScriptThatLoopsIsEndedAndThePageLivesOn(String loop) {
        JsonObject body = new JsonObject().put("expression", loop).put("timeout", 300);
        Api.Answer late = api.post(session + "/evaluate", body);
        assertThat(late.status()).isEqualTo(504);
        assertThat(late.error().getString("message")).isEqualTo("the script did not finish within 300 ms");
        assertThat(script("document.title")).isEqualTo("Given");
    }
}
