package dev.berth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.http.CdpPolicy.Verdict;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CdpPolicyTest {
    private final CdpPolicy policy = new CdpPolicy(
            new CdpEndpoint("127.0.0.1", 1, "/", Optional.of("/profile/downloads"), Optional.of("/profile/uploads")));
    private final CdpPolicy withoutFolders =
            new CdpPolicy(new CdpEndpoint("127.0.0.1", 1, "/", Optional.empty(), Optional.empty()));

    private static Verdict judge(CdpPolicy policy, String message) throws CdpCommand.Malformed {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        return policy.judge(CdpCommand.parse(bytes, bytes.length), bytes, bytes.length);
    }

    private Verdict judge(String method, JsonObject params) throws CdpCommand.Malformed {
        return judge(
                policy,
                new JsonObject()
                        .put("method", method)
                        .put("params", params)
                        .put("id", 7)
                        .encode());
    }

    @Test
    void closingTheBrowserEndsTheSession() throws CdpCommand.Malformed {
        assertThat(judge("Browser.close", new JsonObject())).isEqualTo(new Verdict.EndSession());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Browser.crash",
                "Browser.crashGpuProcess",
                "SystemInfo.getInfo",
                "SystemInfo.getProcessInfo",
                "Target.exposeDevToolsProtocol"
            })
    void whatReachesTheHostIsRefused(String method) throws CdpCommand.Malformed {
        assertThat(CdpPolicy.judges(method)).isTrue();
        assertThat(judge(method, new JsonObject())).isInstanceOf(Verdict.Refuse.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Runtime.evaluate", "Target.closeTarget", "Page.close", "Browser.getVersion"})
    void mostIsNoBusinessOfPolicy(String method) {
        assertThat(CdpPolicy.judges(method)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"allow", "allowAndName", "default"})
    void downloadsGoToTheSessionsFolder(String behavior) throws CdpCommand.Malformed {
        Verdict verdict = judge(
                "Browser.setDownloadBehavior",
                new JsonObject()
                        .put("behavior", behavior)
                        .put("downloadPath", "/etc")
                        .put("eventsEnabled", true));
        assertThat(verdict).isInstanceOf(Verdict.Rewrite.class);
        assertThat(new JsonObject(new String(((Verdict.Rewrite) verdict).message(), StandardCharsets.UTF_8)))
                .isEqualTo(new JsonObject()
                        .put("id", 7)
                        .put("method", "Browser.setDownloadBehavior")
                        .put(
                                "params",
                                new JsonObject()
                                        .put("behavior", "allowAndName")
                                        .put("downloadPath", "/profile/downloads")
                                        .put("eventsEnabled", true)));
    }

    @Test
    void downloadsMayBeDeniedAndWithoutAFolderAreNotTouched() throws CdpCommand.Malformed {
        assertThat(judge("Browser.setDownloadBehavior", new JsonObject().put("behavior", "deny")))
                .isEqualTo(new Verdict.Forward());
        assertThat(judge(
                        withoutFolders,
                        "{\"id\":1,\"method\":\"Browser.setDownloadBehavior\",\"params\":{\"behavior\":\"allow\"}}"))
                .isEqualTo(new Verdict.Forward());
    }

    @Test
    void filesComeFromTheSessionsFolderAlone() throws CdpCommand.Malformed {
        assertThat(setFiles("/profile/uploads/a.txt", "/profile/uploads/b/c.txt"))
                .isEqualTo(new Verdict.Forward());
        assertThat(setFiles()).isEqualTo(new Verdict.Forward());
        assertThat(setFiles("/profile/uploads/a.txt", "/etc/passwd"))
                .isEqualTo(new Verdict.Refuse("files must be uploaded with POST /api/sessions/:id/upload"));
        assertThat(setFiles("/profile/uploads/../../etc/passwd")).isInstanceOf(Verdict.Refuse.class);
        assertThat(setFiles("/profile/uploads2/x")).isInstanceOf(Verdict.Refuse.class);
        assertThat(setFiles("a\0b")).isInstanceOf(Verdict.Refuse.class);
        assertThat(judge(
                        withoutFolders,
                        "{\"id\":1,\"method\":\"DOM.setFileInputFiles\",\"params\":{\"files\":[\"/tmp/x\"]}}"))
                .isInstanceOf(Verdict.Refuse.class);
    }

    private Verdict setFiles(String... files) throws CdpCommand.Malformed {
        return judge("DOM.setFileInputFiles", new JsonObject().put("files", new JsonArray(java.util.List.of(files))));
    }

    @Test
    void aDragBringsNoFilesOfTheHost() throws CdpCommand.Malformed {
        JsonObject data =
                new JsonObject().put("items", new JsonArray()).put("files", new JsonArray().add("/etc/passwd"));
        assertThat(judge(
                        "Input.dispatchDragEvent",
                        new JsonObject().put("type", "drop").put("data", data)))
                .isInstanceOf(Verdict.Refuse.class);
        data.remove("files");
        assertThat(judge(
                        "Input.dispatchDragEvent",
                        new JsonObject().put("type", "drop").put("data", data)))
                .isEqualTo(new Verdict.Forward());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"file:///etc/passwd", " FILE:///x", "fi\nle:///x", "chrome://version", "view-source:file:///x"})
    void pagesDoNotGoToTheHost(String url) throws CdpCommand.Malformed {
        assertThat(judge("Page.navigate", new JsonObject().put("url", url))).isInstanceOf(Verdict.Refuse.class);
        assertThat(judge("Target.createTarget", new JsonObject().put("url", url)))
                .isInstanceOf(Verdict.Refuse.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://a.b/c?d=file:///x",
                "about:blank",
                "data:text/html,x",
                "blob:https://a.b/1",
                "",
                "nonsense"
            })
    void pagesGoElsewhere(String url) throws CdpCommand.Malformed {
        assertThat(judge("Page.navigate", new JsonObject().put("url", url))).isEqualTo(new Verdict.Forward());
    }

    @Test
    void aCommandWithinACommandIsJudgedToo() throws CdpCommand.Malformed {
        assertThat(wrapped("{\"id\":1,\"method\":\"Runtime.enable\"}")).isEqualTo(new Verdict.Forward());
        assertThat(wrapped("{\"id\":1,\"method\":\"Browser.close\"}")).isInstanceOf(Verdict.Refuse.class);
        assertThat(wrapped("{\"id\":1,\"\\u006dethod\":\"Browser.crash\"}")).isInstanceOf(Verdict.Refuse.class);
        assertThat(wrapped("no json")).isInstanceOf(Verdict.Refuse.class);
    }

    private Verdict wrapped(String message) throws CdpCommand.Malformed {
        return judge("Target.sendMessageToTarget", new JsonObject().put("message", message));
    }

    @Test
    void escapesDoNotHideAMethod() throws CdpCommand.Malformed {
        assertThat(judge(policy, "{\"\\u0069d\":1,\"\\u006dethod\":\"Browser.\\u0063lose\"}"))
                .isEqualTo(new Verdict.EndSession());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1,\"method\":\"Page.enable\",\"method\":\"Browser.close\"}",
                "{\"id\":1,\"id\":2,\"method\":\"Browser.close\"}",
                "{\"id\":1,\"method\":\"Page.navigate\",\"params\":{\"url\":\"a:b\",\"url\":\"file:///\"}}",
                "{\"id\":1,\"method\":\"Page.navigate\",\"params\":{},\"params\":{\"url\":\"file:///\"}}",
                "{\"id\":1} {\"method\":\"Browser.close\"}",
                "{\"id\":1,\"method\":",
                "[1]"
            })
    void whatCanBeReadInTwoWaysIsMalformed(String message) {
        assertThatThrownBy(() -> judge(policy, message)).isInstanceOf(CdpCommand.Malformed.class);
    }

    @Test
    void answersCarryTheCommandsIdAndSession() throws CdpCommand.Malformed {
        byte[] bytes = "{\"method\":\"X.y\",\"id\":9,\"sessionId\":\"S\"}".getBytes(StandardCharsets.UTF_8);
        CdpCommand command = CdpCommand.parse(bytes, bytes.length);
        assertThat(CdpPolicy.error(command, "no"))
                .isEqualTo("{\"id\":9,\"error\":{\"code\":-32000,\"message\":\"no\"},\"sessionId\":\"S\"}");
        assertThat(CdpPolicy.emptyResult(command)).isEqualTo("{\"id\":9,\"result\":{},\"sessionId\":\"S\"}");
    }
}
