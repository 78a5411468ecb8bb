package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.Readme;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The documentation's commands, as a reader pastes them: all {@code sh} blocks of a page in one shell, in a folder with the server's
 * {@code data/api-key}. Only the two addresses are others. Blocks that need what a test lacks, such as nginx, are {@code console}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocsSnippetsIT {
    /** An answer that is an error fails the page. A stream has no end: its first second counts. */
    private static final String SHELL = """
            set -eu
            curl() {
              case " $* " in
                *' -N '*) timeout 1 curl --fail-with-body "$@" || [ $? = 124 ] ;;
                *) command curl --fail-with-body --max-time 30 "$@" ;;
              esac
            }
            """;

    private static final String SITE = "<title>Example</title><a href=/two>Learn more</a>";

    private final Berth berth = Berth.shared();
    private final Api admin = berth.api();
    private JsonObject key;
    private Api reader;
    private String session;

    @TempDir
    private Path folder;

    static List<Path> pagesWithCommands() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (Path page : Readme.pages()) {
            if (!Readme.blocks(page, "sh").isEmpty()) {
                pages.add(page);
            }
        }
        return pages;
    }

    @BeforeAll
    void create() {
        key = admin.post("/api/admin/keys", new JsonObject("{\"user\":\"reader\",\"admin\":true}"))
                .json();
        reader = new Api(berth.server.url(), key.getString("key"));
        session = reader.post("/api/sessions?wait=running", new JsonObject())
                .json()
                .getString("sessionId");
    }

    @AfterEach
    void endWhatThePageBegan() {
        for (Object each : reader.get("/api/webhooks").list("webhooks")) {
            reader.delete("/api/webhooks/" + ((JsonObject) each).getString("webhookId"));
        }
        for (Object each : reader.get("/api/sessions").list("sessions")) {
            String id = ((JsonObject) each).getString("sessionId");
            if (!id.equals(session)) {
                reader.delete("/api/sessions/" + id);
            }
        }
    }

    @AfterAll
    void remove() {
        reader.delete("/api/sessions/" + session);
        assertThat(admin.delete("/api/admin/users/reader").status()).isEqualTo(200);
        assertThat(admin.delete("/api/admin/users/ann").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("pagesWithCommands")
    void everyCommandOfThePageSucceeds(Path page) throws Exception {
        run(String.join("\n", Readme.blocks(page, "sh")));
    }

    /** Read by the shell, and not run. */
    @Test
    void theOtherCommandsAreWellFormed() throws Exception {
        for (Path page : Readme.pages()) {
            for (String block : Readme.blocks(page, "console")) {
                run("set -n\n" + block);
            }
        }
    }

    @Test
    void theProgramsForTheClientsRunAsTheyAre() throws Exception {
        Path page = Path.of("src/docs/clients.md");
        Files.writeString(
                folder.resolve("picture.mjs"), here(Readme.blocks(page, "js").get(0)));
        Files.writeString(
                folder.resolve("picture.py"), here(Readme.blocks(page, "python").get(0)));
        run(String.join("\n", Readme.blocks(page, "sh"))
                + "node picture.mjs; test -s page.png; rm page.png; python3 -B picture.py; test -s page.png");
    }

    private String here(String text) {
        return text.replace("http://localhost:8080", berth.server.url())
                .replace("https://example.com", berth.site.page(SITE));
    }

    private void run(String commands) throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/api-key"), key.getString("key"));
        File output = folder.resolve("output").toFile();
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", SHELL + here(commands))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output);
        builder.environment().put("ID", session);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(output.toPath())).isZero();
    }
}
