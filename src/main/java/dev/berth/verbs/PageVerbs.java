package dev.berth.verbs;

import dev.berth.protocol.ContentFormat;
import dev.berth.protocol.ImageFormat;
import dev.berth.protocol.Modifier;
import dev.berth.protocol.MouseButton;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.PageAction.GoBack;
import dev.berth.protocol.PageAction.GoForward;
import dev.berth.protocol.PageAction.MouseUse;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.PageAction.PrintPdf;
import dev.berth.protocol.PageAction.ReadContent;
import dev.berth.protocol.PageAction.Reload;
import dev.berth.protocol.PageAction.TakeScreenshot;
import dev.berth.protocol.PageAction.TakeSnapshot;
import dev.berth.protocol.PageAction.UseMouse;
import dev.berth.protocol.PdfOptions;
import dev.berth.protocol.WaitUntil;
import java.util.List;

/** What can be done to a page. */
final class PageVerbs {
    static final List<Verb<?, ?>> ALL = List.of(
            new Verb<>(
                    "navigate",
                    Navigate.class,
                    in -> new Navigate(in.text("url"), waitUntil(in), in.timeoutMillis()),
                    VerbResult.Navigated::of),
            new Verb<>(
                    "go-back",
                    GoBack.class,
                    in -> new GoBack(waitUntil(in), in.timeoutMillis()),
                    VerbResult.Navigated::of),
            new Verb<>(
                    "go-forward",
                    GoForward.class,
                    in -> new GoForward(waitUntil(in), in.timeoutMillis()),
                    VerbResult.Navigated::of),
            new Verb<>(
                    "reload",
                    Reload.class,
                    in -> new Reload(waitUntil(in), in.timeoutMillis()),
                    VerbResult.Navigated::of),
            new Verb<>(
                    "mouse",
                    UseMouse.class,
                    in -> new UseMouse(
                            in.choice("action", MouseUse.CLICK, MouseUse::wireName),
                            in.number("x"),
                            in.number("y"),
                            in.choice("button", MouseButton.LEFT, MouseButton::wireName),
                            in.integer("clickCount", 1),
                            in.optionalNumber("deltaX"),
                            in.optionalNumber("deltaY"),
                            in.choices("modifiers", Modifier.class, Modifier::wireName),
                            in.timeoutMillis()),
                    VerbResult.Acted::of),
            new Verb<>(
                    "evaluate",
                    Evaluate.class,
                    in -> new Evaluate(in.text("expression"), in.timeoutMillis()),
                    VerbResult.Evaluated::of),
            new Verb<>(
                    "content",
                    ReadContent.class,
                    in -> new ReadContent(
                            in.choice("format", ContentFormat.HTML, ContentFormat::wireName), in.timeoutMillis()),
                    VerbResult.Content::of),
            new Verb<>(
                    "snapshot",
                    TakeSnapshot.class,
                    in -> new TakeSnapshot(
                            in.optionalSelector("selector"),
                            in.optionalInteger("depth"),
                            in.flag("interactiveOnly", false),
                            in.optionalInteger("maxTokens"),
                            in.flag("diff", false),
                            in.flag("tree", false),
                            in.timeoutMillis()),
                    VerbResult.Snapshot::of),
            new Verb<>(
                    "screenshot",
                    TakeScreenshot.class,
                    in -> new TakeScreenshot(
                            in.flag("fullPage", false),
                            in.optionalSelector("selector"),
                            in.choice("format", ImageFormat.PNG, ImageFormat::wireName),
                            in.optionalInteger("quality"),
                            in.timeoutMillis()),
                    (taken, links) -> VerbResult.Made.of(taken.artifact(), links)),
            new Verb<>(
                    "pdf",
                    PrintPdf.class,
                    in -> new PrintPdf(pdfOptions(in), in.timeoutMillis()),
                    (printed, links) -> VerbResult.Made.of(printed.artifact(), links)));

    private PageVerbs() {}

    static WaitUntil waitUntil(Arguments in) {
        return in.choice("waitUntil", WaitUntil.LOAD, WaitUntil::wireName);
    }

    private static PdfOptions pdfOptions(Arguments in) {
        return new PdfOptions(
                in.flag("landscape", false),
                in.flag("printBackground", true),
                in.number("scale", 1),
                in.number("width", 8.5),
                in.number("height", 11),
                in.number("margin", 0.4),
                in.optionalText("pageRanges"));
    }
}
