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
 * Berth's own scripts in one page and its iframes of the same process, in a world of their own: what the page did to its
 * globals does not reach them. On the lane's thread: each call blocks.
 */
public final class PageWorld {
    private static final String OBJECTS = "berth";

    private final PageCommands commands;

    public PageWorld(PageCommands commands) {
        this.commands = commands;
    }

    /**
     * An element that was found.
     *
     * @param mainFrame whether it is in the page's own document, so that its coordinates are the page's
     * @param ownWorld whether its world is Berth's, which has the script
     */
    record Element(String objectId, boolean mainFrame, boolean ownWorld) {
        private String method(String function) {
            return ownWorld ? PageScript.method(function) : PageScript.methodWithin(function);
        }
    }

    /** The element that {@code selector} means, in the page or else in its iframes. */
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

    /** The element of a snapshot's ref. */
    Element resolve(int backendNodeId) {
        // In the page's own world, the only one that this cdp4j can resolve to.
        RemoteObject node = commands.dom().resolveNode(null, backendNodeId, OBJECTS);
        Node described = commands.dom().describeNode(null, null, node.getObjectId(), 0, false);
        boolean main = described.getFrameId() == null && isMain(node.getObjectId());
        return new Element(node.getObjectId(), main, false);
    }

    private boolean isMain(String objectId) {
        CallFunctionOnResult top = call(objectId, "function() { return this.ownerDocument.defaultView === top; }");
        return Boolean.TRUE.equals(top.getResult().getValue());
    }

    /** What one of the script's functions gives for the page. */
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

    /** What one of the script's functions gives for an element. */
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

    /** A number of what a function gave. */
    static double number(Map<String, Object> of, String name) {
        return ((Number) of.get(name)).doubleValue();
    }

    /** The control of a label, or the element itself: as an object. */
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

    /** Where an element of an iframe is in the page: the middle of what was found, moved by what lies between. */
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

    /** Lets Chrome forget what was found. */
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
