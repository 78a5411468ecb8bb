package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.RawWebSocket;
import dev.berth.it.Api.Opened;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The live view's socket, its page, and links to it. */
class LiveIT {
    /** Changes its picture and its title with each step. */
    private static final String STEPS = "<title>step 0</title><body style='margin:0;background:rgb(0,0,200)'><script>"
            + "let n = 0; function step() { n++; document.title = 'step ' + n;"
            + " document.body.style.background = 'rgb(' + n * 40 % 256 + ',0,200)'; }</script>";

    private static final String FORM = """
            <title>Form</title><body style='margin:0'><style>body > * {position: absolute; left: 0; width: 200px; height: 30px}</style>
            <input id=text style='top:0'><button style='top:50px' onclick='answer = prompt("Who?", "Ann")'>Ask</button>
            <select id=list style='top:100px'><option>one<option>two<option>three</select>
            <input id=files type=file multiple style='top:150px'>""";

    private final Berth berth = Berth.shared();
    private final Api api = berth.api();
    private final List<RawWebSocket> open = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private Opened session(String html) {
        return api.create(new JsonObject().put("initialPrompt", berth.site.page(html)));
    }

    private RawWebSocket watch(Opened session, String query) {
        RawWebSocket viewer = RawWebSocket.open(session.socket(query));
        open.add(viewer);
        return viewer;
    }

    private RawWebSocket watch(Opened session) {
        return watch(session, session.token());
    }

    @AfterEach
    void leave() {
        open.forEach(RawWebSocket::close);
        threads.shutdownNow();
    }

    private static String tokenOf(JsonObject link) {
        return link.getString("url").substring(link.getString("url").indexOf("token="));
    }

    private JsonObject share(Opened session, JsonObject body) {
        Api.Answer made = api.post(session.path() + "/share", body);
        assertThat(made.status()).isEqualTo(201);
        return made.json();
    }

    /** The share of red of the picture's middle. */
    private static int red(RawWebSocket viewer) throws IOException {
        viewer.next("frame");
        var picture = ImageIO.read(new ByteArrayInputStream(viewer.next().payload()));
        return picture.getRGB(picture.getWidth() / 2, picture.getHeight() / 2) >> 16 & 0xff;
    }

    private static void assertRed(RawWebSocket viewer, int wanted) throws IOException {
        int seen = red(viewer);
        while (Math.abs(seen - wanted) > 8) {
            seen = red(viewer);
        }
    }

    @Test
    void aViewerSeesThePageAndItsChanges() throws Exception {
        Opened session = session(STEPS);
        RawWebSocket viewer = watch(session);
        assertThat(viewer.next("view").getBoolean("interactive")).isTrue();
        assertRed(viewer, 0);
        for (int step = 1; step <= 3; step++) {
            api.evaluate(session.path(), "step()");
            assertRed(viewer, step * 40);
        }
    }

    private static JsonObject message(String type) {
        return new JsonObject().put("type", type);
    }

    private static void click(RawWebSocket viewer, int y) {
        for (String action : List.of("down", "up")) {
            viewer.send(message("mouse")
                    .put("action", action)
                    .put("x", 100)
                    .put("y", y)
                    .put("button", "left")
                    .put("clickCount", 1));
        }
    }

    private static void press(RawWebSocket viewer, String key, int modifiers) {
        for (String action : List.of("down", "up")) {
            boolean types = modifiers == 0 && action.equals("down");
            viewer.send(message("key")
                    .put("action", action)
                    .put("key", key)
                    .put("code", "Key" + key.toUpperCase(Locale.ROOT))
                    .put("keyCode", (int) key.toUpperCase(Locale.ROOT).charAt(0))
                    .put("text", types ? key : "")
                    .put("modifiers", modifiers));
        }
    }

    private void awaitValue(Opened session, String expression, Object value) {
        Api.await(() -> api.evaluate(session.path(), expression), value::equals);
    }

    @Test
    void whatAPersonDoesReachesThePage() {
        Opened session = session(FORM);
        RawWebSocket viewer = watch(session);
        viewer.next("frame");
        click(viewer, 15);
        press(viewer, "h", 0);
        viewer.send(message("paste").put("text", "allo, "));
        viewer.send(message("text").put("text", "Welt"));
        awaitValue(session, "text.value", "hallo, Welt");
        press(viewer, "a", 2);
        viewer.send(message("copy"));
        assertThat(viewer.next("copied").getString("text")).isEqualTo("hallo, Welt");

        click(viewer, 65);
        JsonObject dialog = viewer.next("dialog");
        assertThat(dialog.getString("dialogType")).isEqualTo("prompt");
        assertThat(dialog.getString("message")).isEqualTo("Who?");
        viewer.send(message("dialog").put("accept", true).put("promptText", "Berta"));
        assertThat(viewer.next("dialog").getBoolean("open")).isFalse();
        awaitValue(session, "answer", "Berta");

        click(viewer, 115);
        JsonObject list = viewer.next("select");
        assertThat(list.getJsonArray("options")).hasSize(3);
        viewer.send(
                message("select").put("selectId", list.getString("selectId")).put("indexes", new JsonArray().add(2)));
        awaitValue(session, "list.value", "three");

        click(viewer, 165);
        JsonArray files = new JsonArray()
                .add(new JsonObject().put("name", "a.txt").put("bytes", 5))
                .add(new JsonObject().put("name", "empty.txt").put("bytes", 0));
        viewer.send(message("files")
                .put("chooserId", viewer.next("fileChooser").getString("chooserId"))
                .put("files", files));
        viewer.send(RawWebSocket.BINARY, Buffer.buffer("hello"));
        awaitValue(session, "[...files.files].map(f => f.name + f.size).join()", "a.txt5,empty.txt0");

        List<String> log = api.get(session.path() + "/actions").list("actions").stream()
                .map(JsonObject.class::cast)
                .filter(action -> action.getString("source").equals("live"))
                .map(action -> action.getString("type"))
                .toList();
        assertThat(log).contains("click", "fill", "select", "upload").doesNotContain("type", "paste");
    }

    private static void pressRight(RawWebSocket viewer, int y) {
        for (String action : List.of("down", "up")) {
            viewer.send(message("mouse")
                    .put("action", action)
                    .put("x", 100)
                    .put("y", y)
                    .put("button", "right")
                    .put("clickCount", 1));
        }
    }

    @Test
    void aRightClickThatThePageLeavesToTheBrowserOpensAMenu() {
        Opened session = session("""
                <body style='margin:0'><style>body > :not(style) {display: block; height: 40px; width: 300px; margin: 0; border: 0; padding: 0}</style>
                <input value=text><p>words</p><div oncontextmenu='event.preventDefault(); own = true'>own</div>
                <iframe srcdoc='<body oncontextmenu="event.preventDefault()">inner'></iframe>""");
        RawWebSocket viewer = watch(session);
        viewer.next("frame");
        awaitValue(session, "frames[0].document.body.hasAttribute('oncontextmenu')", true);
        pressRight(viewer, 100);
        awaitValue(session, "window.own", true);
        pressRight(viewer, 140);
        pressRight(viewer, 60);
        JsonObject menu = viewer.next("contextMenu");
        assertThat(menu.getDouble("y")).as("the first two are the page's own").isEqualTo(60);
        assertThat(menu.getBoolean("editable")).isFalse();
        click(viewer, 20);
        press(viewer, "a", 2);
        pressRight(viewer, 20);
        menu = viewer.next("contextMenu");
        assertThat(menu.getBoolean("editable")).isTrue();
        assertThat(menu.getBoolean("selected")).isTrue();
    }

    @Test
    void pagesAreTabs() {
        Opened session = session(STEPS);
        RawWebSocket viewer = watch(session);
        String first =
                viewer.next("pages", pages -> pages.getString("shown") != null).getString("shown");
        RawWebSocket stays = watch(session);
        stays.next("pages", pages -> first.equals(pages.getString("shown")));
        stays.send(message("show").put("pageId", first));
        api.evaluate(session.path(), "void open('" + berth.site.url("/two") + "')");
        JsonObject both = viewer.next(
                "pages", pages -> pages.getJsonArray("pages").size() == 2 && !first.equals(pages.getString("shown")));
        String second = both.getString("shown");
        // Its first frame may have come before the list.
        api.act(
                session.path(),
                "evaluate",
                new JsonObject()
                        .put("expression", "document.body.style.background = 'red'")
                        .put("page", second));
        viewer.next("frame", frame -> frame.getString("pageId").equals(second));
        assertThat(stays.next("pages", pages -> pages.getJsonArray("pages").size() == 2)
                        .getString("shown"))
                .isEqualTo(first);
    }

    @Test
    void aPersonOpensChoosesAndClosesPages() {
        Opened session = session(STEPS);
        RawWebSocket viewer = watch(session);
        String first =
                viewer.next("pages", pages -> pages.getString("shown") != null).getString("shown");
        viewer.send(message("openPage").put("url", berth.site.url("/two")));
        String second = viewer.next(
                        "pages",
                        // A page that is still on its way to its first address may arrive there after the next one.
                        pages -> pages.encode().contains("Two") && !first.equals(pages.getString("shown")))
                .getString("shown");
        viewer.send(message("activatePage").put("pageId", first));
        viewer.next("pages", pages -> first.equals(pages.getString("shown")));
        viewer.send(message("navigate").put("url", berth.site.url("/plain")).put("pageId", second));
        viewer.next(
                "pages",
                pages ->
                        pages.getString("shown").equals(first) && pages.encode().contains("Plain"));
        viewer.send(message("closePage").put("pageId", second));
        viewer.next("pages", pages -> pages.getJsonArray("pages").size() == 1);
        viewer.send(message("closePage").put("pageId", second));
        assertThat(viewer.next("error").getString("message")).isNotEmpty();
    }

    @Test
    void aPersonGoesBackWhileAVerbWaitsForThat() throws Exception {
        Opened session = session(FORM);
        RawWebSocket viewer = watch(session);
        viewer.next("frame");
        viewer.send(message("navigate").put("url", berth.site.page(STEPS)));
        viewer.next("pages", pages -> pages.encode().contains("step 0"));
        JsonObject wait = new JsonObject().put("selector", "#text").put("timeout", 60_000);
        Future<Api.Answer> waited = threads.submit(() -> api.post(session.path() + "/wait-for", wait));
        api.get(session.path() + "/health");
        viewer.send(message("back"));
        assertThat(waited.get().status()).isEqualTo(200);
    }

    @Test
    void aViewerThatNeverReadsHoldsUpNoneOfTheOthers() throws Exception {
        Opened session = session(STEPS);
        List<RawWebSocket> viewers = new ArrayList<>();
        watch(session); // is not read from here on
        for (int i = 1; i < 20; i++) {
            viewers.add(watch(session));
        }
        for (int step = 1; step <= 6; step++) {
            api.evaluate(session.path(), "step()");
            for (RawWebSocket viewer : viewers) {
                assertRed(viewer, step * 40);
            }
        }
    }

    @Test
    void aSessionHasALimitedNumberOfViewers() {
        Opened session = session(STEPS);
        for (int i = 0; i < 32; i++) {
            watch(session);
        }
        Upgrade.Refusal refused = Upgrade.refused(session.socket(session.token()));
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.message()).isEqualTo("a session can have at most 32 viewers");
    }

    @Test
    void tokensOfAnotherPurposeAreRefused() {
        Opened session = session(STEPS);
        String cdpToken = session.connectUrl().substring(session.connectUrl().indexOf("token="));
        assertThat(Upgrade.refused(session.socket(cdpToken)).status()).isEqualTo(401);
        assertThat(Upgrade.refused(session.connectUrl().replace(cdpToken, session.token()))
                        .status())
                .isEqualTo(401);
        Opened other = session(STEPS);
        assertThat(Upgrade.refused(session.socket(other.token())).status()).isEqualTo(401);
        String link = tokenOf(share(other, new JsonObject()));
        assertThat(Upgrade.refused(session.socket(link)).status()).isEqualTo(401);
        assertThat(Upgrade.refused(session.socket("token=.")).status()).isEqualTo(401);
        assertThat(Upgrade.refused(session.socket("token=")).status()).isEqualTo(401);
        assertThat(Upgrade.refused(session.socket(session.token() + "&interactive=yes"))
                        .status())
                .isEqualTo(400);
        assertThat(Upgrade.refused(session.socket(session.token() + "&interactve=false"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void theEndIsToldAndLaterViewersLearnOfIt() {
        Opened session = session(STEPS);
        RawWebSocket viewer = watch(session);
        String link = tokenOf(share(session, new JsonObject()));
        viewer.next("frame");
        api.delete(session.path());
        assertThat(viewer.next("ended").getString("reason")).isEqualTo("client");
        assertThat(viewer.closed().closeCode()).isEqualTo(4010);
        assertThat(Upgrade.refused(session.socket(session.token())).message()).isEqualTo("the session ended: client");
        assertThat(Upgrade.refused(session.socket(link)).status()).isEqualTo(410);
        assertThat(Api.fetch(session.socket(session.token())).error().getString("code"))
                .isEqualTo("session_ended");
        assertThat(api.post(session.path() + "/share", new JsonObject()).status())
                .isEqualTo(410);
    }

    @Test
    void theOwnersTokenReadsWhatAnEndedSessionLeft() {
        Opened session = session(STEPS);
        Opened other = session(STEPS);
        JsonObject acting = share(session, new JsonObject().put("interactive", true));
        String cdpToken = session.connectUrl().substring(session.connectUrl().indexOf("token="));
        api.act(session.path(), "screenshot", new JsonObject());
        api.delete(session.path());
        String base = berth.server.url() + session.path();
        for (String kind : List.of("/artifacts", "/actions", "/console", "/network", "/har")) {
            assertThat(Api.fetch(base + kind + "?" + session.token()).status()).isEqualTo(200);
            for (String token : List.of(tokenOf(acting), other.token(), cdpToken, "token=x", "")) {
                assertThat(Api.fetch(base + kind + "?" + token).status())
                        .as(kind + " " + token)
                        .isEqualTo(401);
            }
        }
        JsonObject picture = Api.fetch(base + "/artifacts?" + session.token())
                .list("artifacts")
                .getJsonObject(0);
        assertThat(Api.fetch(picture.getString("publicUrl")).status()).isEqualTo(200);
        assertThat(Api.fetch(base + "?" + session.token()).status()).isEqualTo(401);
    }

    @Test
    void aDownloadIsToldAndItsOwnerGetsALink() {
        Opened session = session(
                "<a download='note.txt' href='data:text/plain,hello' style='display:block;height:100px'>Save</a>");
        RawWebSocket helper = watch(session, tokenOf(share(session, new JsonObject().put("interactive", true))));
        RawWebSocket owner = watch(session);
        helper.next("frame");
        click(helper, 10);
        JsonObject file = owner.next(
                        "download", told -> told.getJsonObject("artifact").getString("publicUrl") != null)
                .getJsonObject("artifact");
        assertThat(file.getString("fileName")).isEqualTo("note.txt");
        assertThat(Api.fetch(file.getString("publicUrl")).text()).isEqualTo("hello");
        JsonObject same = helper.next("download").getJsonObject("artifact");
        assertThat(same.getString("objectId")).isEqualTo(file.getString("objectId"));
        assertThat(same.getString("publicUrl")).isNull();
    }

    @Test
    void aLinkLetsInUntilItIsRevoked() {
        Opened session = session(STEPS);
        JsonObject link = share(session, new JsonObject().put("ttl", 60_000));
        assertThat(link.getBoolean("interactive")).isFalse();
        JsonObject acting = share(session, new JsonObject().put("interactive", true));
        RawWebSocket watching = watch(session, tokenOf(link));
        RawWebSocket other = watch(session, tokenOf(acting));
        assertThat(watching.next("view").getBoolean("interactive")).isFalse();
        assertThat(other.next("view").getBoolean("interactive")).isTrue();
        watching.send(new JsonObject().put("type", "reload"));
        assertThat(watching.next("error").getString("message")).isEqualTo("this link is for watching only");
        assertThat(api.get(session.path() + "/share").list("links")).containsExactly(link, acting);

        String path = session.path() + "/share/" + link.getString("linkId");
        assertThat(new Api(berth.server.url(), "no-key").delete(path).status()).isEqualTo(401);
        assertThat(api.delete(path).json()).isEqualTo(new JsonObject().put("success", true));
        RawWebSocket.Frame closed = watching.closed();
        assertThat(closed.closeCode()).isEqualTo(4003);
        assertThat(closed.closeReason()).isEqualTo("the link was revoked");
        assertThat(Upgrade.refused(session.socket(tokenOf(link))).status()).isEqualTo(401);
        assertThat(api.delete(path).status()).isEqualTo(404);
        assertThat(api.get(session.path() + "/share").list("links")).containsExactly(acting);
        other.next("frame");
    }

    @Test
    void linksAreBoundedInNumberAndLife() {
        Opened session = session(STEPS);
        for (long ttl : List.of(0L, 999L, 2_592_000_001L)) {
            assertThat(api.post(session.path() + "/share", new JsonObject().put("ttl", ttl))
                            .status())
                    .isEqualTo(400);
        }
        for (int i = 0; i < 100; i++) {
            share(session, new JsonObject());
        }
        Api.Answer more = api.post(session.path() + "/share", new JsonObject());
        assertThat(more.status()).isEqualTo(429);
        assertThat(more.error().getString("message")).isEqualTo("a session can have at most 100 links");
    }

    @Test
    void anotherUsersSessionHasNoLinks() {
        String nobodys = "/api/sessions/session-00000000-0000-0000-0000-000000000000/share";
        assertThat(api.get(nobodys).status()).isEqualTo(404);
        assertThat(api.post(nobodys, new JsonObject()).status()).isEqualTo(404);
        assertThat(api.delete(nobodys + "/0123456789abcdef").status()).isEqualTo(404);
    }

    @Test
    void thePageCanBeFramedAndLoadsNothingFromElsewhere() {
        Opened session = session(STEPS);
        Api.Answer page = Api.fetch(session.liveUrl());
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self';")
                .doesNotContain("unsafe", "frame-ancestors");
        assertThat(page.headers().firstValue("X-Frame-Options")).isEmpty();
        assertThat(page.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        assertThat(page.text()).doesNotContain("=\"http", "=\"//").contains("live.js");
        String folder = session.liveUrl().substring(0, session.liveUrl().indexOf("session-"));
        List<String> parts = Pattern.compile("from '\\./(\\S+)'")
                .matcher(Api.fetch(folder + "live.js").text())
                .results()
                .map(part -> part.group(1))
                .toList();
        assertThat(parts).contains("task.js");
        parts.forEach(
                part -> assertThat(Api.fetch(folder + part).status()).as(part).isEqualTo(200));
        assertThat(Api.fetch(folder + "live.html").status()).isEqualTo(404);
        assertThat(Api.fetch(folder + "nothing").status()).isEqualTo(404);
        JsonObject told = Api.fetch(session.socket(session.token())).json();
        assertThat(told.getString("status")).isEqualTo("running");
        assertThat(told.getBoolean("interactive")).isTrue();
    }

    @Test
    void anUnannouncedPictureIsNoMessage() {
        RawWebSocket viewer = watch(session(STEPS));
        viewer.send(RawWebSocket.BINARY, Buffer.buffer("x"));
        assertThat(viewer.closed().closeCode()).isEqualTo(1003);
    }
}
