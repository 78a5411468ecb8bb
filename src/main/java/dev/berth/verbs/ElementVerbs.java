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
import dev.berth.protocol.ElementState;
import dev.berth.protocol.Modifier;
import dev.berth.protocol.MouseButton;
import dev.berth.protocol.Pointing;
import java.util.List;

/** What can be done to an element of a page. */
final class ElementVerbs {
    static final Verb<Upload, ElementResult> UPLOAD = new Verb<Upload, ElementResult>(
                    "upload",
                    Upload.class,
                    in -> new Upload(
                            in.selector("selector"), GivenFile.stored(in), GivenFile.names(in), in.timeoutMillis()),
                    VerbResult.Acted::of)
            .withLargeBody();

    static final List<Verb<?, ?>> ALL = List.of(
            new Verb<>(
                    "click",
                    Click.class,
                    in -> new Click(
                            in.selector("selector"),
                            in.choice("button", MouseButton.LEFT, MouseButton::wireName),
                            in.integer("clickCount", 1),
                            pointing(in),
                            in.timeoutMillis()),
                    VerbResult.Acted::of),
            new Verb<>(
                    "hover",
                    Hover.class,
                    in -> new Hover(in.selector("selector"), pointing(in), in.timeoutMillis()),
                    VerbResult.Acted::of),
            new Verb<>(
                    "drag",
                    Drag.class,
                    in -> new Drag(
                            in.selector("selector"),
                            in.optionalSelector("to"),
                            in.offset("by"),
                            pointing(in),
                            in.optionalInteger("steps"),
                            in.optionalInteger("hold"),
                            in.timeoutMillis()),
                    VerbResult.Acted::of),
            new Verb<>(
                    "type",
                    Type.class,
                    in -> new Type(in.optionalSelector("selector"), in.text("text"), in.timeoutMillis()),
                    VerbResult.Acted::of),
            new Verb<>(
                    "fill",
                    Fill.class,
                    in -> new Fill(in.selector("selector"), in.text("value"), in.timeoutMillis()),
                    VerbResult.Acted::of),
            new Verb<>(
                    "press",
                    Press.class,
                    in -> new Press(in.optionalSelector("selector"), in.text("key"), in.timeoutMillis()),
                    VerbResult.Acted::of),
            new Verb<>(
                    "select",
                    Select.class,
                    in -> new Select(in.selector("selector"), in.texts("values"), in.timeoutMillis()),
                    VerbResult.Selected::of),
            new Verb<>(
                    "scroll",
                    Scroll.class,
                    in -> new Scroll(
                            in.optionalSelector("selector"), in.number("x", 0), in.number("y", 0), in.timeoutMillis()),
                    VerbResult.Scrolled::of),
            new Verb<>(
                    "wait-for",
                    WaitFor.class,
                    in -> new WaitFor(
                            in.selector("selector"),
                            in.choice("state", ElementState.VISIBLE, ElementState::wireName),
                            in.timeoutMillis()),
                    VerbResult.Acted::of),
            UPLOAD);

    private ElementVerbs() {}

    private static Pointing pointing(Arguments in) {
        return new Pointing(
                in.offset("position"),
                in.choices("modifiers", Modifier.class, Modifier::wireName),
                in.flag("force", false));
    }
}
