package dev.berth.script;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.PageAction.MouseUse;
import dev.berth.protocol.Pointing.Offset;
import dev.berth.script.ProgramInputs.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The reader of an action log: brings each entry to the form of a verb, with variables for the values that were entered. People and CDP
 * clients act in ways for which Berth has other verbs: a tap is a click, and a click on no element is one of the mouse.
 */
final class LoggedActs {
    static final String BASE_URL = "INPUT_BASE_URL";

    /** Verbs that change nothing in a page. The answer to each dialog has an entry of its own. */
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

    private final ProgramInputs inputs;
    private final Set<String> verbs;
    private Optional<String> origin = Optional.empty();
    private int files;

    /** @param verbs that the program's format can express; the reader leaves a remark in place of any other */
    LoggedActs(ProgramInputs inputs, Set<String> verbs) {
        this.inputs = inputs;
        this.verbs = verbs;
    }

    /** No act for an entry that only reads. */
    List<Act> of(ActionEntry entry) {
        Act act = Act.of(entry);
        if (READS.contains(act.verb())) {
            return List.of();
        } else if (!entry.success()) {
            return List.of(Act.remark("Left out, as it failed: " + named(act)
                    + entry.error().map(why -> " (" + why + ")").orElse("")));
        }
        return switch (act.verb()) {
            case "navigate" -> List.of(go(act, act.text("url").orElse("about:blank")));
            case "click", "double-click", "tap", "touch" -> click(act);
            case "hover", "wait-for" -> onElement(act, found -> found);
            case "drag" -> drag(act);
            case "mouse" -> mouse(act);
            case "scroll" -> scroll(act);
            case "type", "paste" -> type(act);
            case "fill" -> onElement(act, found -> found.with("value", value(found, "value")));
            case "press" -> List.of(act.with("key", act.text("key").orElse("Enter")));
            case "select" -> select(act);
            case "upload" -> upload(act);
            default -> other(act);
        };
    }

    private List<Act> other(Act act) {
        return switch (act.verb()) {
            case "screenshot" -> List.of(act.with("path", "screenshot-" + ++files + ".png"));
            case "pdf" -> List.of(act.with("path", "page-" + ++files + ".pdf"));
            case "evaluate" ->
                act.text("expression")
                                .filter(text -> !ProgramInputs.isCut(text))
                                .isPresent()
                        ? List.of(act)
                        : leftOut(act, "the log does not have the whole script");
            case "emulate" ->
                act.number("viewport", "width") >= 1 && act.number("viewport", "height") >= 1
                        ? List.of(act)
                        : leftOut(act, "give such options where the browser is started");
            case "add-route", "remove-route" -> leftOut(act, "give such rules where the browser is started");
            default -> verbs.contains(act.verb()) ? List.of(act) : leftOut(act, "it has no counterpart");
        };
    }

    private static List<Act> leftOut(Act act, String why) {
        return List.of(Act.remark("Left out: " + named(act) + " (" + why + ")"));
    }

    private static String named(Act act) {
        return act.verb()
                + Stream.of("selector", "url", "key")
                        .flatMap(name -> act.text(name).stream())
                        .findFirst()
                        .map(text -> " " + text)
                        .orElse("");
    }

    private static List<Act> onElement(Act act, UnaryOperator<Act> brought) {
        return act.target().isPresent()
                ? List.of(brought.apply(act))
                : leftOut(act, "the log does not name the element so that it is found again");
    }

    Act go(Act act, String url) {
        return act.as("navigate").with("url", url(url));
    }

    /** The first site of the log is a variable, so that the program can be run against another one. */
    private Words url(String url) {
        Optional<String> site = PlacePattern.site(url);
        if (origin.isEmpty() && site.isPresent()) {
            origin = site;
            inputs.of("BASE_URL", site.get());
        }
        return within(url, site);
    }

    /** A part of a URL, with a variable for its site where that is the first one of the log. */
    Words within(String url, Optional<String> site) {
        return site.isEmpty() || !site.equals(origin)
                ? Words.plain(url)
                : new Words(List.of(
                        new Words.Part(true, BASE_URL),
                        new Words.Part(false, url.substring(site.get().length()))));
    }

    private static List<Act> click(Act act) {
        int count = act.verb().equals("double-click") ? 2 : act.count();
        Act click = act.as("click").with("clickCount", count);
        return act.target().isEmpty() && act.offset("x", "y").isPresent()
                ? List.of(click.as("mouse").with("action", "click"))
                : onElement(act, found -> click);
    }

    private static List<Act> drag(Act act) {
        if (act.target().isPresent()
                && (act.end().isPresent() || act.offset("by").isPresent())) {
            return List.of(act);
        }
        Optional<Offset> from = act.offset("x", "y");
        Optional<Offset> to = act.offset("toX", "toY");
        if (from.isEmpty() || to.isEmpty()) {
            return leftOut(act, "the log does not say from where to where");
        }
        return List.of(
                Act.mouse("move", from.get()),
                Act.mouse("down", from.get()),
                Act.mouse("move", to.get()),
                Act.mouse("up", to.get()));
    }

    /** Libraries press, release and turn the mouse where it is: the program moves it there before. */
    private static List<Act> mouse(Act act) {
        MouseUse use = Stream.of(MouseUse.values())
                .filter(each ->
                        act.text("action").filter(each.wireName()::equals).isPresent())
                .findFirst()
                .orElse(MouseUse.CLICK);
        Act used = act.with("action", use.wireName());
        return use == MouseUse.CLICK || use == MouseUse.MOVE
                ? List.of(used)
                : List.of(Act.mouse("move", act.at()), used);
    }

    private static List<Act> scroll(Act act) {
        return List.of(act.offset("deltaX", "deltaY")
                .map(turn -> new Act("mouse", Map.of("action", "wheel", "deltaX", turn.x(), "deltaY", turn.y())))
                .orElse(act));
    }

    /** The entry of a person's typing also has the keys that the person pressed meanwhile. */
    private List<Act> type(Act act) {
        List<Act> acts = new ArrayList<>();
        List<String> keys = act.texts("keys");
        if (act.has("text") || keys.isEmpty()) {
            acts.add(act.as("type").with("text", value(act, "text")));
        }
        keys.forEach(key -> acts.add(new Act("press", Map.of("key", key))));
        return acts;
    }

    private List<Act> select(Act act) {
        if (!act.has("values")) {
            return leftOut(act, "the log has no values of its options");
        }
        List<Words> values = act.texts("values").stream()
                .map(value -> inputs.of(hint(act, "option"), value))
                .toList();
        return onElement(act, found -> found.with("values", values));
    }

    private List<Act> upload(Act act) {
        List<Words> paths = act.texts("files").stream()
                .map(name -> inputs.of("file", "./" + name))
                .toList();
        return onElement(act, found -> found.with("files", paths.isEmpty() ? List.of(inputs.missing("file")) : paths));
    }

    private Words value(Act act, String name) {
        return act.text(name)
                .map(text -> inputs.of(hint(act, "text"), text))
                .orElseGet(() -> inputs.missing(hint(act, "text")));
    }

    /** The text after which the variable for a value of the element is named. */
    private static String hint(Act act, String otherwise) {
        return act.text("element", "name")
                .filter(name -> name.length() <= 40)
                .or(() -> act.target().map(target -> target.selector().hint()))
                .filter(hint -> hint.matches(".*[A-Za-z].*"))
                .orElse(otherwise);
    }

    /** The verb that answers the dialogs to come as this one was answered. The log does not have the text that was entered in it. */
    Act answer(Act dialog) {
        boolean accept = dialog.is("accepted");
        Act answer = new Act("dialogs", Map.of("accept", accept));
        boolean prompt = dialog.text("dialogType").filter("prompt"::equals).isPresent();
        return accept && prompt ? answer.with("promptText", inputs.missing("answer")) : answer;
    }
}
