package dev.berth.browser.drive.snapshot;

import dev.berth.browser.drive.snapshot.Place.Rect;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a {@link Layout} from the answer of Chrome's {@code DOMSnapshot.captureSnapshot}. Pure; used once. */
final class LayoutReader {
    private static final int ELEMENT = 1;
    private static final int TEXT = 3;

    private final JsonArray strings;
    private final JsonArray documents;
    private final Layout layout;
    /** The order of nodes in different documents does not overlap. */
    private int order;

    private LayoutReader(JsonObject snapshot, Layout layout) {
        this.strings = snapshot.getJsonArray("strings", new JsonArray());
        this.documents = snapshot.getJsonArray("documents", new JsonArray());
        this.layout = layout;
    }

    static void read(JsonObject snapshot, Layout into) {
        LayoutReader reader = new LayoutReader(snapshot, into);
        if (!reader.documents.isEmpty()) {
            reader.new Document(reader.documents.getJsonObject(0), Optional.empty()).read();
        }
    }

    /** The parameters of the request to Chrome. */
    static JsonObject question() {
        return new JsonObject()
                .put("computedStyles", new JsonArray(Style.ASKED))
                .put("includePaintOrder", true)
                .put("includeDOMRects", true);
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
        private final JsonObject boxes;
        private final Optional<Place> owner;
        private final Place[] all;
        private final Map<Integer, Integer> boxOf = new HashMap<>();
        private final Rect seen;

        Document(JsonObject json, Optional<Place> owner) {
            this.json = json;
            this.owner = owner;
            this.nodes = json.getJsonObject("nodes");
            this.boxes = json.getJsonObject("layout");
            this.all = new Place[nodes.getJsonArray("parentIndex").size()];
            JsonArray at = boxes.getJsonArray("nodeIndex");
            for (int i = 0; i < at.size(); i++) {
                boxOf.putIfAbsent(at.getInteger(i), i);
            }
            this.seen = viewport();
        }

        private Rect viewport() {
            double x = json.getDouble("scrollOffsetX", 0.0);
            double y = json.getDouble("scrollOffsetY", 0.0);
            JsonArray bounds = boxes.getJsonArray("bounds");
            Rect size = bounds.isEmpty() ? Rect.NOTHING : rect(bounds.getJsonArray(0));
            return new Rect(x, y, x + size.right(), y + size.bottom());
        }

        void read() {
            if (owner.isEmpty()) {
                layout.show(seen, extent());
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
                all[i].closeUp();
            }
        }

        private String extent() {
            double height = json.getDouble("contentHeight", 0.0);
            boolean all = height <= seen.bottom() - seen.top() + 1;
            return all ? "" : Math.round(seen.top()) + "-" + Math.round(seen.bottom()) + " of " + Math.round(height);
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
            layout.add(place, owner.isEmpty());
            place.text = type == TEXT ? text(nodes.getJsonArray("nodeValue").getInteger(index)) : "";
            place.listens = clickable;
            attributes(place, nodes.getJsonArray("attributes").getJsonArray(index));
            Integer box = boxOf.get(index);
            if (box != null) {
                lay(place, box);
            }
        }

        private void attributes(Place place, JsonArray attributes) {
            for (int i = 0; i + 1 < attributes.size(); i += 2) {
                place.attribute(text(attributes.getInteger(i)), text(attributes.getInteger(i + 1)));
            }
        }

        private void lay(Place place, int at) {
            place.laid = true;
            place.box = rect(boxes.getJsonArray("bounds").getJsonArray(at));
            JsonArray paint = boxes.getJsonArray("paintOrders", new JsonArray());
            place.paintOrder = paint.size() > at ? paint.getInteger(at) : 0;
            JsonArray styles = boxes.getJsonArray("styles").getJsonArray(at);
            if (styles.size() < Style.ASKED.size()) {
                place.inheritStyle();
            } else {
                place.style(Style.of(name -> text(styles.getInteger(Style.ASKED.indexOf(name)))), overflow(at));
            }
            place.see(seen);
            place.reachable &= owner.map(frame -> frame.reachable).orElse(true);
        }

        /** How much of the content does not fit. */
        private Rect overflow(int at) {
            JsonArray whole = boxes.getJsonArray("scrollRects").getJsonArray(at);
            JsonArray shown = boxes.getJsonArray("clientRects").getJsonArray(at);
            boolean none = whole.size() < 4 || shown.size() < 4 || shown.getDouble(2) < 1 || shown.getDouble(3) < 1;
            return none
                    ? Rect.NOTHING
                    : new Rect(0, 0, whole.getDouble(2) - shown.getDouble(2), whole.getDouble(3) - shown.getDouble(3));
        }

        private static Rect rect(JsonArray at) {
            double x = at.getDouble(0);
            double y = at.getDouble(1);
            return new Rect(x, y, x + at.getDouble(2), y + at.getDouble(3));
        }
    }
}
