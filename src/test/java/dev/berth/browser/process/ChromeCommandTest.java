package dev.berth.browser.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.BrowserKind;
import dev.berth.protocol.Device.Viewport;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChromeCommandTest {
    private static final String CHROME = "/opt/chrome";

    private static List<String> command(List<String> confinement, boolean sandbox) {
        return command(confinement, sandbox, true);
    }

    private static List<String> command(List<String> confinement, boolean sandbox, boolean blankPage) {
        return ChromeCommand.of(
                BrowserKind.SHELL,
                Path.of(CHROME),
                Path.of("/tmp/with space/profile"),
                "",
                " 3<a 4>b",
                new Viewport(800, 600),
                confinement,
                sandbox,
                4_711,
                blankPage);
    }

    @Test
    void chromeStartsWithItsOwnUserId() {
        List<String> command = command(Confinement.asUser(70_001), true);
        assertThat(command).containsSubsequence("setpriv", "--reuid=70001", "--regid=70001", "--clear-groups", CHROME);
        assertThat(command).contains("--no-new-privs");
    }

    @Test
    void withoutConfinementTheUserIsUnchanged() {
        assertThat(command(List.of(), true))
                .doesNotContain("setpriv")
                .noneMatch(word -> word.startsWith("--reuid") || word.startsWith("--regid"));
    }

    @Test
    void theSandboxIsOffOnlyWhereItIsAskedFor() {
        assertThat(command(List.of(), true)).doesNotContain("--no-sandbox");
        assertThat(command(List.of(), false)).containsOnlyOnce("--no-sandbox");
    }

    @Test
    void theProfileIsTheFirstFlagOfChrome() {
        for (List<String> confinement : List.of(List.<String>of(), Confinement.asUser(5))) {
            assertThat(command(confinement, false)).containsSequence(CHROME, "--user-data-dir=/tmp/with space/profile");
        }
    }

    @Test
    void theWindowHasTheSizeOfTheViewport() {
        assertThat(command(List.of(), true))
                .filteredOn(word -> word.startsWith("--window-size"))
                .containsExactly("--window-size=800,600");
    }

    @Test
    void allGoesThroughTheProxyAndNothingElseIsResolved() {
        assertThat(command(List.of(), true))
                .contains(
                        "--proxy-server=socks5://proxy.invalid:4711",
                        "--proxy-bypass-list=<-loopback>",
                        "--host-resolver-rules=MAP proxy.invalid:4711 127.0.0.1:4711, MAP * ~NOTFOUND",
                        "--disable-quic",
                        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp");
    }

    @Test
    void withoutABlankPageThereIsNone() {
        assertThat(command(Confinement.asUser(5), false, false))
                .contains("--no-startup-window")
                .doesNotContain("about:blank");
    }

    @Test
    void theShellOpensThePipeAndNothingElse() {
        assertThat(command(List.of(), true).subList(0, 3))
                .containsExactly("/bin/sh", "-c", "umask 077; exec \"$0\" \"$@\" 3<a 4>b </dev/null >/dev/null");
    }

    @Test
    void flagsComeAfterChromeAndThePageLast() {
        List<String> command = command(Confinement.asUser(5), false);
        assertThat(command).endsWith("about:blank");
        assertThat(command.subList(command.indexOf(CHROME) + 1, command.size() - 1))
                .allMatch(word -> word.startsWith("--"));
    }
}
