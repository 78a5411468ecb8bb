package dev.berth.browser;

import dev.berth.browser.Elements.Act;
import dev.berth.browser.Elements.Need;
import dev.berth.browser.Keyboard.Combination;
import dev.berth.protocol.MouseButton;
import dev.berth.protocol.SessionCommand.Click;
import dev.berth.protocol.SessionCommand.Fill;
import dev.berth.protocol.SessionCommand.Hover;
import dev.berth.protocol.SessionCommand.Press;
import dev.berth.protocol.SessionCommand.Scroll;
import dev.berth.protocol.SessionCommand.Select;
import dev.berth.protocol.SessionCommand.Type;
import dev.berth.protocol.SessionCommand.Upload;
import dev.berth.protocol.SessionCommand.WaitFor;
import dev.berth.protocol.SessionReply.ElementResult;
import dev.berth.protocol.SessionReply.ScrollResult;
import dev.berth.protocol.SessionReply.SelectionResult;
import dev.berth.protocol.UploadedFile;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.webfolder.cdp.session.Session;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** What is done to elements of the active page. */
final class ElementVerbs {
    private static final Map<String, Object> DONE = Map.of();

    private final Hands hands;
    private final Pages pages;
    private final Snapshots snapshots;
    private final BrowserFiles files;

    ElementVerbs(Hands hands, Pages pages, Snapshots snapshots, BrowserFiles files) {
        this.hands = hands;
        this.pages = pages;
        this.snapshots = snapshots;
        this.files = files;
    }

    Future<ElementResult> click(Click command) {
        return onElement(command.selector(), Need.CLICKABLE, command.timeoutMillis(), (session, deadline) -> {
            MouseButton button = command.button();
            return (world, element, point) -> {
                new Mouse(session).click(at(world.offset(element, point), point), button, command.clickCount());
                return DONE;
            };
        });
    }

    Future<ElementResult> hover(Hover command) {
        return onElement(
                command.selector(),
                Need.POINTED,
                command.timeoutMillis(),
                (session, deadline) -> (world, element, point) -> {
                    new Mouse(session).move(at(world.offset(element, point), point));
                    return DONE;
                });
    }

    private static Mouse.Point at(double[] offset, Map<String, Object> point) {
        return new Mouse.Point(offset[0] + (double) point.get("x"), offset[1] + (double) point.get("y"));
    }

    Future<ElementResult> type(Type command) {
        return onElement(
                command.selector(),
                Need.ENABLED,
                command.timeoutMillis(),
                (session, deadline) -> (world, element, ready) -> {
                    Map<String, Object> focused = world.map(element, "focus");
                    new Keyboard(session).type(command.text(), deadline);
                    return focused;
                });
    }

    Future<ElementResult> fill(Fill command) {
        return onElement(
                command.selector(),
                Need.ENABLED,
                command.timeoutMillis(),
                (session, deadline) -> (world, element, ready) -> {
                    Map<String, Object> filled = world.map(element, "fill", command.value());
                    if (filled.containsKey("insert")) {
                        new Keyboard(session).replaceSelection(command.value());
                    }
                    return filled;
                });
    }

    Future<ElementResult> press(Press command) {
        Combination keys = Combination.parse(command.key());
        if (command.selector().isEmpty()) {
            return hands.onActivePage(page -> {
                Deadline deadline = Deadline.selfWatched(command.timeoutMillis());
                return hands.run(
                                page,
                                session -> {
                                    new Keyboard(session).press(keys);
                                    return DONE;
                                },
                                deadline)
                        .compose(done -> settled(page, done, deadline));
            });
        }
        return onElement(
                command.selector().get(),
                Need.ENABLED,
                command.timeoutMillis(),
                (session, deadline) -> (world, element, ready) -> {
                    world.on(element, "focus");
                    new Keyboard(session).press(keys);
                    return DONE;
                });
    }

    Future<SelectionResult> select(Select command) {
        return hands.onActivePage(page -> {
            Deadline deadline = Deadline.selfWatched(command.timeoutMillis());
            return hands.call(
                            page,
                            session -> elements(page, session, deadline)
                                    .act(
                                            command.selector(),
                                            Need.ENABLED,
                                            (world, element, ready) -> world.map(element, "select", command.values())),
                            deadline)
                    .compose(chosen -> pages.settle(page, deadline)
                            .map(settled -> new SelectionResult(page.url(), strings(chosen.get("values")))));
        });
    }

    private static List<String> strings(Object list) {
        return ((List<?>) list).stream().map(String::valueOf).toList();
    }

    Future<ScrollResult> scroll(Scroll command) {
        return hands.onActivePage(page -> {
            Deadline deadline = Deadline.selfWatched(command.timeoutMillis());
            return hands.call(page, session -> scroll(page, session, command, deadline), deadline)
                    .map(at -> new ScrollResult((double) at.get("x"), (double) at.get("y")));
        });
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> scroll(PageTarget page, Session session, Scroll command, Deadline deadline)
            throws InterruptedException {
        if (command.selector().isEmpty()) {
            return (Map<String, Object>) new PageWorld(session).evaluate("scrollPage", command.x(), command.y());
        }
        return elements(page, session, deadline)
                .act(command.selector().get(), Need.ATTACHED, (world, element, ready) -> {
                    world.on(element, "intoView");
                    return world.map(element, "scroll", command.x(), command.y());
                });
    }

    Future<ElementResult> waitFor(WaitFor command) {
        return hands.onActivePage(page -> {
            Deadline deadline = Deadline.selfWatched(command.timeoutMillis());
            return hands.call(
                            page,
                            session -> {
                                elements(page, session, deadline).await(command.selector(), command.state());
                                return DONE;
                            },
                            deadline)
                    .map(done -> new ElementResult(page.url(), false));
        });
    }

    Future<ElementResult> upload(Upload command, List<Buffer> contents) {
        List<String> names = command.files().stream().map(UploadedFile::name).toList();
        return files.write(names, contents)
                .compose(paths -> onElement(
                                command.selector(),
                                Need.ATTACHED,
                                command.timeoutMillis(),
                                (session, deadline) -> give(session, paths))
                        .recover(e -> files.remove(paths).transform(removed -> Future.failedFuture(e))));
    }

    private static Act give(Session session, List<String> paths) {
        return (world, element, ready) -> {
            boolean multiple = Boolean.TRUE.equals(world.map(element, "file").get("multiple"));
            if (paths.size() > 1 && !multiple) {
                throw Failures.failed("that file input takes one file only");
            }
            session.getCommand().getDOM().setFileInputFiles(paths, null, null, world.control(element));
            return DONE;
        };
    }

    /** Where an element is in the viewport, scrolled into it. */
    Future<JsonObject> box(PageTarget page, String selector, Deadline deadline) {
        Act measure = (world, element, ready) -> {
            world.on(element, "intoView");
            Map<String, Object> box = world.map(element, "box");
            double[] offset = world.offset(element, box);
            return Map.of(
                    "x",
                    offset[0] + (double) box.get("left"),
                    "y",
                    offset[1] + (double) box.get("top"),
                    "width",
                    box.get("width"),
                    "height",
                    box.get("height"));
        };
        return hands.call(
                        page,
                        session -> elements(page, session, deadline).act(selector, Need.AT_REST, measure),
                        deadline)
                .map(box -> new JsonObject(new HashMap<>(box)));
    }

    /** Makes the act, on the lane. */
    @FunctionalInterface
    private interface Maker {
        Act with(Session session, Deadline deadline);
    }

    private Future<ElementResult> onElement(String selector, Need need, long timeoutMillis, Maker maker) {
        return hands.onActivePage(page -> {
            Deadline deadline = Deadline.selfWatched(timeoutMillis);
            AtomicBoolean acted = new AtomicBoolean();
            return hands.call(
                            page,
                            session -> elements(page, session, deadline)
                                    .act(selector, need, noting(acted, maker.with(session, deadline))),
                            deadline)
                    .recover(e -> page.closed() && acted.get() ? Future.succeededFuture(DONE) : Future.failedFuture(e))
                    .compose(result -> settled(page, result, deadline));
        });
    }

    /** A click may close its page, and then is not answered, but done. */
    private static Act noting(AtomicBoolean acted, Act act) {
        return (world, element, ready) -> {
            acted.set(true);
            return act.on(world, element, ready);
        };
    }

    private Elements elements(PageTarget page, Session session, Deadline deadline) {
        return new Elements(session, selector -> snapshots.node(page, selector), deadline);
    }

    /** Where it led to another document, that one is waited for: what is asked next is meant for it. */
    private Future<ElementResult> settled(PageTarget page, Map<String, Object> result, Deadline deadline) {
        boolean secret = Boolean.TRUE.equals(result.get("secret"));
        return pages.settle(page, deadline).map(settled -> new ElementResult(page.url(), secret));
    }
}
