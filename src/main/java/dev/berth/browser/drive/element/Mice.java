package dev.berth.browser.drive.element;

import dev.berth.browser.Pointer;
import dev.berth.browser.drive.element.Mouse.HeldButtons;
import dev.berth.browser.watch.page.PageTarget;
import java.util.Map;
import java.util.WeakHashMap;

/** What is held of the mouse on each page, from one verb to the next. Lives on the browser's context. */
public final class Mice {
    private final Map<PageTarget, HeldButtons> held = new WeakHashMap<>();

    private final Pointer pointer;

    /** @param pointer is told of each move */
    public Mice(Pointer pointer) {
        this.pointer = pointer;
    }

    public HeldButtons of(PageTarget page) {
        return held.computeIfAbsent(page, none -> new HeldButtons(page.targetId(), pointer));
    }
}
