package dev.berth.script;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.VerbChoices.ElementState;
import dev.berth.protocol.VerbChoices.WaitUntil;
import dev.berth.script.ScriptAct.Activate;
import dev.berth.script.ScriptAct.Answer;
import dev.berth.script.ScriptAct.Await;
import dev.berth.script.ScriptAct.Choose;
import dev.berth.script.ScriptAct.Close;
import dev.berth.script.ScriptAct.Evaluate;
import dev.berth.script.ScriptAct.Fill;
import dev.berth.script.ScriptAct.Go;
import dev.berth.script.ScriptAct.Hover;
import dev.berth.script.ScriptAct.Picture;
import dev.berth.script.ScriptAct.Press;
import dev.berth.script.ScriptAct.Print;
import dev.berth.script.ScriptAct.Remark;
import dev.berth.script.ScriptAct.Resize;
import dev.berth.script.ScriptAct.Travel;
import dev.berth.script.ScriptAct.Type;
import dev.berth.script.ScriptAct.Upload;
import dev.berth.script.ScriptSelector.ScriptTarget;
import dev.berth.script.Variables.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** What the entries of an action log do, as acts of a program. */
final class LoggedActs {
    static final String BASE_URL = "INPUT_BASE_URL";

    /** They change nothing in a page; how dialogs were answered is told by each. */
    private static final Set<String> READS = Set.of(
            "dialogs",
            "content",
            "snapshot",
            "cookies",
            "storage-state",
            "copy",
            "start-recording",
            "stop-recording",
            "keep-recording");

    private final Variables inputs;
    private Optional<String> origin = Optional.empty();
    private int files;

    LoggedActs(Variables inputs) {
        this.inputs = inputs;
    }

    /** None for what only reads. */
    List<ScriptAct> of(ActionEntry entry) {
        LoggedDetails details = LoggedDetails.of(entry);
        if (READS.contains(entry.type())) {
            return List.of();
        } else if (!entry.success()) {
            return List.of(new Remark("Left out, as it failed: " + entry.type() + subject(details)
                    + entry.error().map(why -> " (" + why + ")").orElse("")));
        }
        return switch (entry.type()) {
            case "navigate" -> List.of(go(details.text("url").orElse("about:blank"), details));
            case "go-back", "go-forward", "reload" -> List.of(new Travel(entry.type(), until(details)));
            case "click", "double-click", "tap", "touch" -> PointerActs.click(entry, details);
            case "hover" -> onElement(entry, details, target -> new Hover(target, details.pointing()));
            case "drag" -> PointerActs.drag(entry, details);
            case "mouse" -> PointerActs.mouse(details);
            case "type", "paste" -> type(details);
            case "fill" -> onElement(entry, details, target -> new Fill(target, value(details, "value")));
            case "press" ->
                List.of(new Press(details.target(), details.text("key").orElse("Enter")));
            case "select" -> select(entry, details);
            case "scroll" -> PointerActs.scroll(details);
            case "wait-for" -> onElement(entry, details, target -> new Await(target, state(details)));
            case "upload" -> upload(entry, details);
            default -> other(entry, details);
        };
    }

    private List<ScriptAct> other(ActionEntry entry, LoggedDetails details) {
        return switch (entry.type()) {
            case "screenshot" ->
                List.of(new Picture(details.target(), details.is("fullPage"), file("screenshot", "png")));
            case "pdf" -> List.of(new Print(file("page", "pdf")));
            case "evaluate" ->
                details.text("expression")
                        .filter(text -> !Variables.isCut(text))
                        .<List<ScriptAct>>map(text -> List.of(new Evaluate(text)))
                        .orElseGet(() -> leftOut(entry, details, "the log does not have the whole script"));
            case "emulate" -> emulate(entry, details);
            case "add-route", "remove-route" -> leftOut(entry, details, "give such rules where the browser is started");
            case "activate-page" -> List.of(new Activate());
            case "close-page" -> List.of(new Close());
            default -> leftOut(entry, details, "it has no counterpart");
        };
    }

    static List<ScriptAct> leftOut(ActionEntry entry, LoggedDetails details, String why) {
        return List.of(new Remark("Left out: " + entry.type() + subject(details) + " (" + why + ")"));
    }

    private static String subject(LoggedDetails details) {
        return Stream.of("selector", "url", "key")
                .flatMap(name -> details.text(name).stream())
                .findFirst()
                .map(text -> " " + text)
                .orElse("");
    }

    static List<ScriptAct> onElement(ActionEntry entry, LoggedDetails details, Function<ScriptTarget, ScriptAct> act) {
        return details.target()
                .<List<ScriptAct>>map(target -> List.of(act.apply(target)))
                .orElseGet(
                        () -> leftOut(entry, details, "the log does not name the element so that it is found again"));
    }

    private static WaitUntil until(LoggedDetails details) {
        return details.text("waitUntil").flatMap(WaitUntil::parse).orElse(WaitUntil.LOAD);
    }

    private static ElementState state(LoggedDetails details) {
        return details.text("state").flatMap(ElementState::parse).orElse(ElementState.VISIBLE);
    }

    Go go(String url, LoggedDetails details) {
        return new Go(url(url), until(details));
    }

    /** The first site that it goes to is a variable, so that the program can be run against another one. */
    private Words url(String url) {
        Optional<String> site = PlacePattern.site(url);
        if (origin.isEmpty() && site.isPresent()) {
            origin = site;
            inputs.of("BASE_URL", site.get());
        }
        return within(url, site);
    }

    /** A part of a URL, the site of which is a variable where it is the first one. */
    Words within(String url, Optional<String> site) {
        return site.isEmpty() || !site.equals(origin)
                ? Words.plain(url)
                : new Words(List.of(
                        new Words.Part(true, BASE_URL),
                        new Words.Part(false, url.substring(site.get().length()))));
    }

    private Words value(LoggedDetails details, String name) {
        return details.text(name)
                .map(text -> inputs.of(details.hint("text"), text))
                .orElseGet(() -> inputs.missing(details.hint("text")));
    }

    private String file(String name, String ending) {
        return name + "-" + ++files + "." + ending;
    }

    /** What people type has the keys too that they pressed meanwhile. */
    private List<ScriptAct> type(LoggedDetails details) {
        List<ScriptAct> acts = new ArrayList<>();
        List<String> keys = details.texts("keys");
        if (details.has("text") || keys.isEmpty()) {
            acts.add(new Type(details.target(), value(details, "text")));
        }
        keys.forEach(key -> acts.add(new Press(Optional.empty(), key)));
        return acts;
    }

    private List<ScriptAct> select(ActionEntry entry, LoggedDetails details) {
        if (!details.has("values")) {
            return leftOut(entry, details, "the log has no values of its options");
        }
        List<Words> values = details.texts("values").stream()
                .map(value -> inputs.of(details.hint("option"), value))
                .toList();
        return onElement(entry, details, target -> new Choose(target, values));
    }

    private List<ScriptAct> upload(ActionEntry entry, LoggedDetails details) {
        List<Words> paths = details.texts("files").stream()
                .map(name -> inputs.of("file", "./" + name))
                .toList();
        return onElement(
                entry,
                details,
                target -> new Upload(target, paths.isEmpty() ? List.of(inputs.missing("file")) : paths));
    }

    private List<ScriptAct> emulate(ActionEntry entry, LoggedDetails details) {
        LoggedDetails viewport = details.inner("viewport");
        int width = viewport.integer("width", 0);
        int height = viewport.integer("height", 0);
        return width > 0 && height > 0
                ? List.of(new Resize(new Viewport(width, height)))
                : leftOut(entry, details, "give such options where the browser is started");
    }

    /** How a dialog was answered. What was entered in it is not in the log. */
    Answer answer(LoggedDetails dialog) {
        boolean accept = dialog.is("accepted");
        boolean prompt = dialog.text("dialogType").filter("prompt"::equals).isPresent();
        return new Answer(accept, accept && prompt ? Optional.of(inputs.missing("answer")) : Optional.empty());
    }
}
