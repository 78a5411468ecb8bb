package dev.berth.http.oneshot;

import dev.berth.protocol.VerbChoices.WaitUntil;
import io.vertx.core.json.Json;
import java.util.List;

/** What one-shots run in pages: expressions for the verb {@code evaluate}. */
public final class PageScripts {
    /**
     * Gives a blank page this HTML, and waits for it. The document is opened anew, so that it loads as others do: scripts run, and events
     * come.
     */
    private static final String SET_HTML = """
            (async (html, until) => {
              html = (globalThis.earlierHtml ?? '') + html;
              delete globalThis.earlierHtml;
              document.open();
              const there = new Promise(done => addEventListener(until, done, {once: true}));
              document.write(html);
              document.close();
              await there;
            })(%s, %s)""";

    /** Waits until no resource has come for 500 ms. */
    private static final String IDLE = """
            .then(async () => {
              const count = () => performance.getEntriesByType('resource').length;
              for (let before = -1; before < count();) {
                before = count();
                await new Promise(later => setTimeout(later, 500));
              }
            })""";

    /** The links of the page to other documents, each URL once, without its fragment. */
    static final String LINKS = """
            (() => {
              const links = new Map();
              for (const link of document.querySelectorAll('a[href], area[href]')) {
                let url;
                try {
                  url = new URL(link.getAttribute('href'), document.baseURI);
                } catch {
                  continue;
                }
                url.hash = '';
                const text = (link.innerText ?? link.alt ?? link.textContent).trim().replace(/\\s+/g, ' ');
                if (/^https?:$/.test(url.protocol) && !links.get(url.href)) {
                  links.set(url.href, text);
                }
              }
              return Array.from(links, ([url, text]) => ({url, text}));
            })()""";

    private static final String SCRAPE = """
            (selectors => selectors.map(selector => ({
              selector,
              results: Array.from(document.querySelectorAll(selector), element => {
                const box = element.getBoundingClientRect();
                return {
                  text: element.innerText ?? element.textContent,
                  html: element.innerHTML,
                  attributes: Array.from(element.attributes, ({name, value}) => ({name, value})),
                  left: box.left + scrollX,
                  top: box.top + scrollY,
                  width: box.width,
                  height: box.height,
                };
              }),
            })))(%s)""";

    private PageScripts() {}

    /** Has a blank page keep a part of the HTML that {@link #setHtml} gives it. */
    static String keepHtml(String part) {
        return "void (globalThis.earlierHtml = (globalThis.earlierHtml ?? '') + %s)".formatted(Json.encode(part));
    }

    /** Gives a blank page this HTML, behind the parts that it keeps. A promise, which is kept as {@code until} says. The page's URL stays {@code about:blank}. */
    public static String setHtml(String html, WaitUntil until) {
        String event = until == WaitUntil.DOMCONTENTLOADED ? "DOMContentLoaded" : "load";
        String script = SET_HTML.formatted(Json.encode(html), Json.encode(event));
        return until == WaitUntil.NETWORKIDLE ? script + IDLE : script;
    }

    /** The elements that match each selector: text, HTML, attributes and box, in CSS pixels from the corner of the document. */
    public static String scrape(List<String> selectors) {
        return SCRAPE.formatted(Json.encode(selectors));
    }
}
