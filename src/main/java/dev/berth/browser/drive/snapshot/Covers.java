package dev.berth.browser.drive.snapshot;

import dev.berth.browser.drive.snapshot.Place.Rect;
import java.util.List;

/** Tells what lies under something that covers the whole viewport and stays there, such as the backdrop of a dialog. Pure. */
final class Covers {
    /** A cover leaves less than this part of the viewport free. */
    private static final double FREE = 0.02;

    private final List<Place> covers;

    Covers(Layout layout) {
        Rect viewport = layout.viewport();
        this.covers = layout.painted().stream()
                .filter(at -> at.fixed && at.element && at.reachable && !at.transparent)
                .filter(at -> at.box.with(viewport).area() >= viewport.area() * (1 - FREE))
                .toList();
    }

    /** Whether nothing of a place can be hit. */
    boolean hide(Place place) {
        return covers.stream()
                .anyMatch(cover -> cover.paintOrder > place.paintOrder && !place.within(cover) && !cover.within(place));
    }
}
