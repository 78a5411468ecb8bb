package dev.berth.it;

import dev.berth.browser.launch.ChromeFinder;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A Chrome of the test's own with one page, for pages of Berth's: as a person has it, with a real mouse and keyboard. It is no session of any
 * server.
 */
final class PageDriver implements AutoCloseable {
    /** Not one of those that servers give to their Chromes. */
    private static final int UID = 62_900;

    private static final String AXE = "/axe.min.js";
    private static final Map<String, Integer> KEY_CODES = Map.of(
            "Enter",
            13,
            "Escape",
            27,
            "Tab",
            9,
            "ArrowLeft",
            37,
            "ArrowUp",
            38,
            "ArrowRight",
            39,
            "ArrowDown",
            40,
            " ",
            32);

    private final Path folder;
    private final Process chrome;
    private final CdpClient cdp;
    private final String page;

    private PageDriver(Path folder, Process chrome, CdpClient cdp) {
        this.folder = folder;
        this.chrome = chrome;
        this.cdp = cdp;
        this.page = cdp.attach();
        send("Page.enable", new JsonObject());
    }

    static PageDriver launch() {
        Path folder = Berth.temporaryFolder();
        try {
            Process chrome = start(Files.createDirectory(folder.resolve("profile")));
            Path port = folder.resolve("profile/DevToolsActivePort");
            List<String> lines = Api.await(() -> lines(port), all -> all.size() == 2);
            return new PageDriver(folder, chrome, CdpClient.connect("ws://127.0.0.1:" + lines.get(0) + lines.get(1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Process start(Path profile) throws IOException {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            Files.setAttribute(profile, "unix:uid", UID);
            Files.setAttribute(profile, "unix:gid", UID);
            command.addAll(List.of("setpriv", "--reuid=" + UID, "--regid=" + UID, "--clear-groups", "--no-new-privs"));
        }
        command.add(ChromeFinder.find(Optional.empty(), System.getenv("PATH")).toString());
        command.addAll(List.of(
                "--headless",
                "--remote-debugging-port=0",
                "--no-first-run",
                "--user-data-dir=" + profile,
                "about:blank"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("HOME", profile.toString());
        return builder.start();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonObject send(String method, JsonObject params) {
        return cdp.send(method, params, page);
    }

    /** Every page from now on finds this key, as if a person had signed in. */
    void signIn(String key) {
        send(
                "Page.addScriptToEvaluateOnNewDocument",
                new JsonObject()
                        .put(
                                "source",
                                "if (location.protocol !== 'about:') sessionStorage.setItem('berth.key', '" + key
                                        + "')"));
    }

    void open(String url) {
        evaluate("window.left = true");
        send("Page.navigate", new JsonObject().put("url", url));
        await("!window.left && document.readyState === 'complete'");
    }

    /** The value of an expression, which may be a promise. */
    Object evaluate(String expression) {
        JsonObject answer = send(
                "Runtime.evaluate",
                new JsonObject()
                        .put("expression", expression)
                        .put("returnByValue", true)
                        .put("awaitPromise", true)
                        .put("userGesture", true));
        if (answer.containsKey("exceptionDetails")) {
            throw new AssertionError(
                    expression + ": " + answer.getJsonObject("exceptionDetails").encode());
        }
        return answer.getJsonObject("result").getValue("value");
    }

    String text(String selector) {
        return String.valueOf(evaluate("document.querySelector(" + quote(selector) + ")?.innerText"));
    }

    /** Waits until an expression is true; fails with what the page says. */
    void await(String expression) {
        Object[] last = new Object[1];
        try {
            Api.await(() -> last[0] = isTrue(expression), Boolean.TRUE::equals);
        } catch (AssertionError e) {
            throw new AssertionError("never: " + expression + "\n" + evaluate("document.body.innerText"), e);
        }
    }

    /** While a page is replaced there is nothing that could evaluate. */
    private boolean isTrue(String expression) {
        JsonObject reply = cdp.ask(
                "Runtime.evaluate",
                new JsonObject()
                        .put("expression", "Boolean(" + expression + ")")
                        .put("returnByValue", true),
                page);
        return reply.getJsonObject("result", new JsonObject())
                .getJsonObject("result", new JsonObject())
                .getValue("value", false)
                .equals(true);
    }

    void awaitText(String selector, String part) {
        await("document.querySelector(" + quote(selector) + ")?.innerText.includes(" + quote(part) + ")");
    }

    /**
     * Clicks with the mouse into the middle of the first element that is shown, once the element stands still and nothing covers it: a page
     * that scrolls or lays itself out would give the click to another element.
     */
    void click(String selector) {
        String element = "[...document.querySelectorAll(" + quote(selector) + ")].find(e => e.checkVisibility())";
        await(element);
        try {
            JsonObject at = Api.await(() -> middle(element), Objects::nonNull);
            clickAt(at.getDouble("x"), at.getDouble("y"));
        } catch (AssertionError e) {
            throw new AssertionError(
                    "covered, or never still: " + selector + "\n" + evaluate("document.body.innerText"), e);
        }
    }

    /** The middle of an element, or null if the element moved within two frames, is gone or is covered. */
    private JsonObject middle(String element) {
        Object found = evaluate("(async () => {"
                + " const place = () => { const r = (" + element + ")?.getBoundingClientRect();"
                + " return r && JSON.stringify({x: r.x + r.width / 2, y: r.y + r.height / 2}); };"
                + " (" + element + ")?.scrollIntoView({block: 'nearest', behavior: 'instant'});"
                + " const before = place();"
                + " for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);"
                + " if (!before || place() !== before) return null;"
                + " const {x, y} = JSON.parse(before), hit = document.elementFromPoint(x, y), e = " + element + ";"
                + " return hit && (e.contains(hit) || hit.contains(e) || hit.closest('label')?.control === e) ? before : null;"
                + " })()");
        return found == null ? null : new JsonObject((String) found);
    }

    /** Clicks an element by the text on it. */
    void clickText(String selector, String text) {
        String found = "[...document.querySelectorAll(" + quote(selector)
                + ")].find(e => e.checkVisibility() && e.innerText.includes(" + quote(text) + "))";
        await(found);
        // Before the click, which may replace the page.
        evaluate("document.querySelectorAll('[data-found]').forEach(e => e.removeAttribute('data-found'))");
        evaluate(found + ".setAttribute('data-found', '')");
        click("[data-found]");
    }

    /** Presses the right button in the middle of an element. */
    void openMenu(String selector) {
        JsonObject at = new JsonObject(
                String.valueOf(
                        evaluate(
                                "(() => { const r = document.querySelector(" + quote(selector)
                                        + ").getBoundingClientRect(); return JSON.stringify({x: r.x + r.width / 2, y: r.y + r.height / 2}); })()")));
        mouse("mousePressed", at.getDouble("x"), at.getDouble("y"), "right", 2);
        mouse("mouseReleased", at.getDouble("x"), at.getDouble("y"), "right", 0);
    }

    void clickAt(double x, double y) {
        mouse("mouseMoved", x, y);
        mouse("mousePressed", x, y);
        mouse("mouseReleased", x, y);
    }

    /** Presses at one point and releases at another. */
    void drag(double fromX, double fromY, double toX, double toY) {
        mouse("mouseMoved", fromX, fromY);
        mouse("mousePressed", fromX, fromY);
        mouse("mouseMoved", (fromX + toX) / 2, toY);
        mouse("mouseMoved", toX, toY);
        mouse("mouseReleased", toX, toY);
    }

    private void mouse(String type, double x, double y) {
        mouse(type, x, y, "left", type.equals("mouseReleased") ? 0 : 1);
    }

    private void mouse(String type, double x, double y, String button, int buttons) {
        send(
                "Input.dispatchMouseEvent",
                new JsonObject()
                        .put("type", type)
                        .put("x", x)
                        .put("y", y)
                        .put("button", button)
                        .put("buttons", buttons)
                        .put("clickCount", 1));
    }

    /** Presses a key by its name, such as {@code ArrowLeft}, or a character. */
    void press(String key) {
        boolean character = key.length() == 1;
        JsonObject event = new JsonObject()
                .put("key", key)
                .put("windowsVirtualKeyCode", KEY_CODES.getOrDefault(key, (int) Character.toUpperCase(key.charAt(0))));
        String text = key.equals("Enter") ? "\r" : character ? key : "";
        String down = text.isEmpty() ? "rawKeyDown" : "keyDown";
        send("Input.dispatchKeyEvent", event.copy().put("type", down).put("text", text));
        send("Input.dispatchKeyEvent", event.put("type", "keyUp"));
    }

    void type(String text) {
        send("Input.insertText", new JsonObject().put("text", text));
    }

    void size(int width, int height) {
        send(
                "Emulation.setDeviceMetricsOverride",
                new JsonObject()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
    }

    /** @param name {@code light} or {@code dark} */
    void scheme(String name) {
        send(
                "Emulation.setEmulatedMedia",
                new JsonObject()
                        .put(
                                "features",
                                List.of(new JsonObject()
                                        .put("name", "prefers-color-scheme")
                                        .put("value", name))));
    }

    /** What axe-core finds to be serious or critical on the page: rule and elements. In dark colours only what is about colours. */
    String seriousFindings(String scheme) {
        String options = scheme.equals("dark")
                ? "{iframes: false, runOnly: ['color-contrast', 'link-in-text-block']}"
                : "{iframes: false, resultTypes: ['violations'], rules: {'label-content-name-mismatch': {enabled: true}}}";
        evaluate(axe() + "; 0");
        return (String)
                evaluate(
                        "axe.run(document, " + options + ").then(r => r.violations"
                                + ".filter(v => ['serious', 'critical'].includes(v.impact))"
                                + ".map(v => v.id + ': ' + v.nodes.map(n => n.target + ' ' + n.failureSummary).slice(0, 5).join(' | ')).join('\\n'))");
    }

    private static String axe() {
        try (InputStream script = PageDriver.class.getResourceAsStream(AXE)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String quote(String text) {
        return io.vertx.core.json.Json.encode(text);
    }

    @Override
    public void close() {
        cdp.vanish();
        List<ProcessHandle> all = new ArrayList<>(chrome.descendants().toList());
        all.add(chrome.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
        Berth.delete(folder);
    }
}
