package dev.berth.session.keep;

import dev.berth.browser.BrowserListener.Dialog;
import dev.berth.browser.BrowserListener.Download;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.Cost;
import dev.berth.protocol.Truncation;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Log entries for what the browser does as a consequence of an action: downloads and dialogs. */
public final class BrowserActions {
    /** Limit for a URL, because a data: URL contains the whole file. */
    private static final int MAX_URL_CHARS = 2_000;

    private BrowserActions() {}

    public static ActionEntry of(Dialog dialog, ActionSource source) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put(ActionEntry.PAGE_ID, dialog.pageId());
        details.put("dialogType", dialog.type());
        details.put("message", dialog.message());
        details.put("url", dialog.url());
        details.put("accepted", dialog.accepted());
        return entry("dialog", Instant.now(), details, source, Optional.empty());
    }

    public static ActionEntry of(Download download, ArtifactEntry kept, ActionSource source) {
        Map<String, Object> details = details(download);
        details.put("objectId", kept.objectId());
        details.put("size", kept.size());
        return entry("download", download.at(), details, source, Optional.empty());
    }

    public static ActionEntry failed(Download download, ActionSource source, String why) {
        return entry("download", download.at(), details(download), source, Optional.of(why));
    }

    private static Map<String, Object> details(Download download) {
        Map<String, Object> details = new LinkedHashMap<>();
        download.pageId().ifPresent(page -> details.put(ActionEntry.PAGE_ID, page));
        details.put("url", Truncation.cut(download.url(), MAX_URL_CHARS));
        details.put("fileName", download.fileName());
        return details;
    }

    private static ActionEntry entry(
            String type, Instant at, Map<String, Object> details, ActionSource source, Optional<String> error) {
        return new ActionEntry(
                ActionEntry.newId(),
                type,
                at,
                error.isEmpty(),
                details,
                Duration.between(at, Instant.now()).toMillis(),
                source,
                error,
                Cost.NONE);
    }
}
