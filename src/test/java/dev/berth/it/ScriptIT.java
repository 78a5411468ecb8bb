package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of a session as a program. That each format runs is tried by {@code src/test/clients}, with the libraries from npm. */
class ScriptIT extends InOwnSession {
    private static final String VALUE = "it's \"quoted\" $(id) `id` \\n\n🚢";
    private static final Map<String, List<String>> CHECKS = Map.of(
            "playwright-js", List.of("node", "--check", "a.mjs"),
            "puppeteer", List.of("node", "--check", "b.mjs"),
            "playwright-python", List.of("python3", "-W", "error", "-m", "py_compile", "c.py"),
            "curl", List.of("bash", "d.sh"));

    @TempDir
    private Path folder;

    private void act() {
        open("""
                <form action=/item><textarea name=text aria-label=Text></textarea><input name=pass type=password>
                <select name=one><option>red<option>green</select><input name=file type=file><button>Send</button></form>
                <button id=ask onclick="if (confirm('sure?')) window.open('/two')">Ask</button>""");
        act("fill", on("label=Text").put("value", VALUE));
        act("fill", on("[name=pass]").put("value", "s3cret"));
        act("select", "{\"selector\":\"select\",\"values\":[\"green\"]}");
        act("upload", "{\"selector\":\"[type=file]\",\"files\":[{\"name\":\"a.txt\",\"content\":\"YQ==\"}]}");
        act("dialogs", "{\"accept\":true}");
        String opened = click("#ask").getString("openedPageId");
        act("click", on("text=second page").put("page", opened));
        String first =
                api.get(session + "/pages").list("pages").getJsonObject(0).getString("pageId");
        act("click", on("text=Send").put("page", first));
        act("wait-for", on("text=ok").put("page", first));
    }

    @Test
    void doesTheSameAgain() throws Exception {
        act();
        List<String> once = site.served("/item?text=");
        assertThat(once).singleElement().asString().contains("s3cret", "one=green", "file=a.txt");
        end();
        for (String format : CHECKS.keySet()) {
            Api.Answer answer = program("?format=" + format);
            assertThat(answer.headers().firstValue("Content-Disposition").orElse(""))
                    .startsWith("attachment;");
            assertThat(answer.text()).doesNotContain("s3cret").contains("TEXT", "PASS");
            Files.write(folder.resolve(CHECKS.get(format).get(CHECKS.get(format).size() - 1)), answer.body());
            run(CHECKS.get(format));
        }
        assertThat(site.served("/item?text=")).containsExactly(once.get(0), once.get(0));
        assertThat(program("?format=playwright-java").text()).contains("class Script {");
        assertThat(program("?format=pascal").status()).isEqualTo(400);
        assertThat(program("?taskId=nonsense").error().getString("message")).contains("taskId");
    }

    private Api.Answer program(String query) {
        return api.get(session + "/script" + query);
    }

    private void run(List<String> command) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("a.txt"), "a");
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment()
                .putAll(Map.of(
                        "BERTH_URL", Berth.shared().server.url(), "BERTH_API_KEY", Berth.KEY, "INPUT_PASS", "s3cret"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    }
}
