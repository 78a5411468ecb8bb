package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/** Files by name, in one session with one CDP client. */
class FilesIT {
    private static final String PAGE = """
            <input type=file multiple><a download=got.csv href="data:text/csv,a,b">get</a>
            <script>document.querySelector('input').onchange = async e => document.title =
              (await Promise.all([...e.target.files].map(async f => f.name + '=' + await f.text()))).join()</script>""";

    private static final int LARGE_BYTES = 5 << 20;

    private final Api api = Berth.shared().api();

    private Api.Answer put(String path, String content, String... headers) {
        HttpRequest.Builder request = api.request(path).PUT(HttpRequest.BodyPublishers.ofString(content));
        return Api.send(headers.length == 0 ? request : request.headers(headers));
    }

    private void awaitTitle(String session, String title) {
        api.await(session, answer -> answer.json().getString("title").equals(title));
    }

    @Test
    void filesAreGivenByName() throws IOException {
        Api.Opened opened = api.create();
        String session = opened.path();
        String files = session + "/files";
        api.navigate(session, Berth.shared().site.page(PAGE));

        JsonObject whole = put(files + "/a%20file.txt", "hello").json();
        assertThat(whole.getBoolean("complete")).isTrue();
        JsonObject chunked = Api.send(api.request(files + "/c.bin")
                        .PUT(HttpRequest.BodyPublishers.ofInputStream(
                                () -> new ByteArrayInputStream(new byte[LARGE_BYTES]))))
                .json();
        assertThat(chunked.getBoolean("complete")).isTrue();
        assertThat(chunked.getLong("size")).isEqualTo(LARGE_BYTES);
        api.delete(files + "/c.bin");
        assertThat(put(files + "/b.txt", "the", "Content-Range", "bytes 0-2/5")
                        .json()
                        .getBoolean("complete"))
                .isFalse();
        Api.Answer head = Api.send(api.request(files + "/b.txt").method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(head.headers().firstValue("Upload-Offset")).hasValue("3");
        assertThat(head.headers().firstValue("Upload-Complete")).hasValue("?0");
        assertThat(api.get(files + "/b.txt").status()).isEqualTo(409);
        assertThat(put(files + "/b.txt", "re", "Content-Range", "bytes 2-3/5")
                        .error()
                        .getString("message"))
                .contains("3 of 5 bytes so far");
        assertThat(put(files + "/b.txt", "re", "Content-Range", "bytes 3-4/5")
                        .json()
                        .getBoolean("complete"))
                .isTrue();
        api.act(session, "click", new JsonObject().put("selector", "a"));

        api.act(
                session,
                "upload",
                new JsonObject()
                        .put("selector", "input")
                        .put(
                                "files",
                                new JsonArray()
                                        .add("a file.txt")
                                        .add(new JsonObject().put("name", "b.txt"))
                                        .add("got.csv")));
        awaitTitle(session, "a file.txt=hello,b.txt=there,got.csv=a,b");
        Api.Answer unknown =
                api.post(session + "/upload", new JsonObject("{\"selector\": \"input\", \"files\": [\"none.txt\"]}"));
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.error().getString("message")).contains("'none.txt'", "a file.txt, b.txt, got.csv");

        CdpClient client = CdpClient.connect(opened.connectUrl());
        String page = client.attach(client.send("Target.getTargets")
                .getJsonArray("targetInfos")
                .getJsonObject(0)
                .getString("targetId"));
        int root = client.send("DOM.getDocument", new JsonObject(), page)
                .getJsonObject("root")
                .getInteger("nodeId");
        int input = client.send(
                        "DOM.querySelector",
                        new JsonObject().put("nodeId", root).put("selector", "input"),
                        page)
                .getInteger("nodeId");
        client.send(
                "DOM.setFileInputFiles",
                new JsonObject().put("nodeId", input).put("files", new JsonArray().add(whole.getString("path"))),
                page);
        awaitTitle(session, "a file.txt=hello");
        client.leave();

        assertThat(put(files + "/a%2Fb", "x").error().getString("message")).contains("such as 'b'");
        assertThat(put(files + "/c", "x", "Content-Range", "bytes 3-1/5").status())
                .isEqualTo(400);
        assertThat(Api.send(api.request(files + "/b.txt").header("Range", "bytes=1-2"))
                        .text())
                .isEqualTo("he");

        api.delete(session);
        assertKept(files);
        assertThat(put(files + "/late", "x").status()).isEqualTo(200);
        assertThat(api.get(files + "/late").text()).isEqualTo("x");
    }

    private void assertKept(String files) throws IOException {
        assertThat(api.get(files).list("files"))
                .extracting(
                        file -> ((JsonObject) file).getString("name") + " " + ((JsonObject) file).getString("source"))
                .containsExactly("a file.txt upload", "b.txt upload", "got.csv download");
        assertThat(api.get(files + "/a%20file.txt").text()).isEqualTo("hello");
        assertThat(api.delete(files + "/b.txt").status()).isEqualTo(200);
        assertThat(api.delete(files + "/b.txt").status()).isEqualTo(404);
        List<String> zipped = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(
                new ByteArrayInputStream(api.get(files + ".zip").body()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                zipped.add(entry.getName() + "="
                        + new String(zip.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
            }
        }
        assertThat(zipped).containsExactly("a file.txt=hello", "got.csv=a,b");
    }
}
