package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same with a process, and so a target, for each site. Chrome does so by default, its headless shell only where it is told to.
 */
@Tag("full")
class IsolatedSitesIT extends CrossSiteFramesIT {
    private final Path data = Berth.temporaryFolder();
    private Berth isolating;

    @Override
    Berth server() {
        isolating =
                Berth.start(data, Map.of("BERTH_CHROME_PATH", isolatingChrome().toString()));
        return isolating;
    }

    /** The Chrome of the other tests, with one more argument. */
    private Path isolatingChrome() {
        Api shared = Berth.shared().api();
        String session = shared.newSession();
        String chrome = Berth.chromeOf(session).info().command().orElseThrow();
        shared.delete(session);
        try {
            Path script = Files.createFile(
                    data.resolve("chrome"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            return Files.writeString(script, "#!/bin/sh\nexec '" + chrome + "' --site-per-process \"$@\"\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    @AfterAll
    void end() {
        super.end();
        isolating.stop();
        Berth.delete(data);
    }

    @Test
    void eachSiteHasATargetOfItsOwn() {
        // A number after the f is that of a target.
        assertThat(snapshot()).containsPattern("\"Pay\".*\\[ref=f1e\\d+]").containsPattern("\"Deep\".*\\[ref=f2e\\d+]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "markdown"})
    void contentLeavesOutAnIframeThatDoesNotAnswer(String format) {
        // The request is in the middle of the script that loops: the iframe answers nothing from then on.
        String loops =
                site.page("<p>Inside</p><script>onload = () => setTimeout(() => { const item = new XMLHttpRequest();"
                        + " item.open('GET', '/item?" + format + "', false); item.send(); for (;;); })</script>");
        String own = api.open(site.page("<p>Above</p><iframe src='"
                + site.otherSiteUrl(URI.create(loops).getPath()) + "'></iframe><p>Below</p>"));
        Api.await(() -> site.served("/item?" + format), served -> !served.isEmpty());
        assertThat(content(own, format))
                .containsSubsequence("Above", "an iframe that did not answer was left out", "Below")
                .doesNotContain("Inside");
        api.delete(own);
    }
}
