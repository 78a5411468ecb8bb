package dev.berth.http.browserbase;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;

/** Paths of Browserbase's API that Berth has nothing for, and what to use instead. */
final class Refusals {
    private static final String VIDEO = "Berth records videos (WebM), as browserSettings.recordSession asks:"
            + " GET /api/sessions/ID/recording plays them, GET /api/sessions/ID/artifacts lists them";

    /** Regular expressions of paths below {@code /v1/}; the first that matches is the one. */
    private static final Map<String, String> BY_PATH = new LinkedHashMap<>();

    static {
        BY_PATH.put("sessions/[^/]+/recording/downloads", "recording downloads: " + VIDEO);
        BY_PATH.put("sessions/[^/]+/recording", "recording: Berth keeps no events of rrweb. " + VIDEO);
        BY_PATH.put("sessions/[^/]+/replays(/.*)?", "replays: Berth has no playlists of HLS. " + VIDEO);
        BY_PATH.put("contexts/[^/]+", "contexts can't be changed from outside: a session saves its own with persist");
        BY_PATH.put("extensions.*", "extensions: Berth has none");
        BY_PATH.put(
                "projects.*",
                "projects: Berth has none; GET /api/me tells of your key and its limits, GET /api/usage of its use");
        BY_PATH.put("agents.*", "agents: Berth has AI tasks instead: POST /api/agent/execute");
        BY_PATH.put("fetch", "fetch: use POST /api/content, which gives HTML, text or Markdown");
        BY_PATH.put("webhooks.*", "webhooks: Berth has its own: POST /api/webhooks");
        BY_PATH.put(
                "(search|functions|secrets|certificates).*",
                "search, functions, secrets and certificates: Berth has none");
    }

    private Refusals() {}

    /** Refuses a request that no route has taken. */
    static void refuse(RoutingContext ctx) {
        String path = ctx.normalizedPath();
        String why = BY_PATH.entrySet().stream()
                .filter(known -> path.matches("/v1/" + known.getKey()))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElseGet(() -> "Berth has no " + ctx.request().method() + " " + path
                        + "; /docs/browserbase lists what it has of this API");
        ctx.fail(new BerthException(ErrorCode.NOT_FOUND, why));
    }
}
