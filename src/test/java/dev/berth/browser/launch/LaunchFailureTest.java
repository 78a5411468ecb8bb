package dev.berth.browser.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.BrowserLauncher.LaunchException;
import dev.berth.browser.Failures;
import dev.berth.browser.process.ChromeProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user is told of a Chrome that did not come up. */
class LaunchFailureTest {
    private static String told(Throwable e) {
        Throwable why = PreparedChrome.explain(e).cause();
        assertThat(why).isInstanceOf(LaunchException.class);
        return why.getMessage();
    }

    @Test
    void onlyOurOwnWordsAreTold() {
        IOException missing = new NoSuchFileException("/srv/data/chrome/c-1");
        assertThat(told(missing)).isEqualTo("Chrome did not start; see the server's log");
        assertThat(told(new UncheckedIOException(missing))).doesNotContain("/srv");
        assertThat(told(new IllegalStateException("at /srv/data"))).doesNotContain("/srv");
        assertThat(told(new LaunchException("Chrome exited with code 1"))).isEqualTo("Chrome exited with code 1");
        assertThat(told(Failures.failed("no page"))).isEqualTo("Chrome did not start: no page");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '|', textBlock = """
            /opt/chrome/chrome: error while loading libnss3.so,               … error while loading libnss3.so
            [7:7:1126/110000.12:ERROR:zygote/host.cc(95)] No such: "/var/a b", [7:7:1126/110000.12:ERROR:zygote/host.cc(95)] No such: "… b"
            --user-data-dir=/srv/x file:///etc/passwd (/proc/1/ns) and/or,     --user-data-dir=… file:… (…) and/or
            """)
    void noPathOfTheMachineIsTold(String said, String told) {
        assertThat(ChromeProcess.withoutPaths(said)).isEqualTo(told);
    }

    @Test
    void itsWordsAreToldWithoutTheStackThatFollowsThem() {
        String said = """
                [1126/110000.1:WARNING:a.cc(1)] one
                [1126/110000.2:FATAL:zygote_host_impl_linux.cc(128)] No usable sandbox!

                #0 0x55d1f2a3b4c5 base::debug::CollectStackTrace()
                #1 0x55d1f2a3b4c6 (/opt/chrome/chrome+0x1)
                  r8: 0000000000000000  r9: 00007ffd0a0b0c0d
                 cr2: 0000000000000000
                [end of stack trace]
                """;
        assertThat(ChromeProcess.withoutStacks(said))
                .isEqualTo("[1126/110000.1:WARNING:a.cc(1)] one; "
                        + "[1126/110000.2:FATAL:zygote_host_impl_linux.cc(128)] No usable sandbox!");
        assertThat(ChromeProcess.withoutStacks("a line\n".repeat(100))).hasSizeLessThan(100);
    }
}
