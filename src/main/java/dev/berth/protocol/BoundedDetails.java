package dev.berth.protocol;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies the details of an action within limits: sessions keep hundreds of actions, and clients and pages choose the details.
 */
final class BoundedDetails {
    /** Limit of one text. */
    static final int MAX_TEXT_CHARS = 4_096;
    /** Limit of all texts of an action together. */
    private static final int MAX_CHARS = 16_384;

    private static final int MAX_MEMBERS = 100;
    private static final int MAX_KEY_CHARS = 200;
    private static final int MAX_DEPTH = 8;

    private int charsLeft = MAX_CHARS;

    private BoundedDetails() {}

    static Map<String, Object> of(Map<String, Object> details) {
        return new BoundedDetails().map(details, 0);
    }

    private Map<String, Object> map(Map<?, ?> members, int depth) {
        Map<String, Object> copy = new LinkedHashMap<>();
        for (Map.Entry<?, ?> member : members.entrySet()) {
            if (copy.size() == MAX_MEMBERS) {
                break;
            }
            copy.put(Truncation.cut(String.valueOf(member.getKey()), MAX_KEY_CHARS), value(member.getValue(), depth));
        }
        return Collections.unmodifiableMap(copy);
    }

    private Object value(Object value, int depth) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return value;
        } else if (value instanceof Map<?, ?> map && depth < MAX_DEPTH) {
            return map(map, depth + 1);
        } else if (value instanceof Collection<?> list && depth < MAX_DEPTH) {
            return list(list, depth + 1);
        }
        return text(value instanceof Map || value instanceof Collection ? "…" : value.toString());
    }

    private List<Object> list(Collection<?> elements, int depth) {
        List<Object> copy = new ArrayList<>();
        for (Object element : elements) {
            if (copy.size() == MAX_MEMBERS) {
                copy.add("… (" + (elements.size() - MAX_MEMBERS) + " more)");
                break;
            }
            copy.add(value(element, depth));
        }
        return Collections.unmodifiableList(copy);
    }

    private String text(String text) {
        String kept = Truncation.marked(UrlCredentials.redact(text), Math.min(MAX_TEXT_CHARS, charsLeft));
        charsLeft = Math.max(0, charsLeft - kept.length());
        return kept;
    }
}
