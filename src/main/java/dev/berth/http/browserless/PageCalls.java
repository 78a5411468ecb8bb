package dev.berth.http.browserless;

import dev.berth.http.oneshot.OneShot.Step;
import dev.berth.http.request.GivenFields;
import dev.berth.protocol.PageAction.Evaluate;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What Puppeteer does in a page for the fields of a body: expressions for the verb {@code evaluate}. */
final class PageCalls {
    /** Adds an element; one that loads something from a URL counts as added once it has come. */
    private static final String ADD_TAG = """
            (({name, attributes, content}) => new Promise((done, fail) => {
              const tag = document.createElement(name);
              for (const [key, value] of Object.entries(attributes)) {
                tag.setAttribute(key, value);
              }
              const url = attributes.src ?? attributes.href;
              if (url) {
                tag.onload = () => done();
                tag.onerror = () => fail(new Error(url + ' could not be loaded'));
              } else {
                tag.textContent = content;
              }
              (document.head ?? document.documentElement).append(tag);
              if (!url) {
                done();
              }
            }))(%s)""";

    private static final String WAIT = "new Promise(done => setTimeout(done, %d))";

    /** An asynchronous function is called once; all else is asked again until it is true. */
    private static final String WAIT_FOR_FUNCTION = """
            (async (probe, pause) => {
              for (;;) {
                let value = probe();
                if (typeof value === 'function') {
                  value = value();
                }
                if (value instanceof Promise) {
                  await value;
                  return;
                }
                if (value) {
                  return;
                }
                await new Promise(later => setTimeout(later, pause));
              }
            })(() => (%s
            ), %d)""";

    private static final String WAIT_FOR_EVENT = """
            (event => new Promise(done => {
              for (const target of [document, window]) {
                target.addEventListener(event, () => done(), {once: true});
              }
            }))(%s)""";

    /** Shows each part of the page once, so that pictures load that wait for that. Stops at what was the end at the beginning. */
    private static final String SCROLL = """
            (async () => {
              const end = document.documentElement.scrollHeight;
              for (let top = 0; top < end; top += innerHeight / 2) {
                scrollTo(0, top);
                await new Promise(later => setTimeout(later, 100));
              }
              scrollTo(0, 0);
              await new Promise(later => setTimeout(later, 500));
            })()""";

    private static final String SCRAPE = """
            (selectors => selectors.map(selector => ({
              results: Array.from(document.querySelectorAll(selector), element => {
                const box = element.getBoundingClientRect();
                return {
                  attributes: Array.from(element.attributes, ({name, value}) => ({name, value})),
                  height: element.offsetHeight,
                  html: element.innerHTML,
                  left: box.left,
                  text: element.innerText,
                  top: box.top,
                  width: element.offsetWidth,
                };
              }),
              selector,
            })))(%s)""";

    private static final int PAUSE_MILLIS = 50;

    private PageCalls() {}

    /** @param tag an element of {@code addStyleTag}: the text, or the URL of it */
    static Step addStyle(GivenFields tag) {
        return tag.text("url")
                .map(url ->
                        add("link", new JsonObject().put("rel", "stylesheet").put("href", url), ""))
                .orElseGet(() -> add("style", new JsonObject(), tag.required("content", tag::text)));
    }

    /** @param tag an element of {@code addScriptTag}: the text, or the URL of it */
    static Step addScript(GivenFields tag) {
        JsonObject attributes = new JsonObject();
        tag.text("type").ifPresent(type -> attributes.put("type", type));
        tag.text("id").ifPresent(id -> attributes.put("id", id));
        return tag.text("url")
                .map(url -> add("script", attributes.put("src", url), ""))
                .orElseGet(() -> add("script", attributes, tag.required("content", tag::text)));
    }

    private static Step add(String name, JsonObject attributes, String content) {
        return evaluate(ADD_TAG.formatted(new JsonObject()
                .put("name", name)
                .put("attributes", attributes)
                .put("content", content)
                .encode()));
    }

    static Step pause(long millis) {
        return evaluate(WAIT.formatted(millis));
    }

    /** @param function the text of one, or of an expression */
    static Step waitForFunction(String function) {
        return evaluate(WAIT_FOR_FUNCTION.formatted(function, PAUSE_MILLIS));
    }

    static Step waitForEvent(String event) {
        return evaluate(WAIT_FOR_EVENT.formatted(Json.encode(event)));
    }

    static Step scroll() {
        return evaluate(SCROLL);
    }

    static Step scrape(List<String> selectors) {
        return evaluate(SCRAPE.formatted(Json.encode(selectors)));
    }

    private static Step evaluate(String expression) {
        return new Step(millis -> new Evaluate(expression, millis));
    }
}
