package dev.berth.browser.drive.snapshot;

import dev.berth.browser.drive.snapshot.Place.Rect;
import dev.berth.browser.drive.snapshot.Place.Side;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The layout of a page and its iframes of the same process, from Chrome's {@code DOMSnapshot.captureSnapshot}. Pure. */
final class Layout {
    private static final int ELEMENT = 1;
    private static final int TEXT = 3;
    private static final int MAX_HINT_CHARS = 40;
    private static final int MAX_TEXTS = 20;
    private static final Set<String> SCROLLS = Set.of("auto", "scroll");
    /** The order of nodes in different documents does not overlap. */
    private int order;

    private final JsonArray strings;
    private final JsonArray documents;
    private final Map<Integer, Place> places = new HashMap<>();
    private final List<Place> ordered = new ArrayList<>();
    private final List<Place> painted = new ArrayList<>();
    private Rect viewport = Rect.NOTHING;
    private String extent = "";

    private Layout(JsonObject snapshot) {
        this.strings = snapshot.getJsonArray("strings", new JsonArray());
        this.documents = snapshot.getJsonArray("documents", new JsonArray());
        if (!documents.isEmpty()) {
            new Document(documents.getJsonObject(0), Optional.empty()).read();
        }
    }

    static Layout of(JsonObject snapshot) {
        return new Layout(snapshot);
    }

    /** What Chrome is asked for. */
    static JsonObject question() {
        return new JsonObject()
                .put(
                        "computedStyles",
                        new JsonArray()
                                .add("cursor")
                                .add("visibility")
                                .add("overflow-x")
                                .add("overflow-y")
                                .add("pointer-events")
                                .add("position"))
                .put("includePaintOrder", true)
                .put("includeDOMRects", true);
    }

    Optional<Place> place(int backendNodeId) {
        return Optional.ofNullable(places.get(backendNodeId));
    }

    /** Which part of the page the viewport shows, such as {@code 0-720 of 3400}; empty if all of it. */
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

    /** The text of an element, painted or not. */
    String text(Place place) {
        return Tidy.normal(ordered.subList(place.order, place.last + 1).stream()
                .map(each -> each.text)
                .filter(text -> !text.isEmpty())
                .limit(MAX_TEXTS)
                .collect(Collectors.joining(" ")));
    }

    /** All that is painted in the page's own document. */
    List<Place> painted() {
        return painted;
    }

    private String text(int index) {
        return index < 0 ? "" : strings.getString(index);
    }

    private static Set<Integer> rare(JsonObject nodes, String field) {
        Set<Integer> indexes = new HashSet<>();
        nodes.getJsonObject(field, new JsonObject())
                .getJsonArray("index", new JsonArray())
                .forEach(each -> indexes.add((Integer) each));
        return indexes;
    }

    /** One document; its iframes' documents are read when their element is. */
    private final class Document {
        private final JsonObject json;
        private final JsonObject nodes;
        private final JsonObject layout;
        private final Optional<Place> owner;
        private final Place[] all;
        private final Map<Integer, Integer> layoutOf = new HashMap<>();
        private final Rect seen;

        Document(JsonObject json, Optional<Place> owner) {
            this.json = json;
            this.owner = owner;
            this.nodes = json.getJsonObject("nodes");
            this.layout = json.getJsonObject("layout");
            this.all = new Place[nodes.getJsonArray("parentIndex").size()];
            JsonArray at = layout.getJsonArray("nodeIndex");
            for (int i = 0; i < at.size(); i++) {
                layoutOf.putIfAbsent(at.getInteger(i), i);
            }
            this.seen = viewport();
        }

        private Rect viewport() {
            double x = json.getDouble("scrollOffsetX", 0.0);
            double y = json.getDouble("scrollOffsetY", 0.0);
            JsonArray bounds = layout.getJsonArray("bounds");
            Rect size = bounds.isEmpty() ? Rect.NOTHING : rect(bounds.getJsonArray(0));
            return new Rect(x, y, x + size.right(), y + size.bottom());
        }

        void read() {
            if (owner.isEmpty()) {
                viewport = seen;
                double height = json.getDouble("contentHeight", 0.0);
                boolean all = height <= seen.bottom() - seen.top() + 1;
                extent = all
                        ? ""
                        : Math.round(seen.top()) + "-" + Math.round(seen.bottom()) + " of " + Math.round(height);
            }
            Set<Integer> clickable = rare(nodes, "isClickable");
            Map<Integer, Integer> inner = inner();
            for (int i = 0; i < all.length; i++) {
                read(i, clickable.contains(i));
                if (inner.containsKey(i)) {
                    new Document(documents.getJsonObject(inner.get(i)), Optional.of(all[i])).read();
                    all[i].last = order - 1;
                }
            }
            for (int i = all.length - 1; i > 0; i--) {
                closeUp(all[i]);
            }
        }

        private Map<Integer, Integer> inner() {
            JsonObject rare = nodes.getJsonObject("contentDocumentIndex", new JsonObject());
            JsonArray index = rare.getJsonArray("index", new JsonArray());
            Map<Integer, Integer> inner = new HashMap<>();
            for (int i = 0; i < index.size(); i++) {
                inner.put(index.getInteger(i), rare.getJsonArray("value").getInteger(i));
            }
            return inner;
        }

        private void read(int index, boolean clickable) {
            int parent = nodes.getJsonArray("parentIndex").getInteger(index);
            int type = nodes.getJsonArray("nodeType").getInteger(index);
            int id = nodes.getJsonArray("backendNodeId").getInteger(index);
            String tag = text(nodes.getJsonArray("nodeName").getInteger(index)).toUpperCase(Locale.ROOT);
            Place place = new Place(parent < 0 ? null : all[parent], id, order++, type == ELEMENT, tag);
            all[index] = place;
            places.put(id, place);
            ordered.add(place);
            place.text = type == TEXT ? text(nodes.getJsonArray("nodeValue").getInteger(index)) : "";
            place.listens = clickable;
            attributes(place, nodes.getJsonArray("attributes").getJsonArray(index));
            Optional.ofNullable(layoutOf.get(index)).ifPresentOrElse(at -> lay(place, at), () -> inherit(place));
        }

        private void attributes(Place place, JsonArray attributes) {
            place.editable = place.parent != null && place.parent.editable;
            for (int i = 0; i + 1 < attributes.size(); i += 2) {
                String value = text(attributes.getInteger(i + 1));
                switch (text(attributes.getInteger(i))) {
                    case "contenteditable" -> place.editable = !value.equals("false");
                    case "id", "class", "data-testid" -> place.hint = place.hint.isEmpty() ? hint(value) : place.hint;
                    default -> {}
                }
            }
        }

        private String hint(String value) {
            String first = value.strip().split("\\s+", 2)[0];
            return first.length() > MAX_HINT_CHARS ? "" : first;
        }

        /** A node without a box, such as one with {@code display: contents}. */
        private void inherit(Place place) {
            if (place.parent != null) {
                place.clip = place.parent.clip;
                place.absoluteClip = place.parent.absoluteClip;
                place.fixed = place.parent.fixed;
            }
        }

        private void lay(Place place, int at) {
            JsonArray styles = layout.getJsonArray("styles").getJsonArray(at);
            place.box = rect(layout.getJsonArray("bounds").getJsonArray(at));
            JsonArray paint = layout.getJsonArray("paintOrders", new JsonArray());
            place.paintOrder = paint.size() > at ? paint.getInteger(at) : 0;
            inherit(place);
            if (styles.size() < 6) {
                inheritStyle(place);
            } else {
                style(place, styles, at);
            }
            place.side = side(place);
            place.reachable =
                    place.reachable && owner.map(frame -> frame.reachable).orElse(true);
            if (owner.isEmpty()) {
                painted.add(place);
            }
        }

        private void inheritStyle(Place place) {
            place.reachable = place.box.canBeHit();
            place.pointer = place.parent != null && place.parent.pointer;
        }

        private void style(Place place, JsonArray styles, int at) {
            String position = text(styles.getInteger(5));
            boolean outside = position.equals("fixed");
            Rect clip = outside ? Rect.ALL : position.equals("absolute") ? place.absoluteClip : place.clip;
            place.fixed |= outside;
            String cursor = text(styles.getInteger(0));
            place.pointer = cursor.equals("pointer");
            place.resizes = cursor.endsWith("-resize");
            place.transparent = text(styles.getInteger(4)).equals("none");
            boolean visible = text(styles.getInteger(1)).equals("visible") && !place.transparent;
            place.reachable = visible && place.box.with(clip).canBeHit();
            String across = text(styles.getInteger(2));
            String down = text(styles.getInteger(3));
            place.scrollable = place.element && place.parent != null && scrolls(at, across, down);
            place.clip = within(place.box, clip, across, down);
            if (!position.equals("static")) {
                place.absoluteClip = place.clip;
            }
        }

        /** What overflows a container can be scrolled into it, or is cut off. */
        private Rect within(Rect box, Rect clip, String across, String down) {
            boolean visible = across.equals("visible") && down.equals("visible");
            if (visible) {
                return clip;
            }
            if (SCROLLS.contains(across) || SCROLLS.contains(down)) {
                return box.with(clip).area() > 0 ? new Rect(-1e9, -1e9, 1e9, 1e9) : Rect.NOTHING;
            }
            return box.with(clip);
        }

        private boolean scrolls(int at, String across, String down) {
            JsonArray whole = layout.getJsonArray("scrollRects").getJsonArray(at);
            JsonArray shown = layout.getJsonArray("clientRects").getJsonArray(at);
            if (whole.size() < 4 || shown.size() < 4 || shown.getDouble(2) < 1 || shown.getDouble(3) < 1) {
                return false;
            }
            return SCROLLS.contains(down) && whole.getDouble(3) > shown.getDouble(3) + 1
                    || SCROLLS.contains(across) && whole.getDouble(2) > shown.getDouble(2) + 1;
        }

        private Side side(Place place) {
            if (place.fixed || place.box.area() == 0) {
                return Side.WITHIN;
            }
            return place.box.top() >= seen.bottom()
                    ? Side.BELOW
                    : place.box.bottom() <= seen.top() ? Side.ABOVE : Side.WITHIN;
        }

        /** A link around a block has no box of its own: the mouse hits what is in it. */
        private void closeUp(Place place) {
            Place parent = place.parent;
            if (parent == null) {
                return;
            }
            parent.last = Math.max(parent.last, place.last);
            if (place.reachable
                    && !parent.reachable
                    && parent.element
                    && !parent.transparent
                    && parent.box.area() == 0) {
                parent.reachable = true;
                parent.side = place.side;
            }
        }

        private static Rect rect(JsonArray at) {
            double x = at.getDouble(0);
            double y = at.getDouble(1);
            return new Rect(x, y, x + at.getDouble(2), y + at.getDouble(3));
        }
    }
}
