package dev.berth.browser.drive.snapshot;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Decides which nodes of one target a ref is worth, and which node it stands for. Pure. */
final class RefTargets {
    private final Layout layout;
    private final Covers covers;
    private final boolean reachable;

    /** @param reachable whether the mouse can get to the target; false for a hidden iframe */
    RefTargets(Layout layout, boolean reachable) {
        this.layout = layout;
        this.covers = new Covers(layout);
        this.reachable = reachable;
    }

    /** The node that a click or keys go to: its own, or that of a label where its own can't be hit. */
    Optional<Integer> acted(JsonObject node, String role, Optional<Place> place) {
        if (!reachable || place.isEmpty() || Ax.isRoot(role)) {
            return Optional.empty();
        }
        Place at = place.get();
        if (!acts(node, role, at)) {
            return Optional.empty();
        }
        if (isHit(at) && !isBackground(node, role, at) || isTypedInto(role, at)) {
            return Optional.of(at.id);
        }
        return Roles.isControl(role) ? label(node) : Optional.empty();
    }

    private boolean acts(JsonObject node, String role, Place at) {
        if (Roles.isControl(role) || isNamedCell(node, role, at)) {
            return true;
        }
        boolean acts = at.isClickable() || Ax.is(node, "focusable") && !at.tag.equals("IFRAME");
        return acts && (!at.editable || at.isEditor());
    }

    /** Whether it is one of a grid, such as a day of a calendar, that is called otherwise than what it shows: to be chosen. */
    private boolean isNamedCell(JsonObject node, String role, Place at) {
        String name = Ax.name(node);
        return role.equals("gridcell") && !name.isEmpty() && !name.equals(layout.text(at));
    }

    private boolean isHit(Place at) {
        return at.reachable && !covers.hide(at);
    }

    private static boolean isTypedInto(String role, Place at) {
        return Roles.isText(role) && at.tiny && !at.untabbable;
    }

    /** Whether it only hears what happens in the page as a whole. */
    private boolean isBackground(JsonObject node, String role, Place at) {
        return !Roles.isControl(role)
                && !Ax.is(node, "focusable")
                && !at.pointer
                && at.box.area() > layout.viewport().area() / 2;
    }

    private Optional<Integer> label(JsonObject node) {
        return Ax.related(node, "labelledby").stream()
                .filter(id -> layout.place(id)
                        .filter(at -> at.tag.equals("LABEL") && isHit(at))
                        .isPresent())
                .findFirst();
    }

    /** The node, if its content can be scrolled. */
    Optional<Integer> scrolled(Optional<Place> place) {
        return place.filter(at -> at.scrollable && at.reachable && reachable).map(at -> at.id);
    }

    /** Whether what is in a node, such as an iframe, can be acted on. */
    boolean reaches(Optional<Place> place) {
        return reachable && place.filter(at -> at.reachable).isPresent();
    }
}
