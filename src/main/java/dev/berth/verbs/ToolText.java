package dev.berth.verbs;

import dev.berth.protocol.ActionReply.ContentResult;
import dev.berth.protocol.ActionReply.EvaluationResult;
import dev.berth.protocol.ActionReply.OnPage;
import dev.berth.protocol.ActionReply.SnapshotResult;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.ShownJson;
import dev.berth.protocol.ShownJson.Links;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;

/** The text of results for models: as few characters as tell the same. */
public final class ToolText {
    private ToolText() {}

    static String of(SessionReply reply, Links links, int maxChars) {
        return cut(of(reply, links), maxChars);
    }

    /** At most about this many characters; says how many are left out. */
    public static String cut(String text, int maxChars) {
        if (text.length() <= maxChars) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(maxChars - 1)) ? maxChars - 1 : maxChars;
        return text.substring(0, end) + "\n[cut: " + (text.length() - end) + " more characters]";
    }

    private static String of(SessionReply reply, Links links) {
        if (!(reply instanceof OnPage on)) {
            return json(reply, links);
        }
        String effects = json(on.page(), links);
        return text(reply).map(text -> text + "\n" + effects).orElseGet(() -> json(reply, links));
    }

    /** The text of a reply that is a text itself. */
    private static Optional<String> text(SessionReply reply) {
        if (reply instanceof SnapshotResult taken) {
            return Optional.of(taken.url() + "\n" + taken.title() + "\n" + taken.snapshot());
        } else if (reply instanceof ContentResult read) {
            return Optional.of(read.content());
        }
        return reply instanceof EvaluationResult evaluated ? Optional.of(evaluated.json()) : Optional.empty();
    }

    /** The JSON of a result without fields that say nothing; empty where no field is left. */
    private static String json(Object result, Links links) {
        JsonObject json = ShownJson.write(result, links).toJsonObject();
        json.remove("success");
        json.stream()
                .filter(field -> field.getValue() == null)
                .map(Map.Entry::getKey)
                .toList()
                .forEach(json::remove);
        return json.isEmpty() ? "" : json.encode();
    }
}
