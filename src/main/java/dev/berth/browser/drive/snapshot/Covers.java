package dev.berth.browser.drive.snapshot;

import dev.berth.browser.drive.snapshot.Place.Rect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the elements that lie under others, so that no mouse gets to them: the whole page under the backdrop of a dialog, or a field under
 * one that stands in for it. Pure.
 */
final class Covers {
    /** A cover of the viewport leaves less than this part of it free. */
    private static final double FREE = 0.02;
    /** Each of them may be compared with each control. */
    private static final int MAX_COVERS = 2_000;

    /** The elements that stay before the whole viewport, whatever is scrolled. */
    private final List<Place> backdrops;
    /** The elements that may lie upon others, by the document or shadow root that it is in. */
    private final Map<Place, List<Place>> lids = new HashMap<>();

    Covers(Layout layout) {
        Rect viewport = layout.viewport();
        this.backdrops = layout.own().stream()
                .filter(Covers::getsTheMouse)
                .filter(at -> at.fixed && at.box.with(viewport).area() >= viewport.area() * (1 - FREE))
                .toList();
        layout.ordered().stream()
                // Only these are painted upon what is beside them.
                .filter(at -> at.positioned && !at.sticky && !at.shaped && getsTheMouse(at))
                .limit(MAX_COVERS)
                .forEach(at -> lids.computeIfAbsent(at.scope, scope -> new ArrayList<>())
                        .add(at));
    }

    private static boolean getsTheMouse(Place place) {
        return place.element && place.reachable && !place.transparent;
    }

    /** Whether nothing of a place can be hit. */
    boolean hide(Place place) {
        return backdrops.stream().anyMatch(cover -> isUnder(place, cover))
                || lids.getOrDefault(place.scope, List.of()).stream()
                        .anyMatch(cover ->
                                movesWith(cover, place) && cover.shown.contains(place.shown) && isUnder(place, cover));
    }

    private static boolean isUnder(Place place, Place cover) {
        // A container is painted upon its own content where the content's z-index is negative.
        return cover.paintOrder > place.paintOrder && !cover.within(place);
    }

    private static boolean movesWith(Place cover, Place place) {
        return cover.scroller == place.scroller && cover.fixed == place.fixed && !place.sticky;
    }
}
