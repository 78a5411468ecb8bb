package dev.berth.live;

import dev.berth.live.ViewerMessage.Act;
import dev.berth.live.ViewerMessage.Announced;
import dev.berth.live.ViewerMessage.Copy;
import dev.berth.live.ViewerMessage.Drive;
import dev.berth.live.ViewerMessage.Files;
import dev.berth.live.ViewerMessage.Follow;
import dev.berth.live.ViewerMessage.Lead;
import dev.berth.live.ViewerMessage.Show;
import dev.berth.protocol.BerthException;
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
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.TaskCommand.AnswerTask;
import dev.berth.protocol.TaskCommand.CancelTask;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.Truncation;
import dev.berth.protocol.WaitUntil;
import dev.berth.verbs.Arguments;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** The JSON forms of what a viewer may send. Throws {@link dev.berth.protocol.BerthException} where a message has none of them. */
final class MessageForms {
    private static final long TIMEOUT_MILLIS = 30_000;
    private static final int MAX_FILE_BYTES = FileIntake.MAX_BYTES;
    private static final int MAX_SHOWN_CHARS = 50;

    /** Readers by type. Each gets the page that the message is for. */
    private static final Map<String, BiFunction<Arguments, String, ViewerMessage>> FORMS = Map.ofEntries(
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
                            page, in.text("selectId"), in.integers("indexes"), in.optionalText("value")))));

    private MessageForms() {}

    /** @param shown the page that the viewer sees, for messages that name none */
    static ViewerMessage read(String message, String shown) {
        Arguments in = Arguments.of(object(message));
        String type = in.text("type");
        BiFunction<Arguments, String, ViewerMessage> form = FORMS.get(type);
        if (form == null) {
            throw BerthException.invalid("'" + Truncation.ellipsis(type, MAX_SHOWN_CHARS) + "' is not a known type: "
                    + FORMS.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        ViewerMessage read = form.apply(in, in.optionalText("pageId").orElse(shown));
        in.requireAllRead();
        return read;
    }

    private static JsonObject object(String message) {
        try {
            return ProtocolJson.object(message);
        } catch (DecodeException e) {
            throw BerthException.invalid("a message must be a JSON object");
        }
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
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

    private static ViewerMessage mouse(Arguments in, String page) {
        LiveCommand.MouseAction action = in.choice("action", LiveCommand.MouseAction.class, MessageForms::name);
        LiveCommand.Mouse mouse = new LiveCommand.Mouse(
                page,
                action,
                in.number("x"),
                in.number("y"),
                in.choice("button", LiveCommand.Button.NONE, MessageForms::name),
                in.integer("buttons", 0),
                in.integer("clickCount", 0),
                in.integer("modifiers", 0));
        return new Act(mouse, action == LiveCommand.MouseAction.MOVE);
    }

    private static ViewerMessage wheel(Arguments in, String page) {
        LiveCommand.Wheel wheel = new LiveCommand.Wheel(
                page,
                in.number("x"),
                in.number("y"),
                in.number("deltaX", 0),
                in.number("deltaY", 0),
                in.integer("modifiers", 0));
        return new Act(wheel, true);
    }

    private static ViewerMessage key(Arguments in, String page) {
        return act(new LiveCommand.Key(
                page,
                in.choice("action", LiveCommand.KeyAction.class, MessageForms::name),
                in.text("key"),
                in.optionalText("code").orElse(""),
                in.optionalText("text").orElse(""),
                in.integer("keyCode", 0),
                in.integer("location", 0),
                in.flag("repeat", false),
                in.integer("modifiers", 0)));
    }

    private static ViewerMessage touch(Arguments in, String page) {
        LiveCommand.TouchAction action = in.choice("action", LiveCommand.TouchAction.class, MessageForms::name);
        LiveCommand.Touch touch = new LiveCommand.Touch(
                page,
                action,
                in.objects(
                        "points",
                        point -> new TouchPoint(
                                point.integer("id", 0, Integer.MAX_VALUE), point.number("x"), point.number("y"))),
                in.integer("modifiers", 0));
        return new Act(touch, action == LiveCommand.TouchAction.MOVE);
    }

    private static ViewerMessage files(Arguments in, String page) {
        String chooser = in.text("chooserId");
        List<Announced> files =
                in.objects("files", file -> new Announced(file.text("name"), file.integer("bytes", 0, MAX_FILE_BYTES)));
        if (files.size() > Upload.MAX_FILES) {
            throw BerthException.invalid("files may have at most " + Upload.MAX_FILES + " entries");
        }
        return new Files(page, chooser, files);
    }

    private static TaskId task(Arguments in) {
        return TaskId.parse(in.text("taskId"))
                .orElseThrow(() -> BerthException.invalid("taskId is not that of a task"));
    }
}
