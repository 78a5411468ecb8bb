package dev.berth.browser.watch.network;

import dev.berth.browser.BrowserListener.Download;
import dev.berth.protocol.FileCommand.FileName;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Joins the events of each download, and cancels downloads that exceed the limits of number and size. Lives on the browser's
 * context.
 */
public final class DownloadTracker {
    /** Limit for a session's downloads: a page could start any number, and each becomes an artifact and an action. */
    static final int MAX_DOWNLOADS = 1_000;

    private static final Pattern GUID = Pattern.compile("[0-9a-fA-F-]{1,64}");

    private final Function<String, Future<Path>> take;
    private final long maxBytes;
    private final Consumer<String> cancel;
    private final Consumer<String> remove;
    private final Function<Download, Future<Void>> onEnded;
    private final Map<String, Begun> begun = new HashMap<>();
    /** The bytes of each file on disk: of downloads in progress, and of complete ones that are not yet stored elsewhere. */
    private final Map<String, Long> received = new HashMap<>();

    /** Cancelled, but not yet confirmed by Chrome. */
    private final Set<String> refused = new HashSet<>();

    private int count;

    /**
     * @param take takes the file of a complete download, which has its guid for a name, out of Chrome's reach
     * @param maxBytes limit for all files together
     * @param cancel cancels the download with this guid, and deletes its file if it is complete
     * @param remove deletes the file that was taken
     * @param onEnded completes when the file is no longer needed
     */
    public DownloadTracker(
            Function<String, Future<Path>> take,
            long maxBytes,
            Consumer<String> cancel,
            Consumer<String> remove,
            Function<Download, Future<Void>> onEnded) {
        this.remove = remove;
        this.take = take;
        this.maxBytes = maxBytes;
        this.cancel = cancel;
        this.onEnded = onEnded;
    }

    private record Begun(Optional<String> pageId, String url, String fileName, Instant at) {}

    /** {@code Browser.downloadWillBegin}, of a page if it is known. */
    public void begins(JsonObject event, Optional<String> pageId) {
        if (!GUID.matcher(event.getString("guid", "")).matches()) {
            return; // the guid becomes part of a path
        }
        if (begun.containsKey(event.getString("guid")) || refused.contains(event.getString("guid"))) {
            return; // Chrome sends the event once to each observer
        }
        if (++count > MAX_DOWNLOADS) {
            refuse(event, pageId);
            return;
        }
        begun.put(event.getString("guid"), begun(event, pageId));
    }

    private static Begun begun(JsonObject event, Optional<String> pageId) {
        return new Begun(
                pageId, event.getString("url"), event.getString("suggestedFilename", "download"), Instant.now());
    }

    /** Reports only the first download over the limit. */
    private void refuse(JsonObject event, Optional<String> pageId) {
        cancel.accept(event.getString("guid"));
        refused.add(event.getString("guid"));
        if (count == MAX_DOWNLOADS + 1) {
            tell(
                    event.getString("guid"),
                    begun(event, pageId),
                    Optional.of("it was cancelled, and later downloads are too: a session can have at most "
                            + MAX_DOWNLOADS + " downloads"));
        }
    }

    /** {@code Browser.downloadProgress}, which Chrome sends once to each observer, and so perhaps twice. */
    public void progresses(JsonObject event) {
        String guid = event.getString("guid");
        String state = event.getString("state");
        if (!begun.containsKey(guid)) {
            cancelled(guid, state);
        } else if (state.equals("canceled")) {
            end(guid, Optional.of("the download was cancelled"));
        } else if (outgrows(guid, event)) {
            cancel.accept(guid);
            if (state.equals("inProgress")) {
                refused.add(guid);
            }
            end(
                    guid,
                    Optional.of("it was cancelled: the downloads of a session may take " + (maxBytes >> 20)
                            + " MiB at once, three quarters of session.disk-mib (BERTH_SESSION_DISK_MIB)"));
        } else if (state.equals("completed")) {
            complete(guid);
        }
    }

    /** A refused download may have been complete before Chrome received the cancellation; its file is then deleted. */
    private void cancelled(String guid, String state) {
        if (!state.equals("inProgress") && refused.remove(guid) && state.equals("completed")) {
            cancel.accept(guid);
        }
    }

    /** Counts received bytes too, as a server may announce no length, or a wrong one. */
    private boolean outgrows(String guid, JsonObject event) {
        long bytes = event.getLong("receivedBytes", 0L);
        received.put(guid, bytes);
        long others = received.values().stream().mapToLong(Long::longValue).sum() - bytes;
        return others + Math.max(bytes, event.getLong("totalBytes", 0L)) > maxBytes;
    }

    private void complete(String guid) {
        tell(guid, begun.remove(guid), Optional.empty()).onComplete(kept -> {
            received.remove(guid);
            remove.accept(guid);
        });
    }

    public void abandonAll(String why) {
        List.copyOf(begun.keySet()).forEach(guid -> end(guid, Optional.of(why)));
    }

    private void end(String guid, Optional<String> error) {
        Begun download = begun.remove(guid);
        received.remove(guid);
        if (download != null) {
            tell(guid, download, error);
        }
    }

    private Future<Void> tell(String guid, Begun download, Optional<String> error) {
        return onEnded.apply(new Download(
                guid,
                download.pageId(),
                download.url(),
                FileName.of(download.fileName()),
                () -> take.apply(guid),
                download.at(),
                error));
    }
}
