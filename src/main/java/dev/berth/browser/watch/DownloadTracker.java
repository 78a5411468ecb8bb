package dev.berth.browser.watch;

import dev.berth.browser.BrowserListener.Download;
import dev.berth.protocol.FileName;
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

/** Puts together what Chrome tells of a download, and cancels those that would take too much of the disk. */
final class DownloadTracker {
    /** Each is an artifact and an action: a page may begin any number. */
    static final int MAX_DOWNLOADS = 1_000;

    private static final Pattern GUID = Pattern.compile("[0-9a-fA-F-]{1,64}");

    private final Path folder;
    private final long maxBytes;
    private final Consumer<String> cancel;
    private final Consumer<String> remove;
    private final Function<Download, Future<Void>> onEnded;
    private final Map<String, Begun> begun = new HashMap<>();
    /** Of those whose files are there: under way, or complete and not yet kept elsewhere. */
    private final Map<String, Long> received = new HashMap<>();

    /** Cancelled, and not known to be. */
    private final Set<String> refused = new HashSet<>();

    private int count;

    /**
     * @param folder where Chrome puts them, each named by its guid
     * @param maxBytes how much all of them may have at once
     * @param cancel gets the guid of one that would have more; or has it, complete, so that its file is to go
     * @param remove gets the guid of one whose file is to go
     * @param onEnded completes when a file is not needed any longer
     */
    DownloadTracker(
            Path folder,
            long maxBytes,
            Consumer<String> cancel,
            Consumer<String> remove,
            Function<Download, Future<Void>> onEnded) {
        this.remove = remove;
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.cancel = cancel;
        this.onEnded = onEnded;
    }

    private record Begun(String frameId, String url, String fileName, Instant at) {}

    /** {@code Browser.downloadWillBegin}. */
    void begins(JsonObject event) {
        if (!GUID.matcher(event.getString("guid", "")).matches()) {
            return; // it would be part of a path
        }
        if (begun.containsKey(event.getString("guid")) || refused.contains(event.getString("guid"))) {
            return; // told to another observer
        }
        if (++count > MAX_DOWNLOADS) {
            refuse(event);
            return;
        }
        begun.put(event.getString("guid"), begun(event));
    }

    private static Begun begun(JsonObject event) {
        return new Begun(
                event.getString("frameId", ""),
                event.getString("url"),
                event.getString("suggestedFilename", "download"),
                Instant.now());
    }

    /** Only the first one too many is told. */
    private void refuse(JsonObject event) {
        cancel.accept(event.getString("guid"));
        refused.add(event.getString("guid"));
        if (count == MAX_DOWNLOADS + 1) {
            tell(
                    event.getString("guid"),
                    begun(event),
                    Optional.of("it was cancelled, as all that follow: a session may have " + MAX_DOWNLOADS
                            + " downloads"));
        }
    }

    /** {@code Browser.downloadProgress}: told to each observer, and so perhaps twice. */
    void progresses(JsonObject event) {
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
                    Optional.of("it was cancelled: the downloads of a session may have " + (maxBytes >> 20)
                            + " MiB at once, three quarters of session.disk-mib (BERTH_SESSION_DISK_MIB)"));
        } else if (state.equals("completed")) {
            complete(guid);
        }
    }

    /** It may have been complete before Chrome was told. */
    private void cancelled(String guid, String state) {
        if (!state.equals("inProgress") && refused.remove(guid) && state.equals("completed")) {
            cancel.accept(guid);
        }
    }

    /** A server need not tell beforehand how much it will send, nor the truth. */
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

    /** What is still under way will not be finished. */
    void abandonAll(String why) {
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
                download.frameId(),
                download.url(),
                FileName.of(download.fileName()),
                folder.resolve(guid),
                download.at(),
                error));
    }
}
