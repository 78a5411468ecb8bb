package dev.berth.browser.drive.element;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection.ChromeRefusal;
import dev.berth.browser.drive.command.PageCommands;
import dev.berth.browser.drive.element.ElementPositions.FrameHolder;
import dev.berth.browser.drive.element.Refs.NodeRef;
import dev.berth.browser.drive.element.ScriptRunner.Element;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.browser.watch.page.Pages;
import dev.berth.browser.watch.page.Pages.CrossSiteFrame;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A page and its iframes of other sites, each with a target of its own. Used on the lane's thread; each call blocks. */
final class Targets {
    /** An iframe that does not answer, as a script of it loops, must not use up the time of a verb. */
    private static final long PATIENCE_MILLIS = 1_000;

    private final PageCommands commands;
    private final Deadline deadline;
    private final Supplier<List<HeldFrame>> frames;
    private final ScriptRunner page;
    /** The runners that were used in this try, by target id. */
    private final Map<String, ScriptRunner> used = new HashMap<>();

    /** @param frames the iframes of other sites that the page has now */
    Targets(PageCommands commands, Deadline deadline, Supplier<List<HeldFrame>> frames) {
        this.commands = commands;
        this.deadline = deadline;
        this.frames = frames;
        this.page = new ScriptRunner(commands);
    }

    /** An element, and what runs scripts where it is. */
    record Found(ScriptRunner script, Element element) {}

    /** Finds the element of a selector in the page, or otherwise in its iframes. */
    Optional<Found> find(String selector) {
        return page.find(selector).map(element -> new Found(page, element)).or(() -> inFrames(frames.get(), selector));
    }

    private Optional<Found> inFrames(List<HeldFrame> all, String selector) {
        for (HeldFrame frame : all) {
            Optional<Found> found = inFrame(all, frame, selector);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<Found> inFrame(List<HeldFrame> all, HeldFrame frame, String selector) {
        try {
            Deadline patience = new Deadline(Math.min(PATIENCE_MILLIS, deadline.left()));
            return new ScriptRunner(commands.at(frame.targetId()).within(patience))
                    .find(selector)
                    .map(element -> new Found(script(all, frame.targetId()), element));
        } catch (ChromeRefusal e) {
            // The frame went away during the search.
            return Optional.empty();
        } catch (BerthException e) {
            if (e.code() != ErrorCode.TIMEOUT) {
                throw e;
            }
            if (deadline.over()) {
                // The failure tells the iframe's part of the timeout; the verb reports the whole, and what it waited
                // for.
                throw deadline.late();
            }
            return Optional.empty();
        }
    }

    /**
     * The selectors that stand for this element only, the best first. For a ref, a page that changed built-in objects gives names as it
     * likes; and other frames may have an element of the same name.
     */
    List<String> names(Found found) {
        List<String> names = found.script().names().selectors(found.element());
        boolean certain = found.script() == page
                && found.element().mainFrame()
                && found.element().ownWorld();
        return certain
                ? names
                : names.stream().filter(name -> leadsTo(name, found)).toList();
    }

    private boolean leadsTo(String selector, Found found) {
        NodeRef node = found.script().node(found.element(), "");
        return find(selector)
                .filter(other -> other.script().node(other.element(), "").equals(node))
                .isPresent();
    }

    /** The element of a snapshot's ref. */
    Found resolve(NodeRef node, String pageId) {
        ScriptRunner script = node.targetId().equals(pageId) ? page : framed(node.targetId());
        return new Found(script, script.resolve(node.backendNodeId()));
    }

    /** The runner of an iframe that is still there: in the page, the number of its node means another node. */
    private ScriptRunner framed(String targetId) {
        List<HeldFrame> all = frames.get();
        HeldFrame frame = all.stream()
                .filter(held -> held.targetId().equals(targetId))
                .findFirst()
                .orElseThrow(() -> Failures.failed("the iframe of this ref is gone; take a new snapshot"));
        return known(all, frame);
    }

    private ScriptRunner script(List<HeldFrame> all, String targetId) {
        Optional<HeldFrame> frame =
                all.stream().filter(held -> held.targetId().equals(targetId)).findFirst();
        return frame.map(held -> known(all, held)).orElse(page);
    }

    private ScriptRunner known(List<HeldFrame> all, HeldFrame frame) {
        ScriptRunner known = used.get(frame.targetId());
        return known == null ? use(all, frame) : known;
    }

    private ScriptRunner use(List<HeldFrame> all, HeldFrame frame) {
        ScriptRunner holder = script(all, frame.holderId());
        ScriptRunner made = new ScriptRunner(
                commands.at(frame.targetId()),
                Optional.of(new FrameHolder(frame.targetId(), holder, holder.owner(frame.targetId()))));
        used.put(frame.targetId(), made);
        return made;
    }

    /** Releases the objects of the previous try. */
    void release() {
        page.release();
        used.values().forEach(Targets::release);
        used.clear();
    }

    private static void release(ScriptRunner script) {
        try {
            script.release();
        } catch (ChromeRefusal e) {
            // The iframe went away, and its objects with it.
        }
    }

    /**
     * An iframe of another site, which has a process and a target of its own.
     *
     * @param holderId the target of the page, or of another such iframe, that has the iframe element
     */
    record HeldFrame(String targetId, String holderId) {
        /** A page decides how many it has, and a verb looks into each of them. */
        static final int MAX_FRAMES = 50;

        /** The held frames of a page, the outer ones first. Call it on the browser's context. */
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
}
