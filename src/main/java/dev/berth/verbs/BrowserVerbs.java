package dev.berth.verbs;

import dev.berth.protocol.AddRoute;
import dev.berth.protocol.BrowserAction.ActivatePage;
import dev.berth.protocol.BrowserAction.AnswerDialogs;
import dev.berth.protocol.BrowserAction.ClosePage;
import dev.berth.protocol.BrowserAction.Emulate;
import dev.berth.protocol.BrowserAction.OpenPage;
import dev.berth.protocol.BrowserAction.ReadCookies;
import dev.berth.protocol.BrowserAction.ReadStorageState;
import dev.berth.protocol.BrowserAction.RemoveRoute;
import dev.berth.protocol.BrowserAction.SetCookies;
import dev.berth.protocol.BrowserAction.SetStorageState;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.RecordingAction.KeepRecording;
import dev.berth.protocol.RecordingAction.StartRecording;
import dev.berth.protocol.RecordingAction.StopRecording;
import dev.berth.protocol.RouteEntry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** The verbs on a browser: its stored data, its device, its requests, its pages as tabs, its recordings. */
final class BrowserVerbs {
    private static final String PAGE_ID = "pageId";
    private static final String ROUTE_ID = "routeId";

    static final List<Verb<?, ?>> ALL = List.of(
            Verb.of("cookies", ReadCookies.class).verb(),
            Verb.of("set-cookies", SetCookies.class)
                    .logs(set -> Map.of("cookies", set.cookies().size()))
                    .verb(),
            Verb.of("storage-state", ReadStorageState.class)
                    .withDefault("indexedDB", false)
                    .logs("indexedDB")
                    .verb(),
            Verb.of("set-storage-state", SetStorageState.class).withLargeBody().verb(),
            Verb.of("dialogs", AnswerDialogs.class)
                    .logs("accept")
                    .tool(
                            "Set how to answer the next dialogs (alert, confirm, prompt). Call this before the action that opens them.",
                            ToolSchema.of().flag("accept").text("promptText").require("accept"))
                    .verb(),
            Verb.of("emulate", Emulate.class)
                    .withDefault("reset", false)
                    .logs(
                            "reset",
                            "viewport",
                            "deviceScaleFactor",
                            "mobile",
                            "userAgent",
                            "locale",
                            "timezone",
                            "colorScheme",
                            "network",
                            "cpuSlowdown",
                            "device",
                            "geolocation",
                            "permissions",
                            "media")
                    .tool(
                            "Change the environment that pages see: viewport size, device, language, location, colors, network. Fields that you omit stay as they are.",
                            ToolSchema.of()
                                    .object(
                                            "viewport",
                                            ToolSchema.of()
                                                    .integer("width")
                                                    .integer("height")
                                                    .require("width", "height"))
                                    .text("device", "by Playwright's name, such as iPhone 15")
                                    .number("deviceScaleFactor")
                                    .flag("mobile")
                                    .object(
                                            "geolocation",
                                            ToolSchema.of()
                                                    .number("latitude")
                                                    .number("longitude")
                                                    .require("latitude", "longitude"))
                                    .texts("permissions")
                                    .text("userAgent")
                                    .text("locale", "such as de-DE")
                                    .text("timezone", "such as Europe/Berlin")
                                    .choice("colorScheme", "light", "dark")
                                    .choice("media", "screen", "print")
                                    .choice("network", "online", "offline", "slow-3g", "slow-4g", "fast-4g")
                                    .integer("cpuSlowdown", "1 to 20")
                                    .flag("reset", "undo the changes of earlier calls"))
                    .verb(),
            Verb.of("open-page", OpenPage.class)
                    .withDefault("waitUntil", "load")
                    .logs("url", "waitUntil")
                    .tool(
                            "Open a page (tab) and make it the active page.",
                            ToolSchema.of().text("url"))
                    .verb(),
            Verb.of("activate-page", ActivatePage.class)
                    .logs(PAGE_ID)
                    .tool(
                            "Make another page the active page.",
                            ToolSchema.of().text(PAGE_ID).require(PAGE_ID))
                    .verb(),
            Verb.of("close-page", ClosePage.class)
                    .logs(PAGE_ID)
                    .destructiveTool(
                            "Close a page.", ToolSchema.of().text(PAGE_ID).require(PAGE_ID))
                    .verb(),
            Verb.of("start-recording", StartRecording.class).verb(),
            Verb.of("stop-recording", StopRecording.class).verb(),
            Verb.of("keep-recording", KeepRecording.class).verb());

    static final List<Verb<?, ?>> OF_ROUTES = List.of(
            Verb.of("add-route", AddRoute.class)
                    .withDefault("methods", new JsonArray())
                    .withDefault("types", new JsonArray())
                    .withDefault("headers", new JsonObject())
                    .withDefault("setHeaders", new JsonObject())
                    .withDefault("removeHeaders", new JsonArray())
                    .logs(BrowserVerbs::listed)
                    .tool(
                            """
                            Add a rule for the browser's requests to a URL pattern such as **/api/* (* matches text without a slash, ** any \
                            text): block, mock, continue with other headers, delay or fail. The first matching rule applies.""",
                            ToolSchema.of()
                                    .text("url")
                                    .choice("action", "block", "mock", "continue", "delay", "fail")
                                    .texts("methods")
                                    .texts("types", "such as document, script, image, fetch")
                                    .integer("status", "for mock, like headers and body")
                                    .object("headers", ToolSchema.of())
                                    .text("body")
                                    .object("setHeaders", ToolSchema.of())
                                    .texts("removeHeaders")
                                    .integer("delay", "milliseconds")
                                    .choice(
                                            "error",
                                            "failed",
                                            "aborted",
                                            "connectionrefused",
                                            "namenotresolved",
                                            "timedout")
                                    .integer("times", "number of requests to apply the rule to")
                                    .require("url", "action"))
                    .verb(),
            Verb.of("remove-route", RemoveRoute.class)
                    .logs(ROUTE_ID)
                    .tool(
                            "Remove a rule that add_route added.",
                            ToolSchema.of().text(ROUTE_ID).require(ROUTE_ID))
                    .verb());

    private BrowserVerbs() {}

    /** The rule as it is listed, without its id, which the outcome has. */
    private static Map<String, Object> listed(AddRoute rule) {
        Map<String, Object> listed = ProtocolJson.map(RouteEntry.of("", rule, 0));
        listed.keySet().removeAll(List.of(ROUTE_ID, "used"));
        return listed;
    }
}
