package dev.berth.browser.drive.snapshot;

import dev.berth.browser.drive.snapshot.Place.Rect;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The layout of a page and its iframes of the same process, as {@link LayoutReader} reads it. Pure. */
final class Layout {
    private static final int MAX_TEXTS = 20;
    private static final int MAX_NAME_CHARS = 80;

    private final Map<Integer, Place> places = new HashMap<>();
    private final List<Place> ordered = new ArrayList<>();
    private final List<Place> own = new ArrayList<>();
    private Rect viewport = Rect.NOTHING;
    private String extent = "";

    private Layout(JsonObject snapshot) {
        LayoutReader.read(snapshot, this);
    }

    static Layout of(JsonObject snapshot) {
        return new Layout(snapshot);
    }

    /** Takes the next node of the page, in the document's order. */
    void add(Place place, boolean ofPage) {
        places.put(place.id, place);
        ordered.add(place);
        if (ofPage) {
            own.add(place);
        }
    }

    void show(Rect part, String of) {
        viewport = part;
        extent = of;
    }

    Optional<Place> place(int backendNodeId) {
        return Optional.ofNullable(places.get(backendNodeId));
    }

    /** The part of the page that the viewport shows, such as {@code 0-720 of 3400}; empty if all of it. */
    String extent() {
        return extent;
    }

    Rect viewport() {
        return viewport;
    }

    /** All nodes; the position is each one's order. */
    List<Place> ordered() {
        return ordered;
    }

    /** The substitute for the name of an element that has no accessible one: its label, or its text, painted or not. */
    String name(Place place) {
        return place.label.isEmpty() ? Tidy.cut(text(place), MAX_NAME_CHARS) : place.label;
    }

    /** The text of an element, painted or not. */
    String text(Place place) {
        return Tidy.normal(ordered.subList(place.order, place.last + 1).stream()
                .map(each -> each.text)
                .filter(text -> !text.isEmpty())
                .limit(MAX_TEXTS)
                .collect(Collectors.joining(" ")));
    }

    /** The nodes of the page's own document. */
    List<Place> own() {
        return own;
    }
}
