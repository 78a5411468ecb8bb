package dev.berth.har;

import dev.berth.protocol.KeptBody;
import dev.berth.protocol.KeptBody.BodyEntry;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.SessionId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * One HAR, written as pieces of text: the entries, then what is known only after them, such as the pages. Holds no more than a
 * piece and a line for each page. Used by one thread at a time.
 */
public final class HarLog {
    private final HarPages pages = new HarPages();
    /** The text before the next entry. */
    private String before;

    /** Begins the HAR of a session. */
    public HarLog(SessionId session) {
        JsonObject creator =
                new JsonObject().put("name", "Berth").put("version", "0.1.0").put("comment", session.value());
        before = "{\"log\":{\"version\":\"1.2\",\"creator\":" + creator + ",\"entries\":[";
    }

    /**
     * The next piece, with these entries; empty where none of them is a request.
     *
     * @param bodies of their responses, by their offsets
     */
    public Buffer entries(List<NetworkEntry> entries, Map<Long, BodyEntry> bodies) {
        Buffer piece = Buffer.buffer();
        for (NetworkEntry entry : entries) {
            if (pages.isRequest(entry)) {
                JsonObject json = HarEntry.of(
                        entry,
                        pages.of(entry),
                        entry.body().flatMap(KeptBody::offset).map(bodies::get));
                piece.appendString(before).appendBuffer(json.toBuffer());
                before = ",";
            }
        }
        return piece;
    }

    /**
     * The last piece.
     *
     * @param navigations to the documents whose load times are known
     */
    public Buffer end(List<NavigationEntry> navigations) {
        String head = before.equals(",") ? "" : before;
        return Buffer.buffer(head + "]," + pages.json(navigations).encode().substring(1) + "}\n");
    }
}
