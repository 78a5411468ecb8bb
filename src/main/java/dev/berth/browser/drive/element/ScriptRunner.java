package dev.berth.browser.drive.element;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.drive.command.PageCommands;
import dev.berth.browser.drive.element.ElementPositions.FrameHolder;
import dev.berth.browser.drive.element.Refs.NodeRef;
import dev.berth.browser.watch.page.BerthWorld;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.webfolder.cdp.type.dom.Node;
import io.webfolder.cdp.type.page.Frame;
import io.webfolder.cdp.type.page.FrameTree;
import io.webfolder.cdp.type.runtime.CallArgument;
import io.webfolder.cdp.type.runtime.CallFunctionOnResult;
import io.webfolder.cdp.type.runtime.EvaluateResult;
import io.webfolder.cdp.type.runtime.ExceptionDetails;
import io.webfolder.cdp.type.runtime.RemoteObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Runs Berth's {@link PageScript} in a page and its iframes of the same process, in Berth's isolated world, which the page
 * can't change. Used on the lane's thread; each call blocks.
 */
public final class ScriptRunner {
    private static final String OBJECTS = "berth";

    private final PageCommands commands;
    private final Optional<FrameHolder> holder;

    public ScriptRunner(PageCommands commands) {
        this(commands, Optional.empty());
    }

    /** @param holder the element that holds the iframe of another site; empty for the page */
    ScriptRunner(PageCommands commands, Optional<FrameHolder> holder) {
        this.commands = commands;
        this.holder = holder;
    }

    /**
     * An element that was found.
     *
     * @param objectId the id of its {@code Runtime.RemoteObject}
     * @param mainFrame whether it is in the page's main frame, so that its coordinates are those of the viewport
     * @param ownWorld whether the object is in Berth's world, which has the script
     * @param frameId the iframe of the page's process that it was found in; empty where it was not looked for there
     */
    record Element(String objectId, boolean mainFrame, boolean ownWorld, Optional<String> frameId) {
        Element(String objectId, boolean mainFrame, boolean ownWorld) {
            this(objectId, mainFrame, ownWorld, Optional.empty());
        }

        private String method(String function) {
            return ownWorld ? PageScript.method(function) : PageScript.methodWithin(function);
        }
    }

    /** Finds the element of a selector in the page, or otherwise in its iframes of the same process. */
    Optional<Element> find(String selector) {
        List<Frame> frames = frames();
        for (Frame frame : frames) {
            Optional<Element> found = find(selector, frame, frame == frames.get(0));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** The page's frame, and those of its iframes of the same process. */
    List<Frame> frames() {
        List<Frame> frames = new ArrayList<>();
        flatten(commands.page().getFrameTree(), frames);
        return frames;
    }

    private static void flatten(FrameTree tree, List<Frame> into) {
        into.add(tree.getFrame());
        if (tree.getChildFrames() != null) {
            tree.getChildFrames().forEach(child -> flatten(child, into));
        }
    }

    private Optional<Element> find(String selector, Frame frame, boolean main) {
        EvaluateResult found = evaluate(PageScript.call("find", selector), frame.getId(), false);
        if (found.getExceptionDetails() != null) {
            String why = message(found.getExceptionDetails());
            throw why.startsWith("strict: ")
                    ? Failures.failed(
                            "'" + selector + "' is ambiguous: " + why, "give a selector that only one element matches")
                    : new BerthException(
                            ErrorCode.INVALID_ARGUMENT, "selector: '" + selector + "' is not valid: " + why);
        }
        return Optional.ofNullable(found.getResult().getObjectId())
                .map(object -> new Element(object, main, true, main ? Optional.empty() : Optional.of(frame.getId())));
    }

    /** The element of a backend node id, which is that of a snapshot's ref. */
    Element resolve(int backendNodeId) {
        // In the page's own world: cdp4j 3.0.15 can't resolve into another.
        RemoteObject node = commands.dom().resolveNode(null, backendNodeId, OBJECTS);
        Node described = commands.dom().describeNode(null, null, node.getObjectId(), 0, false);
        boolean main = described.getFrameId() == null && isMain(node.getObjectId());
        return new Element(node.getObjectId(), main, false);
    }

    /** The element of an iframe of another site. */
    Element owner(String frameId) {
        return resolve(commands.dom().getFrameOwner(frameId).getBackendNodeId());
    }

    private boolean isMain(String objectId) {
        CallFunctionOnResult top =
                call(objectId, "function() { return this.ownerDocument.defaultView === top; }", true);
        return Boolean.TRUE.equals(top.getResult().getValue());
    }

    /** Calls a function of the script for the page, and returns its result. */
    public Object evaluate(String function, Object... arguments) {
        return evaluateIn(commands.page().getFrameTree().getFrame().getId(), function, arguments);
    }

    /** The same for one of its frames. */
    Object evaluateIn(String frameId, String function, Object... arguments) {
        EvaluateResult result = evaluate(PageScript.call(function, arguments), frameId, true);
        if (result.getExceptionDetails() != null) {
            throw Failures.failed(message(result.getExceptionDetails()));
        }
        return result.getResult().getValue();
    }

    EvaluateResult evaluate(String expression, String frameId, boolean byValue) {
        Integer world = commands.page().createIsolatedWorld(frameId, BerthWorld.NAME, false);
        EvaluateResult result = evaluate(expression, world, byValue);
        if (result.getResult() != null
                && PageScript.MISSING.equals(result.getResult().getValue())) {
            evaluate(PageScript.install(), world, true);
            return evaluate(expression, world, byValue);
        }
        return result;
    }

    private EvaluateResult evaluate(String expression, Integer world, boolean byValue) {
        return commands.runtime()
                .evaluate(expression, OBJECTS, false, true, world, byValue, false, true, true, null, null);
    }

    /** Calls a function of the script for an element, and returns its result. */
    Object on(Element element, String function, Object... arguments) {
        return result(call(element.objectId(), element.method(function), true, arguments))
                .getValue();
    }

    /** The same for a result that stays in the page, as a remote object. */
    RemoteObject hold(Element element, String function, Object... arguments) {
        return result(call(element.objectId(), element.method(function), false, arguments));
    }

    /** Calls a function declaration on an object of the page, and returns its result. */
    Object onObject(String objectId, String declaration) {
        return result(call(objectId, declaration, true)).getValue();
    }

    private static RemoteObject result(CallFunctionOnResult called) {
        if (called.getExceptionDetails() != null) {
            throw Failures.failed(message(called.getExceptionDetails()));
        }
        return called.getResult();
    }

    /** The same with less time. */
    ScriptRunner within(Deadline deadline) {
        return new ScriptRunner(commands.within(deadline), holder);
    }

    /** The names of elements. */
    ElementNames names() {
        return new ElementNames(this, holder);
    }

    /** The places of elements, seen from the page. */
    ElementPositions positions() {
        return new ElementPositions(commands, this, holder);
    }

    /** Scrolls an element into view, and the iframes that it is in. */
    void intoView(Element element) {
        on(element, "intoView");
        holder.ifPresent(outer -> outer.script().intoView(outer.iframe()));
    }

    /** Gives files to a file input, or to that of a label. */
    void give(Element element, List<String> paths) {
        commands.dom().setFileInputFiles(paths, null, null, control(element));
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> map(Element element, String function, Object... arguments) {
        return (Map<String, Object>) on(element, function, arguments);
    }

    /** The object id of a label's control, or otherwise of the element itself. */
    private String control(Element element) {
        return commands.runtime()
                .callFunctionOn(
                        element.method("control"),
                        element.objectId(),
                        List.of(),
                        false,
                        false,
                        false,
                        false,
                        false,
                        null,
                        OBJECTS)
                .getResult()
                .getObjectId();
    }

    private CallFunctionOnResult call(String objectId, String function, boolean byValue, Object... arguments) {
        List<CallArgument> list = Stream.of(arguments)
                .map(value -> {
                    CallArgument argument = new CallArgument();
                    argument.setValue(value);
                    return argument;
                })
                .toList();
        return commands.runtime()
                .callFunctionOn(
                        function, objectId, list, false, byValue, false, true, true, null, byValue ? null : OBJECTS);
    }

    NodeRef node(Element element, String pageId) {
        Integer id = commands.dom()
                .describeNode(null, null, element.objectId(), 0, false)
                .getBackendNodeId();
        return new NodeRef(holder.map(FrameHolder::targetId).orElse(pageId), id);
    }

    /** Releases the remote objects of found elements. */
    void release() {
        commands.runtime().releaseObjectGroup(OBJECTS);
    }

    private static String message(ExceptionDetails details) {
        RemoteObject exception = details.getException();
        String description = exception == null ? null : exception.getDescription();
        return description == null
                ? details.getText()
                : description.lines().findFirst().orElse("").replaceFirst("^Error: ", "");
    }
}
