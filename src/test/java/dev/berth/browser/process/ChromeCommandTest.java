package dev.berth.browser.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.Viewport;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ChromeCommandTest {
    private static final String CHROME = "/opt/chrome";

    private static List<String> command(OptionalInt uid, boolean sandbox) {
        return command(uid, sandbox, true);
    }

    private static List<String> command(OptionalInt uid, boolean sandbox, boolean blankPage) {
        return ChromeCommand.of(
                Path.of(CHROME),
                Path.of("/tmp/with space/profile"),
                Optional.empty(),
                new Viewport(800, 600),
                uid,
                sandbox,
                blankPage);
    }

    @Test
    void chromeStartsWithItsOwnUserId() {
        List<String> command = command(OptionalInt.of(70_001), true);
        assertThat(command).containsSubsequence("setpriv", "--reuid=70001", "--regid=70001", "--clear-groups", CHROME);
        assertThat(command).contains("--no-new-privs");
    }

    @Test
    void withoutAUserIdTheUserIsUnchanged() {
        assertThat(command(OptionalInt.empty(), true))
                .doesNotContain("setpriv")
                .noneMatch(word -> word.startsWith("--reuid") || word.startsWith("--regid"));
    }

    @Test
    void theSandboxIsOffOnlyWhereItIsAskedFor() {
        assertThat(command(OptionalInt.empty(), true)).doesNotContain("--no-sandbox");
        assertThat(command(OptionalInt.empty(), false)).containsOnlyOnce("--no-sandbox");
    }

    @Test
    void theProfileIsTheFirstFlagOfChrome() {
        for (OptionalInt uid : List.of(OptionalInt.empty(), OptionalInt.of(5))) {
            assertThat(command(uid, false)).containsSequence(CHROME, "--user-data-dir=/tmp/with space/profile");
        }
    }

    @Test
    void theWindowHasTheSizeOfTheViewport() {
        assertThat(command(OptionalInt.empty(), true))
                .filteredOn(word -> word.startsWith("--window-size"))
                .containsExactly("--window-size=800,600");
    }

    @Test
    void withoutABlankPageThereIsNone() {
        assertThat(command(OptionalInt.of(5), false, false))
                .contains("--no-startup-window")
                .doesNotContain("about:blank");
    }

    @Test
    void withoutABetterPipeTheStandardOneIsItsLifeline() {
        assertThat(command(OptionalInt.empty(), true).subList(0, 3))
                .containsExactly("/bin/sh", "-c", "umask 077; exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null");
    }

    @Test
    void flagsComeAfterChromeAndThePageLast() {
        List<String> command = command(OptionalInt.of(5), false);
        assertThat(command).endsWith("about:blank");
        assertThat(command.subList(command.indexOf(CHROME) + 1, command.size() - 1))
                .allMatch(word -> word.startsWith("--"));
    }
}
