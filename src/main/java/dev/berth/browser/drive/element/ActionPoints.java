package dev.berth.browser.drive.element;

import dev.berth.browser.drive.element.Mouse.Point;
import dev.berth.browser.drive.element.ScriptRunner.Element;
import dev.berth.protocol.ActionPoint;
import java.util.Map;
import java.util.Optional;

/** Where acts met their elements, as the script tells when an element is ready: for the log, so that nothing is asked for it. */
final class ActionPoints {
    private ActionPoints() {}

    /** Empty where that is not known: an element in an iframe that the mouse is not brought to would have to be looked for. */
    static Optional<ActionPoint> of(ScriptRunner script, Element element, Map<String, Object> ready) {
        boolean ofPage = element.mainFrame() && script.sight().holder().isEmpty();
        if (ready.containsKey("x")) {
            Point at = script.sight().projection(element, ready).of(Point.of(ready));
            return Optional.of(at(at.x(), at.y(), ofPage ? object(ready, "viewport") : Map.of()));
        }
        Map<?, ?> middle = object(ready, "at");
        return ofPage && middle.containsKey("x")
                ? Optional.of(at(number(middle, "x"), number(middle, "y"), object(ready, "viewport")))
                : Optional.empty();
    }

    private static ActionPoint at(double x, double y, Map<?, ?> viewport) {
        return new ActionPoint(x, y, (int) number(viewport, "width"), (int) number(viewport, "height"));
    }

    private static Map<?, ?> object(Map<String, Object> of, String name) {
        return of.get(name) instanceof Map<?, ?> object ? object : Map.of();
    }

    private static double number(Map<?, ?> of, String name) {
        return of.get(name) instanceof Number number ? number.doubleValue() : 0;
    }
}
