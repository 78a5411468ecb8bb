package dev.berth.browser.drive.element;

import dev.berth.browser.Deadline;
import dev.berth.browser.cdp.CdpConnection.ChromeRefusal;
import dev.berth.browser.drive.element.ScriptRunner.Element;
import dev.berth.protocol.BerthException;
import io.webfolder.cdp.type.runtime.RemoteObject;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a click gets to its element: asked before it, and heard in the page until it is over. Used on the lane's thread; each call blocks.
 *
 * @param told by the page: why the element does not get the mouse, as a text; otherwise the object that hears the click
 */
record ClickAim(ScriptRunner script, RemoteObject told) {
    /** A document that is being left may not answer any more. */
    private static final long LEAVING_MILLIS = 500;

    /** @param anyway whether the click comes even if the element does not get it */
    static ClickAim at(ScriptRunner script, Element element, Map<String, Object> point, boolean anyway) {
        Map<String, Object> at = Map.of("x", point.get("x"), "y", point.get("y"), "anyway", anyway);
        return new ClickAim(script, script.hold(element, "aimed", at));
    }

    /** Why the element does not get the mouse; empty where it does. */
    Optional<Object> miss() {
        return told.getObjectId() == null ? Optional.of(told.getValue()) : Optional.empty();
    }

    /**
     * Describes what got the release of the mouse instead of the element; empty where that is not known, such as when its document is
     * left: the click has happened, and so does not fail.
     */
    String strayed(Deadline deadline) {
        try {
            return (String) script.within(new Deadline(Math.min(LEAVING_MILLIS, deadline.left())))
                    .onObject(told.getObjectId(), "function() { return this.end(); }");
        } catch (ChromeRefusal | BerthException e) {
            return "";
        }
    }
}
