package dev.berth.browser.drive.element;

import dev.berth.browser.drive.command.PageCommands;
import dev.berth.browser.drive.element.Mouse.Point;
import dev.berth.browser.drive.element.ScriptRunner.Element;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The places of the elements of a page, or of an iframe of another site, in the page's viewport, through all iframes that hold them. Used
 * on the lane's thread; each call blocks.
 *
 * @param holder the element that holds the iframe of another site; empty for the page
 */
record ElementPositions(PageCommands commands, ScriptRunner script, Optional<FrameHolder> holder) {
    /** Whether the element is ready, also seen from the page that holds its iframe: otherwise {@code why} not. */
    Map<String, Object> ready(Element element, Map<String, Object> need) {
        Map<String, Object> ready = script.map(element, "ready", need);
        boolean force = Boolean.TRUE.equals(need.get("force"));
        return ready.containsKey("x") && through(element, ready, force).get("why") instanceof String why
                ? Map.of("why", why)
                : ready;
    }

    Map<String, Object> through(Element element, Map<String, Object> point, boolean force) {
        if (element.mainFrame() && holder.isEmpty()) {
            return point;
        }
        String unaimed =
                element.mainFrame() ? "" : (String) script.on(element, "unaimed", Projection.isSkewed(quad(element)));
        if (!unaimed.isEmpty()) {
            return Map.of("why", unaimed);
        }
        return holder.map(outer -> outer.through(local(element, point).of(Point.of(point)), force))
                .orElse(point);
    }

    /** The projection of the element's frame, whose coordinates {@code box} has, into the viewport of the page. */
    Projection projection(Element element, Map<String, Object> box) {
        Projection own = local(element, box);
        return holder.map(outer -> outer.projection().of(own)).orElse(own);
    }

    /** The same in the viewport of the page, or of the iframe of another site. */
    private Projection local(Element element, Map<String, Object> box) {
        if (element.mainFrame()) {
            return Projection.NONE;
        }
        return Projection.between(box, quad(element));
    }

    /** The corners of its first box in the viewport. */
    private List<Double> quad(Element element) {
        return commands.dom().getContentQuads(null, null, element.objectId()).get(0);
    }

    /**
     * The holder of an iframe of another site, which is a target of its own. Used on the lane's thread; each call blocks.
     *
     * @param targetId of the iframe
     * @param script runs scripts where its element is
     */
    record FrameHolder(String targetId, ScriptRunner script, Element iframe) {
        /** The projection of the iframe's content into the page's viewport. */
        Projection projection() {
            Map<String, Object> inner = script.map(iframe, "inside");
            return script.positions().projection(iframe, inner).of(Projection.of(inner));
        }

        /** The point of the content as one of the iframe element, scrolled into view; or {@code why} it does not get the mouse. */
        Map<String, Object> through(Point at, boolean force) {
            Map<String, Object> point = script.map(iframe, "through", at.x(), at.y(), force);
            return point.containsKey("why") ? point : script.positions().through(iframe, point, force);
        }
    }
}
