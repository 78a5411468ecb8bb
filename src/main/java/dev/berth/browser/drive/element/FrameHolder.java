package dev.berth.browser.drive.element;

import dev.berth.browser.drive.element.Mouse.Point;
import dev.berth.browser.drive.element.ScriptRunner.Element;
import java.util.Map;

/**
 * What holds an iframe of another site, which is a target of its own. Used on the lane's thread; each call blocks.
 *
 * @param targetId of the iframe
 * @param script runs scripts where its element is
 */
record FrameHolder(String targetId, ScriptRunner script, Element iframe) {
    /** Where the coordinates of the iframe's content are in the page's viewport. */
    Projection projection() {
        Map<String, Object> inner = script.map(iframe, "inside");
        return script.sight().projection(iframe, inner).of(Projection.of(inner));
    }

    /** The point of the content as one of the iframe element, scrolled into view; or {@code why} it does not get the mouse. */
    Map<String, Object> through(Point at, boolean force) {
        Map<String, Object> point = script.map(iframe, "through", at.x(), at.y(), force);
        return point.containsKey("why") ? point : script.sight().through(iframe, point, force);
    }
}
