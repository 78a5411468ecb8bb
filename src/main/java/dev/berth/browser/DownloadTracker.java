package dev.berth.browser;

import dev.berth.browser.BrowserListener.Download;
import dev.berth.protocol.FileName;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Puts together what Chrome tells of a download. */
final class DownloadTracker {
    private static final Pattern GUID = Pattern.compile("[0-9a-fA-F-]{1,64}");

    private final Path folder;
    private final Consumer<Download> onEnded;
    private final Map<String, Begun> begun = new HashMap<>();

    /** @param folder where Chrome puts them, each named by its guid */
    DownloadTracker(Path folder, Consumer<Download> onEnded) {
        this.folder = folder;
        this.onEnded = onEnded;
    }

    private record Begun(String url, String fileName, Instant at) {}

    /** {@code Browser.downloadWillBegin}. */
    void begins(JsonObject event) {
        if (!GUID.matcher(event.getString("guid", "")).matches()) {
            return; // it would be part of a path
        }
        begun.put(
                event.getString("guid"),
                new Begun(event.getString("url"), event.getString("suggestedFilename", "download"), Instant.now()));
    }

    /** {@code Browser.downloadProgress}: told to each observer, and so perhaps twice. */
    void progresses(JsonObject event) {
        String state = event.getString("state");
        if (!state.equals("inProgress")) {
            Optional<String> error =
                    state.equals("completed") ? Optional.empty() : Optional.of("the download was cancelled");
            end(event.getString("guid"), error);
        }
    }

    /** What is still under way will not be finished. */
    void abandonAll(String why) {
        List.copyOf(begun.keySet()).forEach(guid -> end(guid, Optional.of(why)));
    }

    private void end(String guid, Optional<String> error) {
        Begun download = begun.remove(guid);
        if (download != null) {
            onEnded.accept(new Download(
                    download.url(), FileName.of(download.fileName()), folder.resolve(guid), download.at(), error));
        }
    }
}
