package dev.berth.browser.drive.element;

import dev.berth.browser.watch.page.PageTarget;
import dev.berth.browser.watch.page.Pages;
import dev.berth.browser.watch.page.Pages.CrossSiteFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * An iframe of another site, which has a process and a target of its own.
 *
 * @param holderId the target of the page, or of another such iframe, that has the iframe element
 */
record HeldFrame(String targetId, String holderId) {
    /** A page decides how many it has, and a verb looks into each of them. */
    static final int MAX_FRAMES = 50;

    /** Those of a page, the outer ones first. Call it on the browser's context. */
    static List<HeldFrame> of(Pages pages, PageTarget page) {
        List<HeldFrame> found = new ArrayList<>();
        Deque<CrossSiteFrame> holders = new ArrayDeque<>();
        holders.add(new CrossSiteFrame(page.targetId(), page.sessionId()));
        while (!holders.isEmpty()) {
            CrossSiteFrame holder = holders.remove();
            for (CrossSiteFrame frame : pages.crossSiteFrames(holder.sessionId())) {
                found.add(new HeldFrame(frame.targetId(), holder.targetId()));
                holders.add(frame);
            }
        }
        return found.subList(0, Math.min(MAX_FRAMES, found.size()));
    }
}
