package dev.berth.browser.drive.snapshot;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A line of a snapshot, and those below it. Changed only while the {@link Outline} is made. */
final class Shown {
    static final String TEXT = "text";

    final String role;
    String name;
    String value = "";
    /** States and such, by name: true, or a value. */
    final Map<String, Object> marks = new LinkedHashMap<>();

    String ref = "";
    Place.Side side = Place.Side.WITHIN;
    Place.Rect box = Place.Rect.NOTHING;
    List<Shown> children = new ArrayList<>();

    Shown(String role, String name) {
        this.role = role;
        this.name = name;
    }

    boolean isText() {
        return role.equals(TEXT);
    }

    /** Whether it only groups what is in it. */
    boolean isPlain() {
        return isBare() && ref.isEmpty();
    }

    /** The same, but that it may be clicked. */
    boolean isBare() {
        return name.isEmpty() && value.isEmpty() && marks.isEmpty();
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject().put("role", role);
        if (!name.isEmpty()) {
            json.put("name", name);
        }
        if (!value.isEmpty()) {
            json.put("value", value);
        }
        marks.forEach(json::put);
        if (!ref.isEmpty()) {
            json.put("ref", ref);
        }
        if (!children.isEmpty()) {
            JsonArray below = new JsonArray();
            children.forEach(child -> below.add(child.toJson()));
            json.put("children", below);
        }
        return json;
    }
}
