package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.har.HarSchema;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The report and the export of a session. */
class ReportIT {
    private static final String HOSTILE = "`](https://evil.test) <b>bold</b>\\n# Session: completed";

    private final Berth berth = Berth.shared();
    private final Api api = berth.api();
    private String session;

    @AfterEach
    void end() {
        api.delete(session);
    }

    private void visit(JsonObject options) {
        session = api.newSession(new JsonObject().put("options", options).put("metadata", Map.of("ticket", "42")));
        api.navigate(session, berth.site.page("""
                <title></title><a download='../../x.txt' href='data:text/plain,hello'>Save</a><script>
                document.title = "%s"; console.error("%s"); console.warn("careful"); console.log("fine");
                fetch('/not-there'); fetch('/reset').catch(() => {}); fetch('/item');
                </script>""".formatted(HOSTILE, HOSTILE)));
        api.act(session, "screenshot", new JsonObject());
        api.act(session, "click", new JsonObject().put("selector", "a"));
        api.post(session + "/evaluate", new JsonObject().put("expression", "throw new Error('on purpose')"));
        api.await(
                session + "/network",
                a -> a.text().contains("/item") && a.text().contains("/reset"));
        api.await(
                session + "/artifacts",
                a -> a.list("artifacts").size() == 2 && !a.text().contains("pending"));
    }

    private static List<JsonObject> latest(JsonObject report, String kind) {
        return report.getJsonObject(kind).getJsonArray("latest").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private void assertReport() {
        JsonObject report = api.get(session + "/report?format=json").json();
        assertThat(latest(report, "failedActions"))
                .singleElement()
                .satisfies(action -> assertThat(action.getString("error")).contains("on purpose"));
        assertThat(latest(report, "consoleErrors"))
                .extracting(line -> line.getString("message"))
                .anyMatch(message -> message.startsWith("`](https://evil.test)"));
        assertThat(latest(report, "consoleWarnings"))
                .extracting(line -> line.getString("message"))
                .containsExactly("careful");
        assertThat(latest(report, "failedRequests"))
                .extracting(request -> request.getString("url").replaceFirst(".*/", "/"))
                .contains("/not-there", "/reset")
                .doesNotContain("/item");
        assertThat(report.getJsonObject("session").getJsonObject("metadata").getString("ticket"))
                .isEqualTo("42");
        assertThat(report.getJsonObject("session").getString("connectUrl")).isNull();
        String picture = latest(report, "artifacts").get(0).getString("publicUrl");
        assertThat(Api.fetch(picture).status()).isEqualTo(200);
    }

    private void assertMarkdown(String text, String ending) {
        assertThat(text).startsWith("# Session `" + session.replaceFirst(".*/", "") + "`: " + ending + "\n");
        assertThat(text)
                .contains("- Went wrong: steps 0, actions 1 of ", "## Failed actions (1)", "on purpose", "status 404")
                .contains("`'](https://evil.test) <b>bold</b> # Session: completed`");
        assertThat(text.replaceAll("`[^`\n]+`", ""))
                .doesNotContain("evil", "<b>")
                .doesNotContain("`");
    }

    private Map<String, byte[]> export() {
        Api.Answer answer = api.get(session + "/export");
        assertThat(answer.headers().firstValue("Content-Disposition").orElseThrow())
                .startsWith("attachment; filename=\"" + session.replaceFirst(".*/", "") + ".zip\"");
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(answer.body()))) {
            for (ZipEntry file = in.getNextEntry(); file != null; file = in.getNextEntry()) {
                files.put(file.getName(), in.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private static String text(byte[] file) {
        return new String(file, StandardCharsets.UTF_8);
    }

    private void assertExport(Map<String, byte[]> files, String ending) {
        assertThat(files.keySet())
                .startsWith(
                        "session.json",
                        "report.md",
                        "actions.ndjson",
                        "steps.ndjson",
                        "console.ndjson",
                        "network.ndjson",
                        "session.har");
        assertThat(new JsonObject(text(files.get("session.json"))).getString("connectUrl"))
                .isNull();
        assertMarkdown(text(files.get("report.md")), ending);
        assertThat(text(files.get("actions.ndjson")).lines()).hasSize((int)
                api.get(session + "/actions").json().getLong("total").longValue());
        assertThat(text(files.get("console.ndjson")).lines().map(JsonObject::new))
                .hasSize(api.get(session + "/console").list("logs").size());
        assertThat(text(files.get("network.ndjson"))).contains("/not-there");
        assertThat(HarSchema.entries(HarSchema.log(files.get("session.har")))).isNotEmpty();
        String saved = files.keySet().stream()
                .filter(name -> name.endsWith("x.txt"))
                .findFirst()
                .orElseThrow();
        assertThat(saved).matches("artifacts/[^/\\\\]+");
        assertThat(text(files.get(saved))).isEqualTo("hello");
        assertThat(text(files.get("report.md"))).contains("[download](" + saved + ")");
    }

    @Test
    void theReportTellsWhatWentWrongOfALiveSessionAndOfAnEndedOne() {
        visit(new JsonObject());
        assertReport();
        assertMarkdown(api.get(session + "/report").text(), "running");
        api.delete(session);
        assertReport();
        assertMarkdown(api.get(session + "/report?format=markdown").text(), "completed");
        assertThat(api.get(session + "/report?format=pdf").status()).isEqualTo(400);
    }

    @Test
    void theExportHasAllFilesOfALiveSessionAndOfAnEndedOne() {
        visit(new JsonObject());
        assertExport(export(), "running");
        api.delete(session);
        Map<String, byte[]> ended = export();
        assertExport(ended, "completed");
        assertThat(ended).doesNotContainKey("MISSING.txt");
    }

    @Test
    void whatIsNotThereYetIsTold() {
        visit(new JsonObject());
        api.post(session + "/recording/start");
        Map<String, byte[]> files = export();
        assertExport(files, "running");
        assertThat(text(files.get("MISSING.txt"))).containsPattern("artifacts/\\S+: it is not complete yet");
    }

    @Test
    void nobodyElseGetsThem() {
        session = api.newSession();
        Api other = new Api(berth.server.url(), berth.keyOf("another"));
        assertThat(other.get(session + "/report").status()).isEqualTo(404);
        assertThat(other.get(session + "/export").status()).isEqualTo(404);
    }
}
