package dev.berth.browser.drive.element;

import dev.berth.browser.Failures;
import dev.berth.browser.drive.command.PageCommands;
import dev.berth.browser.watch.BerthWorld;
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

    public ScriptRunner(PageCommands commands) {
        this.commands = commands;
    }

    /**
     * An element that was found.
     *
     * @param objectId the id of its {@code Runtime.RemoteObject}
     * @param mainFrame whether it is in the page's main frame, so that its coordinates are those of the viewport
     * @param ownWorld whether the object is in Berth's world, which has the script
     */
    record Element(String objectId, boolean mainFrame, boolean ownWorld) {
        private String method(String function) {
            return ownWorld ? PageScript.method(function) : PageScript.methodWithin(function);
        }
    }

    /** Finds the element of a selector in the page, or otherwise in its iframes. */
    Optional<Element> find(String selector) {
        FrameTree tree = commands.page().getFrameTree();
        List<Frame> frames = new ArrayList<>();
        flatten(tree, frames);
        for (Frame frame : frames) {
            Optional<Element> found = find(selector, frame, frame == tree.getFrame());
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
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
            throw new BerthException(
                    ErrorCode.INVALID_ARGUMENT,
                    "selector: '" + selector + "' is not valid: " + message(found.getExceptionDetails()));
        }
        return Optional.ofNullable(found.getResult().getObjectId()).map(object -> new Element(object, main, true));
    }

    /** The element of a backend node id, which is that of a snapshot's ref. */
    Element resolve(int backendNodeId) {
        // In the page's own world: cdp4j 3.0.15 can't resolve into another.
        RemoteObject node = commands.dom().resolveNode(null, backendNodeId, OBJECTS);
        Node described = commands.dom().describeNode(null, null, node.getObjectId(), 0, false);
        boolean main = described.getFrameId() == null && isMain(node.getObjectId());
        return new Element(node.getObjectId(), main, false);
    }

    private boolean isMain(String objectId) {
        CallFunctionOnResult top = call(objectId, "function() { return this.ownerDocument.defaultView === top; }");
        return Boolean.TRUE.equals(top.getResult().getValue());
    }

    /** Calls a function of the script for the page, and returns its result. */
    public Object evaluate(String function, Object... arguments) {
        String frame = commands.page().getFrameTree().getFrame().getId();
        EvaluateResult result = evaluate(PageScript.call(function, arguments), frame, true);
        if (result.getExceptionDetails() != null) {
            throw Failures.failed(message(result.getExceptionDetails()));
        }
        return result.getResult().getValue();
    }

    private EvaluateResult evaluate(String expression, String frameId, boolean byValue) {
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
        CallFunctionOnResult result = call(element.objectId(), element.method(function), arguments);
        if (result.getExceptionDetails() != null) {
            throw Failures.failed(message(result.getExceptionDetails()));
        }
        return result.getResult().getValue();
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> map(Element element, String function, Object... arguments) {
        return (Map<String, Object>) on(element, function, arguments);
    }

    /** A number of a function's result. */
    static double number(Map<String, Object> of, String name) {
        return ((Number) of.get(name)).doubleValue();
    }

    /** The object id of a label's control, or otherwise of the element itself. */
    String control(Element element) {
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

    private CallFunctionOnResult call(String objectId, String function, Object... arguments) {
        List<CallArgument> list = Stream.of(arguments)
                .map(value -> {
                    CallArgument argument = new CallArgument();
                    argument.setValue(value);
                    return argument;
                })
                .toList();
        return commands.runtime().callFunctionOn(function, objectId, list, false, true, false, true, true, null, null);
    }

    /** The offset from coordinates in the element's frame, in which {@code box} is given, to those of the viewport. */
    double[] offset(Element element, Map<String, Object> box) {
        if (element.mainFrame()) {
            return new double[] {0, 0};
        }
        List<Double> quad =
                commands.dom().getContentQuads(null, null, element.objectId()).get(0);
        double left = Stream.of(0, 2, 4, 6).mapToDouble(quad::get).min().orElseThrow();
        double top = Stream.of(1, 3, 5, 7).mapToDouble(quad::get).min().orElseThrow();
        return new double[] {left - number(box, "left"), top - number(box, "top")};
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
