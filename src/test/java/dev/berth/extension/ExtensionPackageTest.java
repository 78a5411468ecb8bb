package dev.berth.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.protocol.BerthException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtensionPackageTest {
    private static final String OWNER = "1 blocker";

    private static JsonObject manifest() {
        return new JsonObject()
                .put("manifest_version", 3)
                .put("name", "Blocker")
                .put("version", "1.2");
    }

    private static byte[] zip(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    private static ExtensionPackage of(JsonObject manifest) throws IOException {
        return ExtensionPackage.of(zip(Map.of("manifest.json", manifest.encode())), OWNER);
    }

    private static Map<String, String> files(ExtensionPackage checked) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(checked.zip()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }

    private static void refuses(byte[] zip, String... words) {
        assertThatThrownBy(() -> ExtensionPackage.of(zip, OWNER))
                .isInstanceOf(BerthException.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void aFolderInTheZipIsTheExtensionsRoot() throws IOException {
        ExtensionPackage checked = ExtensionPackage.of(
                zip(Map.of(
                        "blocker/manifest.json",
                        "\uFEFF// a comment\n" + manifest().encode(),
                        "blocker/js/a.js",
                        "1",
                        "__MACOSX/x",
                        "",
                        "blocker/.DS_Store",
                        "")),
                OWNER);
        assertThat(files(checked)).containsOnlyKeys("manifest.json", "js/a.js");
        assertThat(checked.title()).isEqualTo("Blocker");
        assertThat(checked.version()).isEqualTo("1.2");
    }

    @Test
    void theIdStaysTheSameForLaterVersionsAndDiffersForOthers() throws IOException {
        ExtensionPackage first = of(manifest());
        assertThat(first.id()).matches("[a-p]{32}");
        assertThat(of(manifest().put("version", "2")).id()).isEqualTo(first.id());
        assertThat(ExtensionPackage.of(zip(Map.of("manifest.json", manifest().encode())), "2 blocker")
                        .id())
                .isNotEqualTo(first.id());
    }

    /** The letters stand for the digits of the key's SHA-256 (components/crx_file/id_util.cc). */
    @Test
    void aKeyOfTheManifestDecidesTheId() throws IOException {
        ExtensionPackage checked = of(manifest().put("key", "AAAA"));
        assertThat(checked.id()).isEqualTo("hajoiamiieihkcebbobooenpljpcckig");
        assertThat(new JsonObject(files(checked).get("manifest.json")).getString("key"))
                .isEqualTo("AAAA");
        refuses(zip(Map.of("manifest.json", manifest().put("key", "%").encode())), "key", "Base64");
    }

    @ParameterizedTest
    @CsvSource({
        "proxy, permissions",
        "privacy, permissions",
        "privacy, optional_permissions",
        "debugger, permissions",
        "debugger, optional_permissions"
    })
    void whatLeadsAroundTheSessionIsRefused(String permission, String list) throws IOException {
        refuses(
                zip(Map.of(
                        "manifest.json",
                        manifest().put(list, new JsonArray(List.of(permission))).encode())),
                permission,
                list);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a.js", "/etc/passwd", "a/../../b", "a\\b", "a//b", "a\u0001"})
    void namesThatLeadOutAreRefused(String name) throws IOException {
        refuses(zip(Map.of("manifest.json", manifest().encode(), name, "")), "name");
    }

    @Test
    void whatIsNoExtensionIsRefused() throws IOException {
        refuses(new byte[0], "zip");
        refuses("Cr24 and more".getBytes(StandardCharsets.UTF_8), "CRX");
        refuses(zip(Map.of("a.js", "")), "manifest.json");
        refuses(zip(Map.of("manifest.json", "{")), "JSON");
        refuses(zip(Map.of("manifest.json", "[]")), "object");
        refuses(
                zip(Map.of(
                        "manifest.json", manifest().put("manifest_version", 2).encode())),
                "manifest_version",
                "3");
        refuses(zip(Map.of("manifest.json", manifest().put("version", "new").encode())), "version");
    }

    /** Files that are left out cost a worker's time, too. */
    @ParameterizedTest
    @ValueSource(strings = {".git/objects/a", "folder/"})
    void whatIsLeftOutCounts(String name) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("manifest.json"));
            zip.write(manifest().encode().getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry(name));
            zip.write(new byte[ExtensionPackage.MAX_BYTES]);
        }
        refuses(bytes.toByteArray(), "64 MiB");
        Map<String, String> many =
                new LinkedHashMap<>(Map.of("manifest.json", manifest().encode()));
        for (int i = 0; i < ExtensionPackage.MAX_FILES; i++) {
            many.put(i + "/" + name, "");
        }
        refuses(zip(many), "5000 files");
    }

    @Test
    void aZipThatUnpacksToTooMuchIsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("manifest.json"));
            zip.write(new byte[ExtensionPackage.MAX_BYTES + 1]);
        }
        refuses(bytes.toByteArray(), "64 MiB");
        Map<String, String> many = new LinkedHashMap<>();
        for (int i = 0; i <= ExtensionPackage.MAX_FILES; i++) {
            many.put("f" + i, "");
        }
        refuses(zip(many), "5000 files");
    }
}
