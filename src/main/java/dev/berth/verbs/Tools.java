package dev.berth.verbs;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The verbs that models may use. Recordings and cookies are not among them: the ones are no use to a model, and the others are
 * secrets.
 */
public final class Tools {
    private static final String REF =
            "a ref of the snapshot such as e7, or CSS, text=Sign in, role=button[name=\"Save\"], label=Email, xpath=//a";
    private static final Map<String, Verb<?, ?>> VERBS =
            Verbs.all().stream().collect(Collectors.toMap(Verb::name, Function.identity()));

    private static final List<Tool> ALL = List.of(
            acts(
                    "navigate",
                    "Opens a URL.",
                    waiting(ToolSchema.of().text("url")).require("url")),
            acts("go-back", "Goes back in the history.", ToolSchema.of()),
            acts("go-forward", "Goes forward in the history.", ToolSchema.of()),
            acts("reload", "Loads the page again.", ToolSchema.of()),
            reads("snapshot", """
                    Reads the page as a tree of its elements. Those that can be acted on have refs, [ref=e7]; give one as \
                    selector to other tools. Refs are valid until the page is replaced.""", ToolSchema.of()),
            acts(
                    "click",
                    "Clicks an element.",
                    element()
                            .choice("button", "left", "right", "middle")
                            .integer("clickCount", "2 for a double click")
                            .object("position", point())
                            .flag("force", "though it is covered or disabled")),
            acts("hover", "Moves the mouse over an element.", element()),
            acts(
                    "drag",
                    "Drags an element to another one, or by a distance in pixels: sliders, lists, drag and drop.",
                    element().text("to", "selector").object("by", point())),
            acts(
                    "mouse",
                    "Uses the mouse at a point of the viewport, such as on a canvas. Prefer click where there is an element.",
                    ToolSchema.of()
                            .choice("action", "click", "move", "down", "up", "wheel")
                            .number("x")
                            .number("y")
                            .number("deltaY")
                            .require("x", "y")),
            acts(
                    "fill",
                    "Replaces the text of a field; for check boxes true or false.",
                    element().text("value").require("value")),
            acts(
                    "type",
                    "Types text key by key, into the focused element if no selector is given.",
                    ToolSchema.of().text("text").text("selector").require("text")),
            acts(
                    "press",
                    "Presses a key, such as Enter or Control+A.",
                    ToolSchema.of().text("key").text("selector").require("key")),
            acts(
                    "select",
                    "Selects options of a list by value or label.",
                    element().texts("values").require("values")),
            acts(
                    "scroll",
                    "Scrolls an element into view, or by x and y pixels.",
                    ToolSchema.of().text("selector").number("x").number("y")),
            acts(
                    "upload",
                    "Gives files to a file input: with their content, or by the names of files that the session was given or has downloaded.",
                    element()
                            .objects(
                                    "files",
                                    ToolSchema.of()
                                            .text("name")
                                            .text("content", "base64; leave it out for a file that the session has")
                                            .require("name"))
                            .require("files")),
            acts(
                    "dialogs",
                    "Sets how the next dialogs (alert, confirm, prompt) are answered; call it before what opens them.",
                    ToolSchema.of().flag("accept").text("promptText").require("accept")),
            acts(
                    "emulate",
                    "Changes what pages find the browser to be: size (resizes), device, language, place, colours, network. What is not given stays.",
                    ToolSchema.of()
                            .object(
                                    "viewport",
                                    ToolSchema.of()
                                            .integer("width")
                                            .integer("height")
                                            .require("width", "height"))
                            .text("device", "by Playwright's name, such as iPhone 15")
                            .number("deviceScaleFactor")
                            .flag("mobile")
                            .object(
                                    "geolocation",
                                    ToolSchema.of()
                                            .number("latitude")
                                            .number("longitude")
                                            .require("latitude", "longitude"))
                            .texts("permissions")
                            .text("userAgent")
                            .text("locale", "such as de-DE")
                            .text("timezone", "such as Europe/Berlin")
                            .choice("colorScheme", "light", "dark")
                            .choice("network", "online", "offline", "slow-3g", "slow-4g", "fast-4g")
                            .integer("cpuSlowdown", "1 to 20")
                            .flag("reset", "takes back what earlier calls changed")),
            reads(
                    "wait-for",
                    "Waits until an element is in a state.",
                    element()
                            .choice("state", "attached", "detached", "visible", "hidden")
                            .integer("timeout", "milliseconds")),
            destroys(
                    "evaluate",
                    "Runs a JavaScript expression in the page and gives its value. May return a promise.",
                    ToolSchema.of().text("expression").require("expression")),
            reads("content", "Reads the page's content.", ToolSchema.of().choice("format", "html", "text", "markdown")),
            reads(
                    "screenshot",
                    "Takes a picture of the page or of an element.",
                    ToolSchema.of().flag("fullPage").text("selector").choice("format", "png", "jpeg", "webp")),
            reads("pdf", "Prints the page to a PDF file.", ToolSchema.of().flag("landscape")),
            acts(
                    "open-page",
                    "Opens a page (tab) and makes it the active one.",
                    ToolSchema.of().text("url")),
            acts(
                    "activate-page",
                    "Makes another page the active one.",
                    ToolSchema.of().text("pageId").require("pageId")),
            destroys(
                    "close-page",
                    "Closes a page.",
                    ToolSchema.of().text("pageId").require("pageId")));

    private static final List<Tool> OF_ROUTES = List.of(
            acts(
                    "add-route",
                    """
                    Adds a rule for the browser's requests to a URL pattern such as **/api/* (* is text without slash, ** any text): \
                    block, mock, continue with other headers, delay or fail. The first rule that fits holds.""",
                    ToolSchema.of()
                            .text("url")
                            .choice("action", "block", "mock", "continue", "delay", "fail")
                            .texts("methods")
                            .texts("types", "such as document, script, image, fetch")
                            .integer("status", "of mock, as headers and body")
                            .object("headers", ToolSchema.of())
                            .text("body")
                            .object("setHeaders", ToolSchema.of())
                            .texts("removeHeaders")
                            .integer("delay", "milliseconds")
                            .choice("error", "failed", "aborted", "connectionrefused", "namenotresolved", "timedout")
                            .integer("times", "how many requests it holds for")
                            .require("url", "action")),
            acts(
                    "remove-route",
                    "Removes a rule that add_route made.",
                    ToolSchema.of().text("routeId").require("routeId")));

    private Tools() {}

    /** {@code upload} for whoever has no files of its own. */
    public static final Tool UPLOAD_NAMED = acts(
            "upload",
            "Gives files to a file input, by the names of files that the session was given or has downloaded.",
            element().texts("files").require("files"));

    /** The tools of all models. */
    public static List<Tool> all() {
        return ALL;
    }

    /** The tools for rules of requests, which test pages. A task's model has no use for them. */
    public static List<Tool> ofRoutes() {
        return OF_ROUTES;
    }

    private static ToolSchema element() {
        return ToolSchema.of().text("selector", REF).require("selector");
    }

    private static ToolSchema point() {
        return ToolSchema.of().number("x").number("y").require("x", "y");
    }

    private static ToolSchema waiting(ToolSchema schema) {
        return schema.choice("waitUntil", "load", "domcontentloaded", "networkidle");
    }

    private static Tool reads(String verb, String description, ToolSchema schema) {
        return tool(verb, description, schema, true, false);
    }

    private static Tool acts(String verb, String description, ToolSchema schema) {
        return tool(verb, description, schema, false, false);
    }

    private static Tool destroys(String verb, String description, ToolSchema schema) {
        return tool(verb, description, schema, false, true);
    }

    private static Tool tool(
            String verb, String description, ToolSchema schema, boolean readOnly, boolean destructive) {
        return new Tool(verb.replace('-', '_'), description, schema.json(), readOnly, destructive, VERBS.get(verb));
    }
}
