package dev.berth.http.browserless;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;

/** Paths of the other server that Berth has nothing for, and what to use instead. */
final class AbsentPaths {
    private static final String BROWSERS = "(?:/(?:chromium|chrome|edge))?/";

    /** By regular expressions of paths; the first that matches is the one. */
    private static final Map<String, String> BY_PATH = new LinkedHashMap<>();

    static {
        BY_PATH.put(
                "/playwright(?:/.*)?|/(?:chromium|chrome|edge|firefox|webkit)/playwright",
                "Playwright's own protocol: use chromium.connectOverCDP with /chromium?token=KEY");
        BY_PATH.put("/(?:firefox|webkit|edge)(?:/.*)?", "Berth has Chromium alone: use /chromium");
        BY_PATH.put(
                BROWSERS + "function",
                "/function runs code on the server: connect to /chromium with Puppeteer, or use POST /api/sessions and"
                        + " its verb evaluate, which runs code in a page");
        BY_PATH.put(
                BROWSERS + "download",
                "/download runs code on the server: GET /api/sessions/ID/files gives what a session has downloaded");
        BY_PATH.put(
                BROWSERS + "performance", "/performance: run Lighthouse with /chromium?token=KEY, as /docs/tools says");
        BY_PATH.put(
                BROWSERS + "(?:bql|stealth)(?:/.*)?",
                "BrowserQL: use POST /api/agent/execute, or the verbs of a session");
        BY_PATH.put(
                BROWSERS + "(?:unblock|search|map|crawl|smart-scrape|export)", "Berth has POST /content and /scrape");
        BY_PATH.put("/kill/.*", "DELETE /api/sessions/ID ends a session; GET /sessions lists those that run");
        BY_PATH.put(
                "/(?:config|meta|active)", "GET /api/me tells of the key and its limits, GET /pressure of free places");
    }

    /** A regular expression of all these paths. */
    static final String PATHS = String.join("|", BY_PATH.keySet());

    private AbsentPaths() {}

    /** The error for a request to one of these paths. */
    static BerthException of(String path) {
        String instead = BY_PATH.entrySet().stream()
                .filter(known -> path.matches(known.getKey()))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse("");
        return new BerthException(ErrorCode.NOT_FOUND, "Berth does not have " + path, instead);
    }
}
