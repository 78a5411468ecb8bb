package dev.berth.verbs;

import dev.berth.protocol.ProtocolJson;
import io.vertx.core.json.JsonObject;

/** The text of results for models: as few characters as tell the same. */
public final class ToolText {
    private ToolText() {}

    static String of(VerbResult result, int maxChars) {
        return cut(of(result), maxChars);
    }

    /** At most about this many characters; says how many are left out. */
    public static String cut(String text, int maxChars) {
        if (text.length() <= maxChars) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(maxChars - 1)) ? maxChars - 1 : maxChars;
        return text.substring(0, end) + "\n[cut: " + (text.length() - end) + " more characters]";
    }

    private static String of(VerbResult result) {
        if (result instanceof VerbResult.OfPage on) {
            String effects = json(on.page());
            String done = of(on.result());
            return effects.isEmpty() ? done : done + "\n" + effects;
        } else if (result instanceof VerbResult.Snapshot taken) {
            return taken.url() + "\n" + taken.title() + "\n" + taken.snapshot();
        } else if (result instanceof VerbResult.Content read) {
            return read.content();
        } else if (result instanceof VerbResult.Evaluated evaluated) {
            return evaluated.result();
        }
        return json(result);
    }

    /** Without what says nothing; empty where nothing is left. */
    private static String json(Object result) {
        JsonObject json = new JsonObject(ProtocolJson.MAPPER.valueToTree(result).toString());
        json.remove("success");
        json.stream()
                .filter(field -> field.getValue() == null)
                .map(java.util.Map.Entry::getKey)
                .toList()
                .forEach(json::remove);
        return json.isEmpty() ? "" : json.encode();
    }
}
