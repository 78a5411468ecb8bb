package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Links to artifacts, as their holder uses them. */
class ArtifactLinksIT extends InOneSession {
    private final Berth berth = Berth.shared();

    @BeforeEach
    void begin() {
        api.navigate(session, site.url("/plain"));
    }

    private String screenshot() {
        return act("screenshot", new JsonObject()).getString("publicUrl");
    }

    /** Uploads a file with this name and content to a page; gives the link of its artifact. */
    private String uploaded(String name, byte[] content) {
        api.navigate(session, berth.site.page("<input type=file>"));
        JsonObject file = new JsonObject()
                .put("name", name)
                .put("content", Base64.getEncoder().encodeToString(content));
        act("upload", new JsonObject().put("selector", "input").put("files", new JsonArray().add(file)));
        return api.get(session + "/artifacts").list("artifacts").stream()
                .map(JsonObject.class::cast)
                .filter(artifact -> name.equals(artifact.getString("fileName")))
                .map(artifact -> artifact.getString("publicUrl"))
                .findFirst()
                .orElseThrow();
    }

    private static Api.Answer fetch(String link, String... headers) {
        return Api.send(HttpRequest.newBuilder(URI.create(link)).headers(headers));
    }

    private static String header(Api.Answer answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    void aPictureIsShownAndCannotRunScripts() {
        String link = screenshot();
        assertThat(link).startsWith(berth.server.url() + "/artifacts/");
        Api.Answer picture = Api.fetch(link);
        assertThat(picture.status()).isEqualTo(200);
        assertThat(new String(picture.body(), 1, 3, StandardCharsets.US_ASCII)).isEqualTo("PNG");
        assertThat(header(picture, "Content-Type")).isEqualTo("image/png");
        assertThat(header(picture, "Content-Disposition")).startsWith("inline; filename=\"screenshot-");
        assertThat(header(picture, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(picture, "Content-Security-Policy")).isEqualTo("sandbox; default-src 'none'");
        assertThat(header(picture, "Cache-Control")).isEqualTo("private");
        Api.Answer head =
                Api.send(HttpRequest.newBuilder(URI.create(link)).method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(header(head, "Content-Length")).isEqualTo(Integer.toString(picture.body().length));
        assertThat(head.body()).isEmpty();
    }

    @Test
    void aPdfIsShown() {
        Api.Answer pdf = Api.fetch(act("pdf", new JsonObject()).getString("publicUrl"));
        assertThat(header(pdf, "Content-Type")).isEqualTo("application/pdf");
        assertThat(header(pdf, "Content-Disposition")).startsWith("inline; ");
        assertThat(header(pdf, "Content-Security-Policy")).startsWith("sandbox; ");
    }

    @Test
    void aPageIsDownloadedUnderItsName() {
        Api.Answer page =
                Api.fetch(uploaded("größe \"1\".html", "<script>1</script>".getBytes(StandardCharsets.UTF_8)));
        assertThat(page.text()).isEqualTo("<script>1</script>");
        assertThat(header(page, "Content-Disposition"))
                .startsWith("attachment; ")
                .endsWith("filename*=UTF-8''gr%C3%B6%C3%9Fe%20%221%22.html");
    }

    /** Larger than the part that is read at once. */
    @Test
    void partsOfALargeFileMatchTheWhole() {
        byte[] content = new byte[900_001];
        new java.util.Random(1).nextBytes(content);
        String link = uploaded("large.bin", content);
        Api.Answer whole = Api.fetch(link);
        assertThat(whole.body()).isEqualTo(content);
        Api.Answer part = fetch(link, "Range", "bytes=100000-700000", "If-Range", header(whole, "ETag"));
        assertThat(part.status()).isEqualTo(206);
        assertThat(header(part, "Content-Range")).isEqualTo("bytes 100000-700000/900001");
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(content, 100_000, 700_001));
        assertThat(fetch(link, "Range", "bytes=-1").body()).isEqualTo(new byte[] {content[900_000]});
        assertThat(fetch(link, "Range", "bytes=5-9", "If-Range", "\"other\"").status())
                .isEqualTo(200);
        Api.Answer beyond = fetch(link, "Range", "bytes=900001-");
        assertThat(beyond.status()).isEqualTo(416);
        assertThat(header(beyond, "Content-Range")).isEqualTo("bytes */900001");
        assertThat(fetch(link, "If-None-Match", header(whole, "ETag")).status()).isEqualTo(304);
    }

    @Test
    void aLinkIsValidForItsArtifactOnly() {
        String one = screenshot();
        String other = screenshot();
        String token = one.substring(one.indexOf('?'));
        assertThat(Api.fetch(other.replaceFirst("\\?.*", token)).status()).isEqualTo(403);
        assertThat(Api.fetch(one.replaceFirst("\\?.*", "")).status()).isEqualTo(403);
        Api.Answer altered = Api.fetch(one.substring(0, one.length() - 4) + "AAAA");
        assertThat(altered.status()).isEqualTo(403);
        assertThat(altered.error().getString("message")).contains("link");
        String socket = api.post("/api/sessions").json().getString("connectUrl");
        assertThat(Api.fetch(one.replaceFirst("\\?.*", socket.substring(socket.indexOf('?'))))
                        .status())
                .isEqualTo(403);
        api.delete(socket.replaceFirst("^ws://[^/]*", "").replaceFirst("/cdp.*", ""));
    }

    /** Clients read directly from an object store that they can reach. */
    @Test
    void linksToAPublicObjectStoreArePresigned() {
        Path data = Berth.temporaryFolder();
        Map<String, String> settings = Map.of(
                "BERTH_S3_ENDPOINT", endpoint(),
                "BERTH_S3_PUBLIC_ENDPOINT", endpoint(),
                "BERTH_S3_ACCESS_KEY", berth.server.config().objectStore().accessKey(),
                "BERTH_S3_SECRET_KEY", berth.server.config().objectStore().secretKey());
        Berth server = Berth.start(data, settings);
        String path = server.api().open(server.site.url("/plain"));
        String link = server.api().act(path, "screenshot", new JsonObject()).getString("publicUrl");
        assertThat(link).startsWith(endpoint()).contains("X-Amz-Signature=");
        assertThat(Buffer.buffer(Api.fetch(link).body()).getString(1, 4)).isEqualTo("PNG");
        server.api().delete(path);
        server.stop();
        Berth.delete(data);
    }

    private String endpoint() {
        return berth.server.config().objectStore().endpoint().orElseThrow().toString();
    }
}
