package dev.berth.verbs;

import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.ElementAction.Click;
import dev.berth.protocol.ElementAction.Drag;
import dev.berth.protocol.ElementAction.Fill;
import dev.berth.protocol.ElementAction.Hover;
import dev.berth.protocol.ElementAction.Press;
import dev.berth.protocol.ElementAction.Scroll;
import dev.berth.protocol.ElementAction.Select;
import dev.berth.protocol.ElementAction.Type;
import dev.berth.protocol.ElementAction.Upload;
import dev.berth.protocol.ElementAction.WaitFor;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Map;

/** The verbs on an element of a page. */
final class ElementVerbs {
    private static final String REF =
            "a ref from the snapshot, such as e7, or CSS, text=Sign in, role=button[name=\"Save\"], label=Email, xpath=//a";
    private static final String SELECTOR = "selector";
    private static final String POSITION = "position";
    private static final String MODIFIERS = "modifiers";
    private static final String FORCE = "force";

    static final Verb<Upload, ElementResult> UPLOAD = Verb.of("upload", Upload.class)
            .withLargeBody()
            .readBy((arguments, timeoutMillis) -> UploadArguments.read(arguments, List.of(), timeoutMillis))
            .logs(UploadArguments::logged)
            .tool(
                    "Set the files of a file input, by their content or by the names of files that were uploaded to the session or that it downloaded.",
                    element()
                            .objects(
                                    "files",
                                    ToolSchema.of()
                                            .text("name")
                                            .text("content", "base64; omit for a file that the session has")
                                            .require("name"))
                            .require("files"))
            .verb();

    static final Tool UPLOAD_NAMED = new Tool(
            "Set the files of a file input, by the names of files that were uploaded to the session or that it downloaded.",
            element().texts("files").require("files").json(),
            false,
            false,
            UPLOAD);

    static final List<Verb<?, ?>> ALL = List.of(
            Verb.of("click", Click.class)
                    .withDefault("button", "left")
                    .withDefault("clickCount", 1)
                    .withDefault(MODIFIERS, new JsonArray())
                    .withDefault(FORCE, false)
                    .logs(SELECTOR, "button", "clickCount", POSITION, MODIFIERS, FORCE)
                    .tool(
                            "Click an element.",
                            element()
                                    .choice("button", "left", "right", "middle")
                                    .integer("clickCount", "2 for a double click")
                                    .object(POSITION, point())
                                    .flag(FORCE, "act even if the element is covered or disabled"))
                    .verb(),
            Verb.of("hover", Hover.class)
                    .withDefault(MODIFIERS, new JsonArray())
                    .withDefault(FORCE, false)
                    .logs(SELECTOR, POSITION, MODIFIERS, FORCE)
                    .tool("Move the mouse over an element.", element())
                    .verb(),
            Verb.of("drag", Drag.class)
                    .withDefault(MODIFIERS, new JsonArray())
                    .withDefault(FORCE, false)
                    .logs(SELECTOR, "to", "by", POSITION, MODIFIERS, FORCE, "steps")
                    // The name that the log has for it.
                    .logs(drag -> drag.hold()
                            .<Map<String, Object>>map(millis -> Map.of("holdMillis", millis))
                            .orElse(Map.of()))
                    .tool(
                            "Drag an element to another element, or by a distance in pixels. Use for sliders, sortable lists, and drag and drop.",
                            element().text("to", SELECTOR).object("by", point()))
                    .verb(),
            Verb.of("fill", Fill.class)
                    .logs(SELECTOR)
                    .tool(
                            "Replace the text of a field. For a checkbox, pass true or false.",
                            element().text("value").require("value"))
                    .verb(),
            Verb.of("type", Type.class)
                    .logs(SELECTOR)
                    .tool(
                            "Type text key by key. Without a selector, types into the focused element.",
                            ToolSchema.of().text("text").text(SELECTOR).require("text"))
                    .verb(),
            Verb.of("press", Press.class)
                    .logs(SELECTOR, "key")
                    .tool(
                            "Press a key, such as Enter or Control+A.",
                            ToolSchema.of().text("key").text(SELECTOR).require("key"))
                    .verb(),
            Verb.of("select", Select.class)
                    .logs(SELECTOR, "values")
                    .tool(
                            "Select options of a list by value or label.",
                            element().texts("values").require("values"))
                    .verb(),
            Verb.of("scroll", Scroll.class)
                    .withDefault("x", 0.0)
                    .withDefault("y", 0.0)
                    .logs(SELECTOR, "x", "y")
                    .tool(
                            "Scroll an element into view, or scroll by x and y pixels.",
                            ToolSchema.of().text(SELECTOR).number("x").number("y"))
                    .verb(),
            UPLOAD,
            Verb.of("wait-for", WaitFor.class)
                    .withDefault("state", "visible")
                    .logs(SELECTOR, "state")
                    .readOnlyTool(
                            "Wait until an element reaches a state.",
                            element()
                                    .choice("state", "attached", "detached", "visible", "hidden")
                                    .integer("timeout", "milliseconds"))
                    .verb());

    private ElementVerbs() {}

    private static ToolSchema element() {
        return ToolSchema.of().text(SELECTOR, REF).require(SELECTOR);
    }

    private static ToolSchema point() {
        return ToolSchema.of().number("x").number("y").require("x", "y");
    }
}
