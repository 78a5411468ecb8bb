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
                    .otherwise(WAIT_UNTIL, LOAD)
                    .logs("url", WAIT_UNTIL)
                    .acts(
                            "Opens a URL.",
                            ToolSchema.of()
                                    .text("url")
                                    .choice(WAIT_UNTIL, LOAD, "domcontentloaded", "networkidle")
                                    .require("url"))
                    .verb(),
            Verb.of("go-back", GoBack.class)
                    .otherwise(WAIT_UNTIL, LOAD)
                    .logs(WAIT_UNTIL)
                    .acts("Goes back in the history.", ToolSchema.of())
                    .verb(),
            Verb.of("go-forward", GoForward.class)
                    .otherwise(WAIT_UNTIL, LOAD)
                    .logs(WAIT_UNTIL)
                    .acts("Goes forward in the history.", ToolSchema.of())
                    .verb(),
            Verb.of("reload", Reload.class)
                    .otherwise(WAIT_UNTIL, LOAD)
                    .logs(WAIT_UNTIL)
                    .acts("Loads the page again.", ToolSchema.of())
                    .verb(),
            Verb.of("snapshot", TakeSnapshot.class)
                    .otherwise("interactiveOnly", false)
                    .otherwise("diff", false)
                    .otherwise("tree", false)
                    .logs("selector", "depth", "interactiveOnly", "maxTokens", "diff", "tree")
                    .reads("""
                            Reads the page as a tree of its elements. Those that can be acted on have refs, [ref=e7]; give one as \
                            selector to other tools. Refs are valid until the page is replaced.""", ToolSchema.of())
                    .verb(),
            Verb.of("mouse", UseMouse.class)
                    .otherwise("action", "click")
                    .otherwise("button", "left")
                    .otherwise("clickCount", 1)
                    .otherwise("modifiers", new JsonArray())
                    .logs("action", "x", "y", "button", "clickCount", "deltaX", "deltaY", "modifiers")
                    .acts(
                            "Uses the mouse at a point of the viewport, such as on a canvas. Prefer click where there is an element.",
                            ToolSchema.of()
                                    .choice("action", "click", "move", "down", "up", "wheel")
                                    .number("x")
                                    .number("y")
                                    .number("deltaY")
                                    .require("x", "y"))
                    .verb(),
            Verb.of("evaluate", Evaluate.class)
                    .logs("expression")
                    .destroys(
                            "Runs a JavaScript expression in the page and gives its value. May return a promise.",
                            ToolSchema.of().text("expression").require("expression"))
                    .verb(),
            Verb.of("content", ReadContent.class)
                    .otherwise("format", "html")
                    .logs("format")
                    .reads("Reads the page's content.", ToolSchema.of().choice("format", "html", "text", "markdown"))
                    .verb(),
            Verb.of("screenshot", TakeScreenshot.class)
                    .otherwise("fullPage", false)
                    .otherwise("format", "png")
                    .logs("fullPage", "selector", "format", "quality")
                    .reads(
                            "Takes a picture of the page or of an element.",
                            ToolSchema.of().flag("fullPage").text("selector").choice("format", "png", "jpeg", "webp"))
                    .verb(),
            Verb.of("pdf", PrintPdf.class)
                    .otherwise("landscape", false)
                    .otherwise("printBackground", true)
                    .otherwise("scale", 1.0)
                    .otherwise("width", 8.5)
                    .otherwise("height", 11.0)
                    .otherwise("margin", 0.4)
                    .logs(print -> Map.of(
                            "options",
                            Verb.shown(
                                    print,
                                    List.of(
                                            "landscape",
                                            "printBackground",
                                            "scale",
                                            "width",
                                            "height",
                                            "margin",
                                            "pageRanges"))))
                    .reads("Prints the page to a PDF file.", ToolSchema.of().flag("landscape"))
                    .verb());

    private PageVerbs() {}
}
