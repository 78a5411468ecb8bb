package dev.berth.browser.drive.element;

import static dev.berth.browser.drive.element.ElementActs.DONE;
import static dev.berth.browser.drive.element.Projection.number;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.drive.command.PageCommands;
import dev.berth.browser.drive.command.PageHands;
import dev.berth.browser.drive.element.Elements.Act;
import dev.berth.browser.drive.element.Elements.Need;
import dev.berth.browser.drive.element.Mouse.Point;
import dev.berth.browser.drive.element.Refs.NodeRef;
import dev.berth.browser.process.BrowserFiles;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.browser.watch.page.Pages;
import dev.berth.protocol.ActionEntry.ActionElement;
import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.ActionReply.ScrollResult;
import dev.berth.protocol.ActionReply.SelectionResult;
import dev.berth.protocol.ArtifactEntry.UploadedFile;
import dev.berth.protocol.ElementAction.Scroll;
import dev.berth.protocol.ElementAction.Select;
import dev.berth.protocol.ElementAction.Upload;
import dev.berth.protocol.ElementAction.WaitFor;
import dev.berth.protocol.SessionReply.ElementNames;
import dev.berth.protocol.TaskSupport.NameElement;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The verbs on elements of one page, except those of the mouse and the keyboard. Lives on the browser's context. */
public final class DomVerbs {
    private static final String NOTED = "noted";

    private final Pages pages;
    private final ElementActs acts;
    private final BrowserFiles files;

    public DomVerbs(Pages pages, ElementActs acts, BrowserFiles files) {
        this.pages = pages;
        this.acts = acts;
        this.files = files;
    }

    public Future<SelectionResult> select(PageHands hands, Select command) {
        return hands.onPage(page -> {
            Deadline deadline = new Deadline(command.timeout());
            return hands.call(
                            commands -> acts.elements(page, commands, deadline)
                                    .act(
                                            command.selector(),
                                            Need.ENABLED,
                                            (script, element, ready) -> noted(
                                                    script.map(element, "select", command.values()),
                                                    script.names().logged(element, ready))),
                            deadline)
                    .compose(chosen -> pages.settle(page, deadline)
                            .map(settled ->
                                    new SelectionResult(page.url(), strings(chosen.get("values"))).on(noted(chosen))));
        });
    }

    /** The result of an act, with the element as it was. */
    private static Map<String, Object> noted(Map<String, Object> result, Optional<ActionElement> element) {
        Map<String, Object> both = new HashMap<>(result);
        element.ifPresent(named -> both.put(NOTED, named));
        return both;
    }

    private static Optional<ActionElement> noted(Map<String, Object> result) {
        return Optional.ofNullable((ActionElement) result.get(NOTED));
    }

    private static List<String> strings(Object list) {
        return ((List<?>) list).stream().map(String::valueOf).toList();
    }

    public Future<ScrollResult> scroll(PageHands hands, Scroll command) {
        return hands.onPage(page -> {
            Deadline deadline = new Deadline(command.timeout());
            return hands.call(commands -> scroll(page, commands, command, deadline), deadline)
                    .map(at -> new ScrollResult(number(at, "x"), number(at, "y")).on(noted(at)));
        });
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> scroll(PageTarget page, PageCommands commands, Scroll command, Deadline deadline)
            throws InterruptedException {
        if (command.selector().isEmpty()) {
            return (Map<String, Object>) new ScriptRunner(commands).evaluate("scrollPage", command.x(), command.y());
        }
        return acts.elements(page, commands, deadline)
                .act(command.selector().get(), Need.ATTACHED, (script, element, ready) -> {
                    script.intoView(element);
                    return noted(
                            script.map(element, "scroll", command.x(), command.y()),
                            script.names().logged(element, ready));
                });
    }

    public Future<ElementResult> waitFor(PageHands hands, WaitFor command) {
        return hands.onPage(page -> {
            Deadline deadline = new Deadline(command.timeout());
            return hands.call(
                            commands -> {
                                acts.elements(page, commands, deadline).await(command.selector(), command.state());
                                return DONE;
                            },
                            deadline)
                    .map(done -> new ElementResult(page.url(), false, Optional.empty()));
        });
    }

    public Future<ElementResult> upload(PageHands hands, Upload command, List<Buffer> contents, List<String> named) {
        List<String> names = command.files().stream().map(UploadedFile::name).toList();
        return files.write(names, contents)
                .compose(written -> acts.onElement(
                                hands,
                                command.selector(),
                                Need.ATTACHED,
                                command.timeout(),
                                (on, commands, deadline) -> give(Stream.concat(written.stream(), named.stream())
                                        .toList()))
                        .recover(e -> files.remove(written).transform(removed -> Future.failedFuture(e))));
    }

    private static Act give(List<String> paths) {
        return (script, element, ready) -> {
            boolean multiple = Boolean.TRUE.equals(script.map(element, "file").get("multiple"));
            if (paths.size() > 1 && !multiple) {
                throw Failures.failed("that file input takes one file only", "give one file");
            }
            script.give(element, paths);
            return DONE;
        };
    }

    public Future<ElementNames> name(PageHands hands, NameElement command) {
        return hands.onPage(page -> {
            Deadline deadline = new Deadline(command.timeout());
            return hands.call(
                            commands -> acts.elements(page, commands, deadline).name(command.selectors()), deadline)
                    .map(ElementNames::new);
        });
    }

    /** The node of a selector, once there is one. */
    public Future<NodeRef> node(PageHands hands, String selector, Deadline deadline) {
        PageTarget page = hands.page();
        Act describe = (script, element, ready) -> Map.of("node", script.node(element, page.targetId()));
        return hands.call(
                        commands -> acts.elements(page, commands, deadline).act(selector, Need.ATTACHED, describe),
                        deadline)
                .map(found -> (NodeRef) found.get("node"));
    }

    /** Scrolls an element into the viewport; returns its box there, in CSS pixels. */
    public Future<JsonObject> box(PageHands hands, String selector, Deadline deadline) {
        PageTarget page = hands.page();
        Act measure = (script, element, ready) -> {
            script.intoView(element);
            Map<String, Object> box = script.map(element, "box");
            Projection shown = script.positions().projection(element, box);
            Point corner = shown.of(new Point(number(box, "left"), number(box, "top")));
            return Map.of(
                    "x",
                    corner.x(),
                    "y",
                    corner.y(),
                    "width",
                    number(box, "width") * shown.scaleX(),
                    "height",
                    number(box, "height") * shown.scaleY());
        };
        return hands.call(
                        commands -> acts.elements(page, commands, deadline).act(selector, Need.AT_REST, measure),
                        deadline)
                .map(box -> new JsonObject(new HashMap<>(box)));
    }
}
