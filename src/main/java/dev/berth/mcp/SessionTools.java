package dev.berth.mcp;

import dev.berth.mcp.Catalogue.Offer;
import dev.berth.protocol.ClientJson;
import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.PageOutcome.PageEntry;
import dev.berth.protocol.ProfileUse;
import dev.berth.protocol.ProfileUse.SaveProfile;
import dev.berth.protocol.SessionCommand.ReadPages;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.StorageState;
import dev.berth.protocol.StorageState.OriginStorage;
import dev.berth.protocol.StorageState.StoredCookie;
import dev.berth.verbs.ToolSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tools for the browser session itself, and its pages. */
final class SessionTools {
    private SessionTools() {}

    /** The tools of a client with a session of MCP, which works with one browser session at a time. */
    static Stream<Offer> offers() {
        return Stream.of(
                pages(),
                renew("Open a new browser", "end the current one"),
                Offer.acts(
                        "use_session",
                        "Switch to an existing browser session.",
                        ToolSchema.of().text("sessionId").require("sessionId"),
                        SessionTools::use),
                link(),
                end());
    }

    /** The tools of a client that names the browser session in each call. */
    static Stream<Offer> statelessOffers() {
        return Stream.of(
                pages(),
                renew("Open a new browser", "return the id of its session, for the session parameter of other tools"),
                link(),
                end());
    }

    private static Offer pages() {
        return Offer.reads("list_pages", "List the open pages (tabs).", ToolSchema.of(), SessionTools::pages);
    }

    private static Offer renew(String does, String then) {
        return Offer.acts(
                "new_session",
                does + " and " + then
                        + ". Optionally with another size, language, time zone or user agent, with a profile (the logins and stored data that"
                        + " an earlier session saved under that name), or with a storageState that Playwright wrote.",
                ToolSchema.of()
                        .integer("width")
                        .integer("height")
                        .text("locale", "such as de-DE")
                        .text("timezone", "such as Europe/Berlin")
                        .text("userAgent")
                        .text("profile", "name of the profile to start with, such as shop; a new name starts empty")
                        .choice("save", "always", "onSuccess", "never")
                        .object(
                                "storageState",
                                ToolSchema.of()
                                        .objects("cookies", ToolSchema.of())
                                        .objects("origins", ToolSchema.of())
                                        .require("cookies", "origins")),
                SessionTools::renew);
    }

    private static Offer link() {
        return Offer.acts(
                "session_link",
                "Create a link to the browser session that a person can open without an API key, to watch the session live and"
                        + " act in it, such as to log in. With whole, create a read-only link to everything kept of the session"
                        + " (timeline, recordings, logs).",
                ToolSchema.of().flag("whole"),
                SessionTools::link);
    }

    private static Offer end() {
        return Offer.acts(
                "end_session",
                "End the browser session, save its profile, and store its logs and recordings. The next tool that needs a"
                        + " browser opens a new one.",
                ToolSchema.of(),
                SessionTools::end);
    }

    private static Future<CallToolResult> pages(McpCall call) {
        ClientJson.requireKnown("", call.arguments(), List.of());
        Workbench bench = call.workbench();
        return bench.session()
                .compose(id -> bench.ask(id, new ReadPages()))
                .map(list ->
                        Offer.text(list.pages().stream().map(SessionTools::line).collect(Collectors.joining("\n"))));
    }

    private static String line(PageEntry page) {
        return (page.active() ? "* " : "  ") + page.pageId() + " " + page.url() + " " + page.title();
    }

    /** The arguments of {@code new_session}. */
    private record Renewal(
            Optional<Integer> width,
            Optional<Integer> height,
            Optional<String> locale,
            Optional<String> timezone,
            Optional<String> userAgent,
            Optional<String> profile,
            Optional<SaveProfile> save,
            Optional<GivenState> storageState) {
        Renewal {
            if (save.isPresent() && profile.isEmpty()) {
                throw Offer.invalid("save needs profile, the name of the profile to save");
            }
        }
    }

    /** Both lists are required here, so that a misspelt one is no empty state. */
    private record GivenState(List<StoredCookie> cookies, List<OriginStorage> origins) {
        GivenState {
            if (cookies == null || origins == null) {
                throw Offer.invalid("cookies and origins must be given");
            }
        }

        StorageState state() {
            return new StorageState(cookies, origins);
        }
    }

    private static Future<CallToolResult> renew(McpCall call) {
        Renewal given = ClientJson.read(Renewal.class, call.arguments());
        SessionOptions defaults = call.workbench().defaults();
        Viewport viewport = defaults.viewport();
        SessionOptions options = defaults.toBuilder()
                .viewport(new Viewport(
                        given.width().orElse(viewport.width()), given.height().orElse(viewport.height())))
                .userAgent(given.userAgent())
                .locale(given.locale())
                .timezone(given.timezone())
                .profile(given.profile()
                        .map(name -> new ProfileUse(name, given.save().orElse(SaveProfile.ALWAYS), Optional.empty())))
                .storageState(given.storageState().map(GivenState::state))
                .build();
        return call.workbench().renew(options).map(id -> Offer.text("the new session is " + id));
    }

    private record Linked(Optional<Boolean> whole) {}

    private static Future<CallToolResult> link(McpCall call) {
        boolean whole = ClientJson.read(Linked.class, call.arguments()).whole().orElse(false);
        Workbench bench = call.workbench();
        return (whole ? bench.existing() : bench.session())
                .compose(id -> bench.links().link(id, whole))
                .map(Offer::text);
    }

    private static Future<CallToolResult> end(McpCall call) {
        ClientJson.requireKnown("", call.arguments(), List.of());
        return call.workbench().end().map(id -> Offer.text("the session " + id + " has ended"));
    }

    private record Use(String sessionId) {}

    private static Future<CallToolResult> use(McpCall call) {
        SessionId id = SessionId.parse(
                        ClientJson.read(Use.class, call.arguments()).sessionId())
                .orElseThrow(() -> Offer.invalid("sessionId must be the id of a session"));
        return call.workbench().use(id).map(using -> Offer.text("using the session " + using));
    }
}
