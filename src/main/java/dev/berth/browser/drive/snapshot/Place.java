package dev.berth.browser.drive.snapshot;

import java.util.Locale;
import java.util.regex.Pattern;

/** A node of the document, as the layout has it. Built by {@link LayoutReader}, and not changed after that. */
final class Place {
    private static final int MAX_HINT_CHARS = 40;
    /** Has its cursor only while the mouse is there. */
    private static final Pattern RESIZE_HANDLE = Pattern.compile("resize-?handle|resizer", Pattern.CASE_INSENSITIVE);

    final Place parent;
    /** The document or shadow root that it is in. */
    final Place scope;
    /** The number of the backend node. */
    final int id;

    final int order;
    final boolean element;
    final String tag;
    /** The hint for a nameless element: its id or class; or empty. */
    String hint = "";
    /** The element's {@code aria-label}. */
    String label = "";
    /** The element's {@code role}; or empty. */
    String role = "";
    /** The text of a text node. */
    String text = "";
    /** The order of its last descendant. */
    int last;

    /** Whether it has a box. */
    boolean laid;

    boolean inline;
    Rect box = Rect.NOTHING;
    /** The part of the box that can be seen, after scrolling. */
    Rect shown = Rect.NOTHING;
    /** The part of the page where the node's children can be seen, after scrolling. */
    private Rect clip = Rect.ALL;
    /** The same for children that are positioned absolutely. */
    private Rect absoluteClip = Rect.ALL;
    /** Whether it, or something in it, can get the mouse after scrolling. */
    boolean reachable;
    /** Whether only its size keeps it from getting the mouse: editors take keys in a field without any. */
    boolean tiny;

    boolean listens;
    boolean pointer;
    /** Whether it is an edge to drag, of which a table may have one for each cell. */
    boolean resizes;

    boolean scrollable;
    /** The element that scrolls it; null for the document. */
    Place scroller;

    boolean editable;
    /** Whether the tab key goes past it. */
    boolean untabbable;

    boolean fixed;
    boolean sticky;
    boolean positioned;
    /** Whether it may fill but a part of its box, as it is rotated or cut. */
    boolean shaped;

    boolean transparent;
    int paintOrder;
    Side side = Side.WITHIN;

    /** The side of the viewport on which the node lies. */
    enum Side {
        ABOVE,
        WITHIN,
        BELOW
    }

    /** A rectangle in the document, in CSS pixels. */
    record Rect(double left, double top, double right, double bottom) {
        static final Rect NOTHING = new Rect(0, 0, 0, 0);
        static final Rect ALL = new Rect(0, 0, Double.MAX_VALUE, Double.MAX_VALUE);
        private static final Rect SCROLLED = new Rect(-1e9, -1e9, 1e9, 1e9);

        Rect with(Rect other) {
            return new Rect(
                    Math.max(left, other.left),
                    Math.max(top, other.top),
                    Math.min(right, other.right),
                    Math.min(bottom, other.bottom));
        }

        double area() {
            return Math.max(0, right - left) * Math.max(0, bottom - top);
        }

        /** Whether a mouse can hit it: elements that are hidden from sight are often kept one pixel large. */
        boolean canBeHit() {
            return right - left > 1 && bottom - top > 1;
        }

        boolean contains(double x, double y) {
            return x >= left && x < right && y >= top && y < bottom;
        }

        boolean contains(Rect other) {
            return other.left >= left && other.right <= right && other.top >= top && other.bottom <= bottom;
        }

        private Rect grown() {
            return new Rect(left - 2, top - 2, right + 2, bottom + 2);
        }
    }

    Place(Place parent, int id, int order, boolean element, String tag) {
        this.parent = parent;
        this.id = id;
        this.order = order;
        this.last = order;
        this.element = element;
        this.tag = tag;
        boolean root = parent == null || tag.equals("#DOCUMENT-FRAGMENT");
        this.scope = root ? this : parent.scope;
        if (parent != null) {
            editable = parent.editable;
            clip = parent.clip;
            absoluteClip = parent.absoluteClip;
            scroller = parent.scrollable ? parent : parent.scroller;
            fixed = parent.fixed;
            sticky = parent.sticky;
            shaped = parent.shaped;
        }
    }

    void attribute(String name, String value) {
        switch (name) {
            case "contenteditable" -> editable = !value.equals("false");
            case "tabindex" -> untabbable = value.strip().startsWith("-");
            case "aria-label" -> label = value;
            case "role" -> role = value.strip().split("\\s+", 2)[0].toLowerCase(Locale.ROOT);
            case "id", "data-testid" -> hint(value);
            case "class" -> {
                hint(value);
                resizes = RESIZE_HANDLE.matcher(value).find();
            }
            default -> {}
        }
    }

    private void hint(String value) {
        String first = value.strip().split("\\s+", 2)[0];
        hint = hint.isEmpty() && first.length() <= MAX_HINT_CHARS ? first : hint;
    }

    /** Fills the style of a text, or of another node without a style of its own. */
    void inheritStyle() {
        inline = true;
        shown = box;
        reachable = box.canBeHit();
        pointer = parent != null && parent.pointer;
    }

    /** @param overflow how much of the content does not fit */
    void style(Style style, Rect overflow) {
        boolean outside = style.position().equals("fixed");
        Rect seen = outside ? Rect.ALL : style.position().equals("absolute") ? absoluteClip : clip;
        fixed |= outside;
        scroller = outside ? null : scroller;
        sticky |= style.position().equals("sticky");
        positioned = style.positioned();
        shaped |= style.shaped();
        inline = style.display().startsWith("inline");
        pointer = style.cursor().equals("pointer");
        resizes |= style.cursor().endsWith("-resize");
        transparent = style.transparent();
        boolean visible = style.visible() && !transparent;
        shown = box.with(seen);
        reachable = visible && shown.canBeHit();
        tiny = visible && !box.canBeHit() && box.grown().with(seen).canBeHit();
        scrollable = element
                && parent != null
                && (style.scrollsDown() && overflow.bottom() > 1 || style.scrollsAcross() && overflow.right() > 1);
        clip = clip(style, seen);
        if (positioned) {
            absoluteClip = clip;
        }
    }

    /** The part where children are seen: content that overflows its container can be scrolled into it, or is cut off. */
    private Rect clip(Style style, Rect seen) {
        if (style.overflows()) {
            return seen;
        }
        if (style.scrollsAcross() || style.scrollsDown()) {
            return box.with(seen).area() > 0 ? Rect.SCROLLED : Rect.NOTHING;
        }
        return box.with(seen);
    }

    /** @param viewport of its document */
    void see(Rect viewport) {
        if (!fixed && box.area() > 0) {
            side = box.top() >= viewport.bottom()
                    ? Side.BELOW
                    : box.bottom() <= viewport.top() ? Side.ABOVE : Side.WITHIN;
        }
    }

    /** Passes on to its parent: a link around a block has no box of its own, and the mouse hits what is in it. */
    void closeUp() {
        if (parent == null) {
            return;
        }
        parent.last = Math.max(parent.last, last);
        boolean boxless = parent.element && !parent.transparent && parent.box.area() == 0;
        if (reachable && !parent.reachable && boxless && (parent.inline || !parent.laid)) {
            parent.reachable = true;
            parent.side = side;
        }
    }

    boolean within(Place other) {
        return order >= other.order && order <= other.last;
    }

    /** Whether a click on it, and not only on what contains it, does something. */
    boolean isClickable() {
        boolean own = listens && !editable && !resizes || pointer && (parent == null || !parent.pointer) || isEditor();
        // Slots hear that their content changes, and are no place for a mouse.
        return element && own && !tag.equals("BODY") && !tag.equals("HTML") && !tag.equals("SLOT");
    }

    /** Whether it is the outermost editable element. */
    boolean isEditor() {
        return element && editable && (parent == null || !parent.editable);
    }

    /** Whether it begins a new line. */
    boolean isBlock() {
        return element && laid && !inline;
    }
}
