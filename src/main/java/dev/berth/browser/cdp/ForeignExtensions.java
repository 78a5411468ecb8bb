package dev.berth.browser.cdp;

import dev.berth.protocol.ExtensionOrigins;
import io.vertx.core.json.JsonObject;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The targets of extensions that are not the session's own, such as the frames of Chrome's PDF viewer, whose scripts may open tabs. No CDP
 * client sees or reaches them. Chrome tells the eyes of a frame's navigation before the frame's new process is a target, which
 * is without a URL at first. On the event loop of the pipe.
 */
final class ForeignExtensions {
    private static final String SCHEME = "chrome-extension://";
    /** The prefix of what a script has made, such as a worker. */
    private static final String BLOB = "blob:";

    /** Limit for the remembered frames, which pages cause; the first of so many are gone. */
    private static final int MAX_FRAMES = 10_000;

    private final ExtensionOrigins own;
    /** The ids of frames, which are the targets' too. */
    private final Set<String> frames = new LinkedHashSet<>();

    ForeignExtensions(ExtensionOrigins own) {
        this.own = own;
    }

    /** Whether Chrome's description of a target is of one, or of a frame within one. */
    boolean has(JsonObject target) {
        return frames.contains(target.getString("targetId", ""))
                || frames.contains(target.getString("parentId", ""))
                || isForeign(target.getString("url", ""));
    }

    private boolean isForeign(String url) {
        String plain = url.startsWith(BLOB) ? url.substring(BLOB.length()) : url;
        return plain.startsWith(SCHEME) && own.nameOf(plain).isEmpty();
    }

    /** A frame goes to this URL: whether the frame becomes one thereby. */
    boolean navigates(String frameId, String url) {
        if (!isForeign(url)) {
            frames.remove(frameId);
            return false;
        }
        boolean isNew = frames.add(frameId);
        if (frames.size() > MAX_FRAMES) {
            Iterator<String> first = frames.iterator();
            first.next();
            first.remove();
        }
        return isNew;
    }
}
