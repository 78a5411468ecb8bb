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
import dev.berth.protocol.ClientJson;
import dev.berth.protocol.ElementAction.Upload;
import dev.berth.protocol.ExecuteTask.TaskCommand.AnswerTask;
import dev.berth.protocol.ExecuteTask.TaskCommand.CancelTask;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.PageAction;
import dev.berth.protocol.PageAction.GoBack;
import dev.berth.protocol.PageAction.GoForward;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.PageAction.Reload;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.Truncation;
import dev.berth.protocol.VerbChoices.WaitUntil;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** The JSON forms of what a viewer may send. Throws {@link dev.berth.protocol.BerthException} where a message has none of them. */
final class MessageForms {
    private static final int MAX_SHOWN_CHARS = 50;
    private static final String PAGE_ID = LiveCommand.PAGE_ID;

    /** Readers by type. Each gets the fields, without the type, and the page that the message is for. */
    private static final Map<String, BiFunction<JsonObject, String, ViewerMessage>> FORMS = Map.ofEntries(
            Map.entry("mouse", MessageForms::mouse),
            Map.entry("wheel", (in, page) -> new Act(command(LiveCommand.Wheel.class, in, page), true)),
            Map.entry("key", (in, page) -> new Act(command(LiveCommand.Key.class, in, page), false)),
            Map.entry("touch", MessageForms::touch),
            Map.entry("text", (in, page) -> new Act(command(LiveCommand.Text.class, in, page), false)),
            Map.entry("paste", (in, page) -> new Act(command(LiveCommand.Paste.class, in, page), false)),
            Map.entry("copy", (in, page) -> nothingElse(in, new Copy(page))),
            Map.entry(
                    "navigate",
                    (in, page) -> drive(
                            page,
                            new Navigate(
                                    ClientJson.read(Address.class, in).url(),
                                    WaitUntil.LOAD,
                                    Action.DEFAULT_TIMEOUT_MILLIS))),
            Map.entry(
                    "back",
                    (in, page) ->
                            nothingElse(in, drive(page, new GoBack(WaitUntil.LOAD, Action.DEFAULT_TIMEOUT_MILLIS)))),
            Map.entry(
                    "forward",
                    (in, page) ->
                            nothingElse(in, drive(page, new GoForward(WaitUntil.LOAD, Action.DEFAULT_TIMEOUT_MILLIS)))),
            Map.entry(
                    "reload",
                    (in, page) ->
                            nothingElse(in, drive(page, new Reload(WaitUntil.LOAD, Action.DEFAULT_TIMEOUT_MILLIS)))),
            Map.entry(
                    "openPage",
                    (in, page) -> drive(new OpenPage(
                            ClientJson.read(Opening.class, in).url(),
                            WaitUntil.DOMCONTENTLOADED,
                            Action.DEFAULT_TIMEOUT_MILLIS))),
            Map.entry(
                    "closePage",
                    (in, page) -> nothingElse(in, drive(new ClosePage(page, Action.DEFAULT_TIMEOUT_MILLIS)))),
            Map.entry(
                    "activatePage",
                    (in, page) -> nothingElse(in, drive(new ActivatePage(page, Action.DEFAULT_TIMEOUT_MILLIS)))),
            Map.entry("show", (in, page) -> nothingElse(in, new Show(page))),
            Map.entry("follow", (in, page) -> nothingElse(in, new Follow())),
            Map.entry("answerTask", (in, page) -> {
                TaskAnswer answer = ClientJson.read(TaskAnswer.class, in);
                return new Lead(task(answer.taskId()), new AnswerTask(answer.text()));
            }),
            Map.entry(
                    "cancelTask",
                    (in, page) -> new Lead(task(ClientJson.read(Named.class, in).taskId()), new CancelTask())),
            Map.entry("dialog", (in, page) -> new Act(command(LiveCommand.AnswerDialog.class, in, page), false)),
            Map.entry("files", MessageForms::files),
            Map.entry("select", (in, page) -> new Act(command(LiveCommand.ChooseOptions.class, in, page), false)));

    /** The values of fields that are absent: of those that a command of the type has. */
    private static final JsonObject OTHERWISE = new JsonObject()
            .put("button", "none")
            .put("buttons", 0)
            .put("clickCount", 0)
            .put("modifiers", 0)
            .put("deltaX", 0)
            .put("deltaY", 0)
            .put("code", "")
            .put("keyCode", 0)
            .put("location", 0)
            .put("repeat", false)
            .put("accept", true);

    private record Kind(String type, Optional<String> pageId) {}

    private record Address(String url) {}

    private record Opening(Optional<String> url) {}

    private record Named(String taskId) {}

    private record TaskAnswer(String taskId, String text) {}

    private record Intake(String chooserId, List<Announced> files) {
        Intake {
            if (files == null || files.contains(null)) {
                throw BerthException.invalid("files must be a list of objects");
            } else if (files.size() > Upload.MAX_FILES) {
                throw BerthException.invalid("files may have at most " + Upload.MAX_FILES + " entries");
            }
        }
    }

    private MessageForms() {}

    /** @param shown the page that the viewer sees, for messages that name none */
    static ViewerMessage read(String message, String shown) {
        JsonObject in = object(message);
        Kind kind = ClientJson.read(
                Kind.class, new JsonObject().put("type", in.remove("type")).put(PAGE_ID, in.remove(PAGE_ID)));
        BiFunction<JsonObject, String, ViewerMessage> form = FORMS.get(kind.type());
        if (form == null) {
            throw BerthException.invalid(
                    "'" + Truncation.ellipsis(kind.type(), MAX_SHOWN_CHARS) + "' is not a known type: "
                            + FORMS.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        return form.apply(in, kind.pageId().orElse(shown));
    }

    private static JsonObject object(String message) {
        try {
            return ProtocolJson.object(message);
        } catch (DecodeException e) {
            throw BerthException.invalid("a message must be a JSON object");
        }
    }

    private static <C extends Record & LiveCommand<?>> C command(Class<C> type, JsonObject in, String page) {
        JsonObject otherwise = new JsonObject();
        for (String name : ClientJson.names(type)) {
            Optional.ofNullable(OTHERWISE.getValue(name)).ifPresent(value -> otherwise.put(name, value));
        }
        if (type == LiveCommand.Key.class) {
            otherwise.put("text", "");
        }
        return ClientJson.read(type, "", in.put(PAGE_ID, page), otherwise);
    }

    private static ViewerMessage nothingElse(JsonObject in, ViewerMessage message) {
        ClientJson.requireKnown("", in, List.of());
        return message;
    }

    private static ViewerMessage drive(String page, PageAction<?> action) {
        return new Drive(Optional.of(page), action);
    }

    private static ViewerMessage drive(BrowserAction<?> action) {
        return new Drive(Optional.empty(), action);
    }

    private static ViewerMessage mouse(JsonObject in, String page) {
        LiveCommand.Mouse mouse = command(LiveCommand.Mouse.class, in, page);
        return new Act(mouse, mouse.action() == LiveCommand.MouseAction.MOVE);
    }

    private static ViewerMessage touch(JsonObject in, String page) {
        LiveCommand.Touch touch = command(LiveCommand.Touch.class, in, page);
        return new Act(touch, touch.action() == LiveCommand.TouchAction.MOVE);
    }

    private static ViewerMessage files(JsonObject in, String page) {
        Intake intake = ClientJson.read(Intake.class, in);
        return new Files(page, intake.chooserId(), intake.files());
    }

    private static TaskId task(String id) {
        return TaskId.parse(id).orElseThrow(() -> BerthException.invalid("taskId must be the id of a task"));
    }
}
