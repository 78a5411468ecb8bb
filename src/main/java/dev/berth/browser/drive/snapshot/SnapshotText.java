package dev.berth.browser.drive.snapshot;

import io.vertx.core.json.Json;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes lines. Pure. */
final class SnapshotText {
    /** Characters of a model's token, about: more in words, fewer in addresses. */
    private static final int CHARS_PER_TOKEN = 4;

    /** Room for the mark that says what is missing. */
    private static final int MARK_CHARS = 200;

    private final String origin;
    private final int maxDepth;
    private final boolean interactiveOnly;
    private final List<String> lines = new ArrayList<>();

    /** @param url of the page */
    SnapshotText(String url, Optional<Integer> depth, boolean interactiveOnly) {
        this.origin = origin(url);
        this.maxDepth = depth.orElse(Integer.MAX_VALUE);
        this.interactiveOnly = interactiveOnly;
    }

    private static String origin(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getRawAuthority() == null ? "" : uri.getScheme() + "://" + uri.getRawAuthority();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    List<String> lines(Shown root) {
        if (!root.marks.isEmpty()) {
            lines.add("- " + root.role + marks(root, Place.Side.WITHIN));
        }
        children(root, 0, Place.Side.WITHIN);
        return lines;
    }

    private void children(Shown of, int level, Place.Side side) {
        of.children.forEach(child -> line(child, level, side));
    }

    private void line(Shown node, int level, Place.Side side) {
        boolean told = !interactiveOnly || !node.ref.isEmpty() || node.role.equals("options");
        if (!told) {
            children(node, level, side);
        } else if (level < maxDepth) {
            List<Shown> below = node.children;
            boolean single = below.size() == 1 && below.get(0).isText() && node.value.isEmpty();
            String text = single ? below.get(0).name : node.value;
            lines.add("  ".repeat(level)
                    + head(node, side)
                    + (text.isEmpty() || single && interactiveOnly && !node.name.isEmpty()
                            ? ""
                            : ": " + oneLine(text)));
            if (!single) {
                children(node, level + 1, node.side == Place.Side.WITHIN ? side : node.side);
            }
        }
    }

    private String head(Shown node, Place.Side side) {
        if (node.isText() || node.role.equals("options")) {
            return "- " + node.role + ": " + oneLine(node.name);
        }
        return "- " + node.role + (node.name.isEmpty() ? "" : " " + Json.encode(node.name)) + marks(node, side);
    }

    private String marks(Shown node, Place.Side side) {
        StringBuilder text = new StringBuilder();
        node.marks.forEach((name, value) -> text.append(" [")
                .append(name)
                .append(value.equals(true) ? "" : "=" + shown(name, value))
                .append(']'));
        boolean moved = node.side != Place.Side.WITHIN && node.side != side;
        if (moved) {
            text.append(" [").append(node.side.name().toLowerCase(Locale.ROOT)).append(']');
        }
        if (!node.ref.isEmpty()) {
            text.append(" [ref=").append(node.ref).append(']');
        }
        return text.toString();
    }

    private String shown(String name, Object value) {
        String text = value.toString();
        boolean here = name.equals("url") && !origin.isEmpty() && text.startsWith(origin + "/");
        return oneLine(here ? text.substring(origin.length()) : text);
    }

    private static String oneLine(String text) {
        return text.replace("\n", "\\n").replace("\r", "");
    }

    /** The lines that fit, and a mark that says what is missing and how to get it. */
    static List<String> cut(List<String> lines, Optional<Integer> maxTokens) {
        long room = maxTokens.map(tokens -> (long) tokens * CHARS_PER_TOKEN).orElse(Long.MAX_VALUE);
        long all = chars(lines);
        if (all <= room) {
            return lines;
        }
        List<String> kept = new ArrayList<>();
        long used = MARK_CHARS;
        for (String line : lines) {
            used += line.length() + 1;
            if (used > room) {
                break;
            }
            kept.add(line);
        }
        List<String> missing = lines.subList(kept.size(), lines.size());
        kept.add("- … cut: " + missing.size() + " more lines, "
                + missing.stream().filter(line -> line.contains(" [ref=")).count()
                + " of them with a ref, about " + chars(missing) / CHARS_PER_TOKEN
                + " tokens; ask with selector, depth, interactiveOnly or a larger maxTokens");
        return kept;
    }

    static long chars(List<String> lines) {
        return lines.stream().mapToLong(line -> line.length() + 1L).sum();
    }
}
