package dev.berth.live;

import dev.berth.live.ViewerMessage.Act;
import dev.berth.live.ViewerMessage.Announced;
import dev.berth.live.ViewerMessage.Copy;
import dev.berth.live.ViewerMessage.Drive;
import dev.berth.live.ViewerMessage.Files;
import dev.berth.live.ViewerMessage.Follow;
import dev.berth.live.ViewerMessage.Lead;
import dev.berth.live.ViewerMessage.Show;
import dev.berth.protocol.BrowserAction;
import dev.berth.protocol.BrowserAction.ActivatePage;
import dev.berth.protocol.BrowserAction.ClosePage;
import dev.berth.protocol.BrowserAction.OpenPage;
import dev.berth.protocol.ElementAction.Upload;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.LiveCommand.TouchPoint;
import dev.berth.protocol.PageAction;
import dev.berth.protocol.PageAction.GoBack;
import dev.berth.protocol.PageAction.GoForward;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.PageAction.Reload;
import dev.berth.protocol.TaskCommand.AnswerTask;
import dev.berth.protocol.TaskCommand.CancelTask;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.Truncation;
import dev.berth.protocol.WaitUntil;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** The JSON forms of what a viewer may send. Throws {@link dev.berth.protocol.BerthException} where a message has none of them. */
final class MessageForms {
    private static final long TIMEOUT_MILLIS = 30_000;
    private static final int MAX_POINTS = 16;
    private static final int MAX_OPTIONS = 10_000;
    private static final int MAX_FILE_BYTES = 1 << 24;
    private static final int MAX_SHOWN_CHARS = 50;

    /** Readers by type. Each gets the page that the message is for. */
    private static final Map<String, BiFunction<Fields, String, ViewerMessage>> FORMS = Map.ofEntries(
            Map.entry("mouse", MessageForms::mouse),
            Map.entry("wheel", MessageForms::wheel),
            Map.entry("key", MessageForms::key),
            Map.entry("touch", MessageForms::touch),
            Map.entry("text", (in, page) -> act(new LiveCommand.Text(page, in.text("text")))),
            Map.entry("paste", (in, page) -> act(new LiveCommand.Paste(page, in.text("text")))),
            Map.entry("copy", (in, page) -> new Copy(page)),
            Map.entry(
                    "navigate",
                    (in, page) -> drive(page, new Navigate(in.text("url"), WaitUntil.LOAD, TIMEOUT_MILLIS))),
            Map.entry("back", (in, page) -> drive(page, new GoBack(WaitUntil.LOAD, TIMEOUT_MILLIS))),
            Map.entry("forward", (in, page) -> drive(page, new GoForward(WaitUntil.LOAD, TIMEOUT_MILLIS))),
            Map.entry("reload", (in, page) -> drive(page, new Reload(WaitUntil.LOAD, TIMEOUT_MILLIS))),
            Map.entry(
                    "openPage",
                    (in, page) ->
                            drive(new OpenPage(in.optionalText("url"), WaitUntil.DOMCONTENTLOADED, TIMEOUT_MILLIS))),
            Map.entry("closePage", (in, page) -> drive(new ClosePage(page, TIMEOUT_MILLIS))),
            Map.entry("activatePage", (in, page) -> drive(new ActivatePage(page, TIMEOUT_MILLIS))),
            Map.entry("show", (in, page) -> new Show(page)),
            Map.entry("follow", (in, page) -> new Follow()),
            Map.entry("answerTask", (in, page) -> new Lead(task(in), new AnswerTask(in.text("text")))),
            Map.entry("cancelTask", (in, page) -> new Lead(task(in), new CancelTask())),
            Map.entry(
                    "dialog",
                    (in, page) -> act(new LiveCommand.AnswerDialog(
                            page, in.flag("accept", true), in.optionalText("promptText")))),
            Map.entry("files", MessageForms::files),
            Map.entry(
                    "select",
                    (in, page) -> act(new LiveCommand.ChooseOptions(
                            page,
                            in.text("selectId"),
                            in.integers("indexes", MAX_OPTIONS),
                            in.optionalText("value")))));

    private MessageForms() {}

    /** @param shown the page that the viewer sees, for messages that name none */
    static ViewerMessage read(String message, String shown) {
        Fields in = Fields.of(message);
        String type = in.text("type");
        BiFunction<Fields, String, ViewerMessage> form = FORMS.get(type);
        if (form == null) {
            throw Fields.invalid("'" + Truncation.ellipsis(type, MAX_SHOWN_CHARS) + "' is not a known type: "
                    + FORMS.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        ViewerMessage read = form.apply(in, in.optionalText("pageId").orElse(shown));
        in.end();
        return read;
    }

    private static ViewerMessage drive(String page, PageAction<?> action) {
        return new Drive(Optional.of(page), action);
    }

    private static ViewerMessage drive(BrowserAction<?> action) {
        return new Drive(Optional.empty(), action);
    }

    private static ViewerMessage act(LiveCommand<?> command) {
        return new Act(command, false);
    }

    private static ViewerMessage mouse(Fields in, String page) {
        LiveCommand.MouseAction action = in.choice("action", LiveCommand.MouseAction.class);
        LiveCommand.Mouse mouse = new LiveCommand.Mouse(
                page,
                action,
                in.number("x"),
                in.number("y"),
                in.choice("button", LiveCommand.Button.class, LiveCommand.Button.NONE),
                in.integer("buttons", 0),
                in.integer("clickCount", 0),
                in.integer("modifiers", 0));
        return new Act(mouse, action == LiveCommand.MouseAction.MOVE);
    }

    private static ViewerMessage wheel(Fields in, String page) {
        LiveCommand.Wheel wheel = new LiveCommand.Wheel(
                page,
                in.number("x"),
                in.number("y"),
                in.number("deltaX", 0),
                in.number("deltaY", 0),
                in.integer("modifiers", 0));
        return new Act(wheel, true);
    }

    private static ViewerMessage key(Fields in, String page) {
        return act(new LiveCommand.Key(
                page,
                in.choice("action", LiveCommand.KeyAction.class),
                in.text("key"),
                in.optionalText("code").orElse(""),
                in.optionalText("text").orElse(""),
                in.integer("keyCode", 0),
                in.integer("location", 0),
                in.flag("repeat", false),
                in.integer("modifiers", 0)));
    }

    private static ViewerMessage touch(Fields in, String page) {
        LiveCommand.TouchAction action = in.choice("action", LiveCommand.TouchAction.class);
        LiveCommand.Touch touch = new LiveCommand.Touch(
                page,
                action,
                in.objects(
                        "points",
                        MAX_POINTS,
                        point -> new TouchPoint(point.integer("id"), point.number("x"), point.number("y"))),
                in.integer("modifiers", 0));
        return new Act(touch, action == LiveCommand.TouchAction.MOVE);
    }

    private static ViewerMessage files(Fields in, String page) {
        return new Files(
                page,
                in.text("chooserId"),
                in.objects(
                        "files",
                        Upload.MAX_FILES,
                        file -> new Announced(file.text("name"), bytes(file.integer("bytes")))));
    }

    private static TaskId task(Fields in) {
        return TaskId.parse(in.text("taskId")).orElseThrow(() -> Fields.invalid("taskId is not that of a task"));
    }

    private static int bytes(int given) {
        if (given < 0 || given > MAX_FILE_BYTES) {
            throw Fields.invalid("bytes must be from 0 to " + MAX_FILE_BYTES);
        }
        return given;
    }
}
