package dev.berth.browser.drive.snapshot;

/** What a node of the document is like in the layout. Built by {@link Layout}, which alone changes it. */
final class Place {
    final Place parent;
    /** Of the backend node. */
    final int id;

    final int order;
    final boolean element;
    final String tag;
    /** What a nameless element may be told by: its id or class; or empty. */
    String hint = "";
    /** Of a text node. */
    String text = "";
    /** The order of its last descendant. */
    int last;

    Rect box = Rect.NOTHING;
    /** Where its children can be seen, after scrolling. */
    Rect clip = Rect.ALL;
    /** The same for children that are positioned absolutely. */
    Rect absoluteClip = Rect.ALL;
    /** Whether it, or something in it, can get the mouse after scrolling. */
    boolean reachable;

    boolean listens;
    boolean pointer;
    /** Whether it is an edge to drag, of which a table may have one for each cell. */
    boolean resizes;

    boolean scrollable;
    boolean editable;
    boolean fixed;
    boolean transparent;
    int paintOrder;
    Side side = Side.WITHIN;

    /** Where it is from the viewport. */
    enum Side {
        ABOVE,
        WITHIN,
        BELOW
    }

    /** A rectangle in the document, in CSS pixels. */
    record Rect(double left, double top, double right, double bottom) {
        static final Rect NOTHING = new Rect(0, 0, 0, 0);
        static final Rect ALL = new Rect(0, 0, Double.MAX_VALUE, Double.MAX_VALUE);

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
    }

    Place(Place parent, int id, int order, boolean element, String tag) {
        this.parent = parent;
        this.id = id;
        this.order = order;
        this.last = order;
        this.element = element;
        this.tag = tag;
    }

    boolean within(Place other) {
        return order >= other.order && order <= other.last;
    }

    /** Whether a click on it, and not only on what contains it, does something. */
    boolean isClickable() {
        boolean own = listens && !editable && !resizes || pointer && (parent == null || !parent.pointer) || isEditor();
        return element && own && !tag.equals("BODY") && !tag.equals("HTML");
    }

    /** Whether it is the outermost editable element. */
    boolean isEditor() {
        return element && editable && (parent == null || !parent.editable);
    }
}
