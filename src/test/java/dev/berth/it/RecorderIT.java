package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.RawWebSocket;
import dev.berth.it.Api.Opened;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people and CDP clients do is logged as what verbs do. */
class RecorderIT {
    private static final String INNER = "<body style='margin:0'><button style='width:200px;height:30px'>Pay</button>";
    private static final String FORM = """
            <title>Form</title><body style='margin:0'><style>body > * {position: absolute; left: 0; width: 200px; height: 30px; margin: 0}</style>
            <input id=who aria-label="Your name" style='top:0'><input id=pass type=password aria-label=Password style='top:40px'>
            <button style='top:80px' onclick='window.open("%s")'>Open</button>
            <label style='top:120px'><input type=checkbox> I agree</label>
            <select aria-label=Size style='top:160px'><option>one<option>two<option>three</select>
            <iframe name=pay src="%s" style='top:200px;border:0'></iframe>
            <canvas style='top:240px'></canvas>
            <button style='top:320px' onclick='const f = document.createElement("iframe"); f.name = "made"; f.src = "%s"; document.body.append(f); f.style.top = "360px"'>Frame</button>
            <div id=card style='top:280px;user-select:none'>Card</div>""";

    private static final String DRAG = "drag by={\"x\":0,\"y\":40} on #card";
    private static final String PAY = "click on role=button[name=\"Pay\"s] in [\"iframe[name=\\\"pay\\\"]\"]";

    private final Berth berth = Berth.shared();
    private final Api api = berth.api();

    private String form() {
        String inner =
                berth.site.otherSiteUrl(URI.create(berth.site.page(INNER)).getPath());
        return berth.site.page(FORM.formatted(berth.site.page(INNER), inner, berth.site.page(INNER)));
    }

    private List<JsonObject> log(Opened session, String source) {
        return api.get(session.path() + "/actions?limit=1000").list("actions").stream()
                .map(JsonObject.class::cast)
                .filter(action -> action.getString("source").equals(source))
                .toList();
    }

    private static String line(JsonObject action) {
        JsonObject details = action.getJsonObject("details");
        JsonObject element = details.getJsonObject("element", new JsonObject());
        StringBuilder line = new StringBuilder(action.getString("type"));
        for (String key :
                List.of("clickCount", "checked", "value", "values", "key", "files", "text", "position", "by", "x")) {
            if (details.containsKey(key) && !(key.equals("clickCount") && details.getInteger(key) == 1)) {
                line.append(' ').append(key).append('=').append(details.getValue(key));
            }
        }
        if (details.containsKey("selector")) {
            line.append(" on ").append(details.getString("selector"));
        }
        return element.getJsonArray("frames", new JsonArray()).isEmpty()
                ? line.toString()
                : line + " in " + element.getJsonArray("frames").encode();
    }

    /** Those of the log, once it has the last one. */
    private List<String> lines(Opened session, String source, String last) {
        return Api.await(
                () -> log(session, source).stream().map(RecorderIT::line).toList(), lines -> lines.contains(last));
    }

    private static JsonObject message(String type) {
        return new JsonObject().put("type", type);
    }

    private static void mouse(RawWebSocket viewer, String action, int y, int clickCount) {
        viewer.send(message("mouse")
                .put("action", action)
                .put("x", 100)
                .put("y", y)
                .put("button", "left")
                .put("clickCount", clickCount));
    }

    private static void click(RawWebSocket viewer, int y) {
        mouse(viewer, "down", y, 1);
        mouse(viewer, "up", y, 1);
    }

    private static void key(RawWebSocket viewer, String key, String text, int keyCode) {
        for (String action : List.of("down", "up")) {
            viewer.send(message("key")
                    .put("action", action)
                    .put("key", key)
                    .put("code", key)
                    .put("keyCode", keyCode)
                    .put("text", action.equals("down") ? text : ""));
        }
    }

    /** @param page empty for the active one */
    private void awaitTrue(Opened session, String page, String expression) {
        JsonObject evaluation = new JsonObject().put("expression", expression);
        JsonObject on = page.isEmpty() ? evaluation : evaluation.put("page", page);
        Api.await(
                () -> api.act(session.path(), "evaluate", on.copy()),
                told -> Boolean.TRUE.equals(told.getValue("result")));
    }

    /** With its iframe. */
    private void awaitForm(Opened session) {
        awaitTrue(session, "", "document.readyState === 'complete' && !!document.querySelector('#card')");
    }

    @Test
    void whatAPersonDoesReadsLikeVerbs() {
        Opened session = api.create(new JsonObject().put("initialPrompt", form()));
        RawWebSocket viewer = RawWebSocket.open(session.socket(session.token()));
        viewer.next("frame");
        awaitForm(session);
        click(viewer, 15);
        key(viewer, "A", "A", 65);
        viewer.send(message("text").put("text", "nn"));
        key(viewer, "Tab", "", 9);
        key(viewer, "s", "s", 83);
        viewer.send(message("paste").put("text", "3cret"));
        click(viewer, 135);
        click(viewer, 175);
        JsonObject list = viewer.next("select");
        viewer.send(
                message("select").put("selectId", list.getString("selectId")).put("indexes", new JsonArray().add(2)));
        click(viewer, 215);
        click(viewer, 255);
        click(viewer, 295);
        mouse(viewer, "down", 295, 2);
        mouse(viewer, "up", 295, 2);
        click(viewer, 335);
        awaitTrue(session, "", "frames.length === 2 && !!frames[1].document.querySelector('button')");
        click(viewer, 375);
        mouse(viewer, "down", 295, 1);
        mouse(viewer, "move", 320, 0);
        mouse(viewer, "up", 335, 1);
        // What a page tells while a verb acts on it is the verb's.
        lines(session, "live", DRAG);
        api.act(session.path(), "click", new JsonObject().put("selector", "#who"));
        click(viewer, 95);
        String popup = viewer.next("pages", pages -> pages.getJsonArray("pages").size() == 2)
                .getString("shown");
        awaitTrue(session, popup, "document.readyState === 'complete' && !!document.querySelector('button')");
        click(viewer, 15);
        assertThat(lines(session, "live", "click on role=button[name=\"Pay\"s]"))
                .containsExactly(
                        "click on role=textbox[name=\"Your name\"s]",
                        "fill value=Ann on role=textbox[name=\"Your name\"s]",
                        "press key=Tab on role=textbox[name=\"Your name\"s]",
                        "fill value=[redacted] on role=textbox[name=\"Password\"s]",
                        "click checked=true on role=checkbox[name=\"I agree\"s]",
                        "select values=[\"three\"] on role=combobox[name=\"Size\"s]",
                        "click on role=button[name=\"Pay\"s] in [\"iframe[name=\\\"pay\\\"]\"]",
                        "click x=100",
                        "click clickCount=2 on #card",
                        "click on role=button[name=\"Frame\"s]",
                        "click on role=button[name=\"Pay\"s] in [\"iframe[name=\\\"made\\\"]\"]",
                        DRAG,
                        "click on role=button[name=\"Open\"s]",
                        "click on role=button[name=\"Pay\"s]");
        assertThat(log(session, "rest")).extracting(RecorderIT::line).contains("click on #who");
        assertThat(api.get(session.path() + "/actions?limit=1000").text()).doesNotContain("3cret");
        viewer.close();
    }

    @Test
    void whatAClientDoesReadsLikeVerbs() {
        Opened session = api.create(new JsonObject().put("initialPrompt", form()));
        awaitForm(session);
        CdpClient client = CdpClient.connect(session.connectUrl());
        String page = client.attach();
        clientClick(client, page, 15);
        client.send("Input.insertText", new JsonObject().put("text", "Ann"), page);
        clientClick(client, page, 55);
        client.send("Input.insertText", new JsonObject().put("text", "s3cret"), page);
        clientClick(client, page, 215);
        lines(session, "cdp", PAY);
        // As setContent and setInputFiles of clients do.
        client.evaluate("""
                document.open(); document.write('<button style="width:200px">New</button><p><input type=file id=file>');
                document.close()""", page);
        clientClick(client, page, 15);
        client.evaluate("""
                (() => {
                  const given = new DataTransfer();
                  given.items.add(new File(['a'], 'a.txt'));
                  file.files = given.files;
                  for (let twice = 0; twice < 2; twice++) file.dispatchEvent(new Event('change', {bubbles: true}));
                })()""", page);
        assertThat(lines(session, "cdp", "upload files=[\"a.txt\"] on #file"))
                .containsExactly(
                        "click on role=textbox[name=\"Your name\"s]",
                        "fill value=Ann on role=textbox[name=\"Your name\"s]",
                        "click on role=textbox[name=\"Password\"s]",
                        "fill value=[redacted] on role=textbox[name=\"Password\"s]",
                        PAY,
                        "click on role=button[name=\"New\"s]",
                        "upload files=[\"a.txt\"] on #file");
        client.leave();
    }

    @Test
    void aCanvasInAnIframeIsNamedWithThePointInIt() {
        String inner = berth.site.page(
                "<body style='margin:0'><canvas style='display:block'></canvas>" + "<div style='height:900px'></div>");
        String other = berth.site.otherSiteUrl(URI.create(inner).getPath());
        Opened session =
                api.create(new JsonObject().put("initialPrompt", berth.site.page("""
                        <body style='margin:0'><style>iframe {position: absolute; left: 10px; border: 0; height: 100px}</style>
                        <iframe name=same src='%s' style='top:0'></iframe><iframe name=other src='%s' style='top:100px'></iframe>""".formatted(inner, other))));
        awaitTrue(session, "", "document.readyState === 'complete'");
        CdpClient client = CdpClient.connect(session.connectUrl());
        String page = client.attach();
        clientClick(client, page, 20);
        clientClick(client, page, 120);
        clientMouse(client, page, "mousePressed", 120);
        clientMouse(client, page, "mouseMoved", 130);
        clientMouse(client, page, "mouseReleased", 150);
        client.send(
                "Input.dispatchMouseEvent",
                new JsonObject()
                        .put("type", "mouseWheel")
                        .put("x", 100)
                        .put("y", 120)
                        .put("deltaX", 0)
                        .put("deltaY", 50),
                page);
        String last = "scroll x=0 on html in [\"iframe[name=\\\"other\\\"]\"]";
        assertThat(lines(session, "cdp", last))
                .containsExactly(
                        "click position={\"x\":90,\"y\":20} on html > body > canvas in [\"iframe[name=\\\"same\\\"]\"]",
                        "click position={\"x\":90,\"y\":20} on html > body > canvas in [\"iframe[name=\\\"other\\\"]\"]",
                        "drag position={\"x\":90,\"y\":20} by={\"x\":0,\"y\":30} on html > body > canvas in [\"iframe[name=\\\"other\\\"]\"]",
                        last);
        client.leave();
    }

    /** The page holds its second field: Chrome collects one that nothing holds, with its chooser. */
    @Test
    void filesPastesAndTouchesAreOneEntryEach() {
        Opened session = api.create(new JsonObject().put("initialPrompt", berth.site.page("""
                        <body style='margin:0;height:3000px'><style>body > * {position: absolute; left: 0; width: 200px; height: 30px; margin: 0}</style>
                        <input id=file type=file style='top:0'>
                        <button style='top:40px' onclick='window.f = document.createElement("input"); f.type = "file";
                          f.click()'>Attach</button>
                        <div id=editor contenteditable style='top:80px' onpaste='event.preventDefault();
                          this.textContent = event.clipboardData.getData("text/plain")'></div>""")));
        RawWebSocket viewer = RawWebSocket.open(session.socket(session.token()));
        viewer.next("frame");
        awaitTrue(session, "", "document.readyState === 'complete'");
        click(viewer, 15);
        give(viewer, "a.txt");
        // The entry of an upload comes when all of it is done, which is after the page has the file.
        lines(session, "live", "upload files=[\"a.txt\"] on #file");
        click(viewer, 55);
        give(viewer, "b.txt");
        lines(session, "live", "upload files=[\"b.txt\"]");
        click(viewer, 95);
        viewer.send(message("paste").put("text", "words"));
        awaitTrue(session, "", "editor.textContent === 'words'");
        finger(viewer, "start", 400);
        finger(viewer, "move", 350);
        finger(viewer, "move", 300);
        viewer.send(message("touch").put("action", "end").put("points", new JsonArray()));
        assertThat(lines(session, "live", "scroll x=0"))
                .containsExactly(
                        "upload files=[\"a.txt\"] on #file",
                        "click on role=button[name=\"Attach\"s]",
                        "upload files=[\"b.txt\"]",
                        "click on #editor",
                        "paste text=words on #editor",
                        "scroll x=0");
        viewer.close();
    }

    @Test
    void aPasteIsOneEntryHoweverThePageTakesIt() {
        String fills =
                "event.preventDefault(); document.execCommand(\"insertText\", false, event.clipboardData.getData(\"text/plain\"))";
        String inner = berth.site.page(
                "<body style='margin:0'><textarea style='height:30px' onpaste='" + fills + "'></textarea>");
        Opened session =
                api.create(new JsonObject().put("initialPrompt", berth.site.page("""
                        <body style='margin:0'><style>body > * {position: absolute; left: 0; width: 200px; height: 30px; margin: 0}</style>
                        <textarea id=filled style='top:0' onpaste='%s'></textarea>
                        <iframe name=inner src='%s' style='top:40px;border:0'></iframe>
                        <input id=pass type=password style='top:80px' onpaste='event.preventDefault(); this.value = event.clipboardData.getData("text/plain")'>
                        <button style='top:120px' onclick='pass.type = "text"'>Show</button>
                        <textarea id=long style='top:160px' onpaste='event.preventDefault(); this.value = "long"'></textarea>
                        <div id=last style='top:200px;user-select:none'>Last</div>""".formatted(fills, inner))));
        RawWebSocket viewer = RawWebSocket.open(session.socket(session.token()));
        viewer.next("frame");
        awaitTrue(session, "", "document.readyState === 'complete'");
        for (int y : List.of(15, 55)) {
            click(viewer, y);
            viewer.send(message("paste").put("text", "words"));
        }
        click(viewer, 95);
        viewer.send(message("text").put("text", "s3cret"));
        click(viewer, 135);
        click(viewer, 95);
        viewer.send(message("paste").put("text", "an0ther"));
        click(viewer, 175);
        viewer.send(message("paste").put("text", "y".repeat(4_100)));
        click(viewer, 215);
        assertThat(lines(session, "live", "click on #last"))
                .containsExactly(
                        "click on #filled",
                        "fill value=words on #filled",
                        "click on html > body > textarea in [\"iframe[name=\\\"inner\\\"]\"]",
                        "fill value=words on html > body > textarea in [\"iframe[name=\\\"inner\\\"]\"]",
                        "click on #pass",
                        "fill value=[redacted] on #pass",
                        "click on role=button[name=\"Show\"s]",
                        "click on #pass",
                        "paste text=[redacted] on #pass",
                        "click on #long",
                        "paste text=" + "y".repeat(4_056) + "… (44 more characters) on #long",
                        "click on #last");
        awaitTrue(session, "", "filled.value === 'words' && pass.value === 'an0ther'");
        viewer.close();
    }

    @Test
    void filesOfAFieldInAnIframeOfAnotherSiteAreOneEntry() {
        String inner = berth.site.otherSiteUrl(
                URI.create(berth.site.page("<input id=file type=file>")).getPath());
        Opened session = api.create(new JsonObject()
                .put("initialPrompt", berth.site.page("<iframe name=inner src='%s'></iframe>".formatted(inner))));
        awaitTrue(session, "", "document.readyState === 'complete'");
        String file = Api.send(api.request(session.path() + "/files/a.txt").PUT(BodyPublishers.ofString("a")))
                .json()
                .getString("path");
        CdpClient client = CdpClient.connect(session.connectUrl());
        String page = client.attach();
        String iframe = client.send("Page.getFrameTree", new JsonObject(), page)
                .getJsonObject("frameTree")
                .getJsonArray("childFrames")
                .getJsonObject(0)
                .getJsonObject("frame")
                .getString("id");
        int world = client.send("Page.createIsolatedWorld", new JsonObject().put("frameId", iframe), page)
                .getInteger("executionContextId");
        String input = client.send(
                        "Runtime.evaluate",
                        new JsonObject()
                                .put("expression", "document.getElementById('file')")
                                .put("contextId", world),
                        page)
                .getJsonObject("result")
                .getString("objectId");
        client.send(
                "DOM.setFileInputFiles",
                new JsonObject().put("objectId", input).put("files", new JsonArray().add(file)),
                page);
        client.leave();
        String upload = "upload files=[\"a.txt\"] on #file in [\"iframe[name=\\\"inner\\\"]\"]";
        assertThat(lines(session, "cdp", upload).stream().filter(line -> line.startsWith("upload")))
                .containsExactly(upload);
    }

    private static void give(RawWebSocket viewer, String name) {
        String chooser =
                viewer.next("fileChooser", told -> told.containsKey("multiple")).getString("chooserId");
        viewer.send(message("files")
                .put("chooserId", chooser)
                .put(
                        "files",
                        new JsonArray().add(new JsonObject().put("name", name).put("bytes", 0))));
    }

    private static void finger(RawWebSocket viewer, String action, int y) {
        JsonObject point = new JsonObject().put("id", 0).put("x", 300).put("y", y);
        viewer.send(message("touch").put("action", action).put("points", new JsonArray().add(point)));
    }

    private static void clientClick(CdpClient client, String page, int y) {
        clientMouse(client, page, "mousePressed", y);
        clientMouse(client, page, "mouseReleased", y);
    }

    private static void clientMouse(CdpClient client, String page, String type, int y) {
        client.send(
                "Input.dispatchMouseEvent",
                new JsonObject()
                        .put("type", type)
                        .put("x", 100)
                        .put("y", y)
                        .put("button", "left")
                        .put("clickCount", 1),
                page);
    }
}
