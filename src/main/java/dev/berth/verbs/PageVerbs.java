package dev.berth.verbs;

import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.PageAction.GoBack;
import dev.berth.protocol.PageAction.GoForward;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.PageAction.PrintPdf;
import dev.berth.protocol.PageAction.ReadContent;
import dev.berth.protocol.PageAction.Reload;
import dev.berth.protocol.PageAction.TakeScreenshot;
import dev.berth.protocol.PageAction.TakeSnapshot;
import dev.berth.protocol.PageAction.UseMouse;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Map;

/** The verbs on a page. */
final class PageVerbs {
    private static final String WAIT_UNTIL = "waitUntil";
    private static final String LOAD = "load";

    static final List<Verb<?, ?>> ALL = List.of(
            Verb.of("navigate", Navigate.class)
                    .withDefault(WAIT_UNTIL, LOAD)
                    .logs("url", WAIT_UNTIL)
                    .tool(
                            "Open a URL.",
                            ToolSchema.of()
                                    .text("url")
                                    .choice(WAIT_UNTIL, LOAD, "domcontentloaded", "networkidle")
                                    .require("url"))
                    .verb(),
            Verb.of("go-back", GoBack.class)
                    .withDefault(WAIT_UNTIL, LOAD)
                    .logs(WAIT_UNTIL)
                    .tool("Go back in the history.", ToolSchema.of())
                    .verb(),
            Verb.of("go-forward", GoForward.class)
                    .withDefault(WAIT_UNTIL, LOAD)
                    .logs(WAIT_UNTIL)
                    .tool("Go forward in the history.", ToolSchema.of())
                    .verb(),
            Verb.of("reload", Reload.class)
                    .withDefault(WAIT_UNTIL, LOAD)
                    .logs(WAIT_UNTIL)
                    .tool("Reload the page.", ToolSchema.of())
                    .verb(),
            Verb.of("snapshot", TakeSnapshot.class)
                    .withDefault("interactiveOnly", false)
                    .withDefault("diff", false)
                    .withDefault("tree", false)
                    .logs("selector", "depth", "interactiveOnly", "maxTokens", "diff", "tree")
                    .readOnlyTool("""
                            Read the page as a tree of its elements. Elements that you can act on have refs, such as [ref=e7]; pass a ref \
                            as selector to other tools. Refs are valid until the page is replaced.""", ToolSchema.of())
                    .verb(),
            Verb.of("mouse", UseMouse.class)
                    .withDefault("action", "click")
                    .withDefault("button", "left")
                    .withDefault("clickCount", 1)
                    .withDefault("modifiers", new JsonArray())
                    .logs("action", "x", "y", "button", "clickCount", "deltaX", "deltaY", "modifiers")
                    .tool(
                            "Use the mouse at a point of the viewport, such as on a canvas. Prefer click for elements.",
                            ToolSchema.of()
                                    .choice("action", "click", "move", "down", "up", "wheel")
                                    .number("x")
                                    .number("y")
                                    .number("deltaY")
                                    .require("x", "y"))
                    .verb(),
            Verb.of("evaluate", Evaluate.class)
                    .logs("expression")
                    .destructiveTool(
                            "Run a JavaScript expression in the page and return its value. A promise is awaited.",
                            ToolSchema.of().text("expression").require("expression"))
                    .verb(),
            Verb.of("content", ReadContent.class)
                    .withDefault("format", "html")
                    .logs("format")
                    .readOnlyTool(
                            "Read the page's content.", ToolSchema.of().choice("format", "html", "text", "markdown"))
                    .verb(),
            Verb.of("screenshot", TakeScreenshot.class)
                    .withDefault("fullPage", false)
                    .withDefault("format", "png")
                    .withDefault("omitBackground", false)
                    .logs("fullPage", "selector", "format", "quality", "clip", "omitBackground")
                    .readOnlyTool(
                            "Take a screenshot of the page or of an element.",
                            ToolSchema.of().flag("fullPage").text("selector").choice("format", "png", "jpeg", "webp"))
                    .verb(),
            Verb.of("pdf", PrintPdf.class)
                    .withDefault("landscape", false)
                    .withDefault("printBackground", true)
                    .withDefault("scale", 1.0)
                    .withDefault("width", 8.5)
                    .withDefault("height", 11.0)
                    .withDefault("margin", 0.4)
                    .withDefault("preferCssPageSize", false)
                    .logs(print -> Map.of(
                            "options",
                            Verb.present(
                                    print,
                                    List.of(
                                            "landscape",
                                            "printBackground",
                                            "scale",
                                            "width",
                                            "height",
                                            "margin",
                                            "margins",
                                            "pageRanges",
                                            "headerTemplate",
                                            "footerTemplate",
                                            "preferCssPageSize"))))
                    .readOnlyTool(
                            "Print the page to a PDF file.", ToolSchema.of().flag("landscape"))
                    .verb());

    private PageVerbs() {}
}
