package dev.berth.cdpclient.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.cdpclient.command.CdpPolicy.Verdict;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CdpPolicyTest {
    private final CdpPolicy policy =
            new CdpPolicy(new CdpEndpoint("c-1", Optional.of("/profile/downloads"), Optional.of("/profile/uploads")));
    private final CdpPolicy withoutFolders = new CdpPolicy(new CdpEndpoint("c-1", Optional.empty(), Optional.empty()));

    private static Verdict judge(CdpPolicy policy, String message) {
        return policy.judge(CdpMessage.read(CommandTextTest.text(message)).command());
    }

    private Verdict judge(String method, JsonObject params) {
        return judge(
                policy,
                new JsonObject()
                        .put("method", method)
                        .put("params", params)
                        .put("id", 7)
                        .encode());
    }

    @Test
    void closingTheBrowserEndsTheSession() {
        assertThat(judge("Browser.close", new JsonObject())).isEqualTo(new Verdict.EndSession());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Browser.crash",
                "Browser.crashGpuProcess",
                "SystemInfo.getInfo",
                "SystemInfo.getProcessInfo",
                "Target.exposeDevToolsProtocol",
                "Target.openDevTools",
                "Extensions.loadUnpacked",
                "Extensions.setStorageItems",
                "DeviceAccess.selectPrompt",
                "Cast.startDesktopMirroring",
                "FileSystem.getDirectory",
                "PWA.launchFilesInApp"
            })
    void methodsThatReachTheHostAreRefused(String method) {
        assertThat(CdpPolicy.judges(method)).isTrue();
        assertThat(judge(method, new JsonObject())).isInstanceOf(Verdict.Refuse.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"DOM.getFileInfo", "Runtime.evaluate", "Target.closeTarget", "Page.close", "Browser.getVersion"})
    void otherMethodsAreNotJudged(String method) {
        assertThat(CdpPolicy.judges(method)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"allow", "allowAndName", "default"})
    void downloadsGoToTheSessionsFolder(String behavior) {
        Verdict verdict = judge(
                "Browser.setDownloadBehavior",
                new JsonObject()
                        .put("behavior", behavior)
                        .put("downloadPath", "/etc")
                        .put("eventsEnabled", true));
        assertThat(verdict)
                .isEqualTo(new Verdict.Rewrite(new JsonObject()
                        .put("eventsEnabled", true)
                        .put("behavior", "allowAndName")
                        .put("downloadPath", "/profile/downloads")));
    }

    @Test
    void downloadsMayBeDeniedAndWithoutAFolderAreNotTouched() {
        assertThat(judge("Browser.setDownloadBehavior", new JsonObject().put("behavior", "deny")))
                .isEqualTo(new Verdict.Forward());
        assertThat(judge(
                        withoutFolders,
                        "{\"id\":1,\"method\":\"Browser.setDownloadBehavior\",\"params\":{\"behavior\":\"allow\"}}"))
                .isEqualTo(new Verdict.Forward());
    }

    @Test
    void filesComeFromTheSessionsFolderAlone() {
        assertThat(setFiles("/profile/uploads/a.txt", "/profile/uploads/b/c.txt"))
                .isEqualTo(new Verdict.Forward());
        assertThat(setFiles()).isEqualTo(new Verdict.Forward());
        assertThat(setFiles("/profile/uploads/a.txt", "/etc/passwd"))
                .isInstanceOfSatisfying(
                        Verdict.Refuse.class,
                        refusal -> assertThat(refusal.why()).contains("PUT /api/sessions/:id/files/:name"));
        assertThat(setFiles("/profile/uploads/../../etc/passwd")).isInstanceOf(Verdict.Refuse.class);
        assertThat(setFiles("/profile/uploads2/x")).isInstanceOf(Verdict.Refuse.class);
        assertThat(setFiles("a\0b")).isInstanceOf(Verdict.Refuse.class);
        assertThat(judge(
                        withoutFolders,
                        "{\"id\":1,\"method\":\"DOM.setFileInputFiles\",\"params\":{\"files\":[\"/tmp/x\"]}}"))
                .isInstanceOf(Verdict.Refuse.class);
    }

    private Verdict setFiles(String... files) {
        return judge("DOM.setFileInputFiles", new JsonObject().put("files", new JsonArray(List.of(files))));
    }

    @Test
    void aDragBringsNoFilesOfTheHost() {
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
            strings = {
                "file:///etc/passwd",
                " FILE:///x",
                "fi\nle:///x",
                "chrome://version",
                "chrome://gpucrash",
                "chrome://crash/x",
                "view-source:file:///x",
                "view-source:https://a.b/",
                "about:version",
                "about:blankx",
                "about:",
                "about:/blank",
                "about:srcdoc",
                "javascript:1",
                "filesystem:https://a.b/temporary/x",
                "devtools://devtools/bundled/inspector.html",
                "chrome-extension://x/y",
                "blob-x:y"
            })
    void urlsOfTheHostAreRefused(String url) {
        assertThat(judge("Page.navigate", new JsonObject().put("url", url))).isInstanceOf(Verdict.Refuse.class);
        assertThat(judge("Target.createTarget", new JsonObject().put("url", url)))
                .isInstanceOf(Verdict.Refuse.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chrome://crash", "chrome://crash/", "Chrome://Crash"})
    void aClientMayCrashItsOwnPage(String url) {
        assertThat(judge("Page.navigate", new JsonObject().put("url", url))).isEqualTo(new Verdict.Forward());
        assertThat(CdpPolicy.judges("Page.crash")).isFalse();
        assertThat(CdpPolicy.judges("Browser.crash")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"chrome://terms", "chrome://terms/", "Chrome://Terms", "chrome://credits"})
    void staticPagesOfChromeAreShownBlank(String url) {
        assertThat(judge("Page.navigate", new JsonObject().put("url", url).put("frameId", "f")))
                .isEqualTo(new Verdict.Rewrite(
                        new JsonObject().put("url", "about:blank").put("frameId", "f")));
        assertThat(judge("Target.createTarget", new JsonObject().put("url", url)))
                .isEqualTo(new Verdict.Rewrite(new JsonObject().put("url", "about:blank")));
        assertThat(judge("Network.loadNetworkResource", new JsonObject().put("url", url)))
                .isInstanceOf(Verdict.Refuse.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chrome://terms/x", "chrome://terms?x", "chrome://terms.x", "chrome://settings"})
    void otherPagesOfChromeAreRefused(String url) {
        assertThat(judge("Page.navigate", new JsonObject().put("url", url))).isInstanceOf(Verdict.Refuse.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8000",
                "127.0.0.1:1",
                "http://user:secret@127.9.8.7:8000/",
                "HTTP://LocalHost",
                "socks5://[::1]:1080"
            })
    void aProxyOfTheClientsMachineIsIgnored(String proxy) {
        JsonObject params = new JsonObject()
                .put("disposeOnDetach", true)
                .put("proxyServer", proxy)
                .put("proxyBypassList", "<-loopback>");
        assertThat(judge("Target.createBrowserContext", params))
                .isEqualTo(new Verdict.Rewrite(new JsonObject().put("disposeOnDetach", true)));
        params.put("originsWithUniversalNetworkAccess", new JsonArray().add("https://a.b"));
        assertThat(judge("Target.createBrowserContext", params)).isInstanceOf(Verdict.Refuse.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "direct://",
                "http://proxy.example:3128",
                "127.0.0.1.example:1",
                "127.0.0.1:1,direct://",
                "http=127.0.0.1:1;https=proxy.example:1",
                "http://127.0.0.1@proxy.example:1",
                "http://10.0.0.1:1"
            })
    void anotherProxyOfAContextIsRefused(String proxy) {
        assertThat(judge("Target.createBrowserContext", new JsonObject().put("proxyServer", proxy)))
                .isInstanceOf(Verdict.Refuse.class);
        assertThat(judge("Target.createBrowserContext", new JsonObject().put("proxyBypassList", "*")))
                .isInstanceOf(Verdict.Refuse.class);
    }

    /** Guards against resolving the path, which took minutes. */
    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPathIsJudgedAsWritten() {
        String steps = "/profile/uploads/" + "a/".repeat(200_000) + "../".repeat(200_000);
        assertThat(judge("DOM.setFileInputFiles", new JsonObject().put("files", new JsonArray().add(steps))))
                .isInstanceOf(Verdict.Refuse.class);
        JsonObject drag = new JsonObject().put("data", new JsonObject().put("files", new JsonArray().add(steps)));
        assertThat(judge("Input.dispatchDragEvent", drag)).isInstanceOf(Verdict.Refuse.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/profile/uploads/..", "/profile/uploads/./x", "/profile/uploads/0/../../../etc/passwd"})
    void aPathWithDotSegmentsIsRefused(String path) {
        assertThat(judge("DOM.setFileInputFiles", new JsonObject().put("files", new JsonArray().add(path))))
                .isInstanceOf(Verdict.Refuse.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/profile/uploads/0/..x", "/profile/uploads/0/.x.", "/profile/uploads/0/\u00fc \u20ac"})
    void anUploadMayHaveAnyName(String path) {
        assertThat(judge("DOM.setFileInputFiles", new JsonObject().put("files", new JsonArray().add(path))))
                .isEqualTo(new Verdict.Forward());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://a.b/c?d=file:///x",
                "about:blank",
                "about:blank#x",
                "ABOUT:Blank?x\u0020y",
                "data:text/html,x",
                "blob:https://a.b/1",
                "",
                "nonsense"
            })
    void otherUrlsAreAllowed(String url) {
        assertThat(judge("Page.navigate", new JsonObject().put("url", url))).isEqualTo(new Verdict.Forward());
    }

    @Test
    void sessionsAreFlat() {
        JsonObject flat = new JsonObject().put("autoAttach", true).put("flatten", true);
        JsonObject nested = new JsonObject().put("autoAttach", true);
        for (String method : List.of("Target.attachToTarget", "Target.setAutoAttach")) {
            assertThat(judge(method, flat)).isEqualTo(new Verdict.Forward());
            assertThat(judge(method, nested)).isInstanceOf(Verdict.Refuse.class);
            assertThat(judge(method, nested.copy().put("flatten", "true"))).isInstanceOf(Verdict.Refuse.class);
        }
        assertThat(judge("Target.setAutoAttach", new JsonObject().put("autoAttach", false)))
                .isEqualTo(new Verdict.Forward());
        JsonObject wrapped = new JsonObject().put("message", "{\"id\":1,\"method\":\"Runtime.enable\"}");
        assertThat(judge("Target.sendMessageToTarget", wrapped)).isInstanceOf(Verdict.Refuse.class);
    }

    @Test
    void aContextMayNotSetItsOwnProxy() {
        assertThat(judge("Target.createBrowserContext", new JsonObject().put("disposeOnDetach", true)))
                .isEqualTo(new Verdict.Forward());
        for (String param : List.of("proxyServer", "proxyBypassList", "originsWithUniversalNetworkAccess")) {
            assertThat(judge("Target.createBrowserContext", new JsonObject().put(param, "x")))
                    .isInstanceOf(Verdict.Refuse.class);
        }
    }

    @Test
    void onlyTracesOfChromeAreAllowed() {
        assertThat(judge("Tracing.start", new JsonObject().put("transferMode", "ReturnAsStream")))
                .isEqualTo(new Verdict.Forward());
        assertThat(judge("Tracing.start", new JsonObject().put("tracingBackend", "chrome")))
                .isEqualTo(new Verdict.Forward());
        assertThat(judge("Tracing.start", new JsonObject().put("tracingBackend", "system")))
                .isInstanceOf(Verdict.Refuse.class);
        assertThat(judge("Tracing.start", new JsonObject().put("perfettoConfig", "AA==")))
                .isInstanceOf(Verdict.Refuse.class);
    }

    @Test
    void refusalsAreShort() {
        Verdict verdict = judge("Page.navigate", new JsonObject().put("url", "x".repeat(100_000) + ":"));
        assertThat(((Verdict.Refuse) verdict).why()).hasSizeLessThan(200);
    }
}
