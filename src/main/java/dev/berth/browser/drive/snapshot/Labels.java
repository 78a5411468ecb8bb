package dev.berth.browser.drive.snapshot;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Leaves out labels that only repeat what their controls are called: who acts, acts on the control. Pure; used once. */
final class Labels {
    private static final String LABEL = "label";

    private final Set<String> names = new HashSet<>();
    private final Set<String> refs = new HashSet<>();

    static void tidy(Shown root) {
        Labels labels = new Labels();
        labels.know(root);
        labels.tidied(root);
    }

    private void know(Shown line) {
        if (!line.ref.isEmpty() && !line.role.equals(LABEL)) {
            refs.add(line.ref);
            if (!line.name.isEmpty()) {
                names.add(line.name);
            }
        }
        line.children.forEach(this::know);
    }

    private void tidied(Shown line) {
        line.children.forEach(this::tidied);
        List<Shown> kept = new ArrayList<>();
        for (Shown child : line.children) {
            if (!child.role.equals(LABEL)) {
                kept.add(child);
            } else if (!isTold(child)) {
                child.children.removeIf(inner -> inner.isText() && names.contains(inner.name));
                boolean holdsControl = child.children.stream().anyMatch(Labels::holdsRef);
                kept.addAll(holdsControl ? child.children : List.of(child));
            }
        }
        line.children = Tidy.joined(kept);
    }

    /** Whether it is but the name of a control that has a ref. */
    private boolean isTold(Shown label) {
        String text = label.name.isEmpty() ? Tidy.text(label.children) : label.name;
        return label.children.stream().allMatch(Shown::isText) && (refs.contains(label.ref) || names.contains(text));
    }

    private static boolean holdsRef(Shown line) {
        return !line.ref.isEmpty() || line.children.stream().anyMatch(Labels::holdsRef);
    }
}
