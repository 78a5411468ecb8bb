package dev.berth.extension;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Truncation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * An extension that a user gave, checked. Pure.
 *
 * @param id Chrome's (components/crx_file/id_util.cc)
 * @param title of the manifest
 * @param version of the manifest
 * @param zip the files, with the manifest at the root and its {@code key}: written anew, so that nothing else of the given zip remains
 */
record ExtensionPackage(String id, String title, String version, byte[] zip) {
    static final int MAX_FILES = 5_000;
    /** Limit for all files together, unpacked: bytes. */
    static final int MAX_BYTES = 64 << 20;

    private static final int MAX_NAME_CHARS = 300;
    private static final int MAX_NAMES = 12;
    private static final int MAX_TITLE_CHARS = 100;
    private static final String MANIFEST = "manifest.json";
    private static final Pattern NAME = Pattern.compile("[^/\\\\\\p{Cntrl}]+(/[^/\\\\\\p{Cntrl}]+)*");
    /** What the packers of some systems add. */
    private static final Pattern NOISE = Pattern.compile("(.*/)?(__MACOSX|\\.DS_Store|\\.git|_metadata)(/.*)?");

    private static final Pattern VERSION = Pattern.compile("\\d{1,9}(\\.\\d{1,9}){0,3}");

    /**
     * {@code proxy} and {@code privacy} could lead Chrome around the session's proxy, and {@code debugger} is what Berth and the session's clients use: an
     * extension with it could end their work.
     */
    private static final Set<String> REFUSED = Set.of("proxy", "privacy", "debugger");

    /** As Chrome reads manifests: with comments. */
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_JAVA_COMMENTS).build();

    /**
     * Throws {@link BerthException} that says what is wrong.
     *
     * @param owner what the id is made of where the manifest has no key, so that a new version of the extension has the same
     */
    static ExtensionPackage of(byte[] given, String owner) {
        Map<String, byte[]> files = rooted(read(given));
        ObjectNode manifest = manifest(files.get(MANIFEST));
        byte[] key = key(manifest, owner);
        files.put(MANIFEST, manifest.toString().getBytes(StandardCharsets.UTF_8));
        return new ExtensionPackage(
                id(key),
                Truncation.cut(manifest.path("name").asText(), MAX_TITLE_CHARS),
                manifest.path("version").asText(),
                written(files));
    }

    private static Map<String, byte[]> read(byte[] given) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        int left = MAX_BYTES;
        int entries = 0;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(given))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String name = entry.getName();
                byte[] bytes = zip.readNBytes(left + 1);
                left -= bytes.length;
                if (left < 0 || ++entries > MAX_FILES) {
                    throw BerthException.invalid("an extension may have " + MAX_FILES + " files and "
                            + (MAX_BYTES >> 20) + " MiB unpacked: this zip has more");
                }
                if (entry.isDirectory() || NOISE.matcher(name).matches()) {
                    continue;
                }
                requireName(name);
                if (files.put(name, bytes) != null) {
                    throw BerthException.invalid("the zip has two files of the name " + shown(name));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw BerthException.invalid("the zip can't be read: " + e.getMessage());
        }
        if (files.isEmpty()) {
            throw BerthException.invalid(
                    "the body must be a zip of the extension's folder; a CRX file has a header before its zip: unpack it, and zip the folder");
        }
        return files;
    }

    private static void requireName(String name) {
        boolean plain = name.length() <= MAX_NAME_CHARS
                && NAME.matcher(name).matches()
                && Stream.of(name.split("/")).noneMatch(part -> part.equals(".") || part.equals(".."));
        if (!plain || name.split("/").length > MAX_NAMES) {
            throw BerthException.invalid("the zip has a name that no file of an extension may have: " + shown(name));
        }
    }

    private static String shown(String name) {
        return "'" + Truncation.ellipsis(name.replaceAll("\\p{Cntrl}", "?"), MAX_TITLE_CHARS) + "'";
    }

    /** The files from the manifest's folder on: many zips hold one folder. */
    private static Map<String, byte[]> rooted(Map<String, byte[]> files) {
        if (files.containsKey(MANIFEST)) {
            return files;
        }
        Set<String> tops = files.keySet().stream()
                .map(name -> name.contains("/") ? name.substring(0, name.indexOf('/') + 1) : "")
                .collect(Collectors.toSet());
        String top = tops.iterator().next();
        if (tops.size() > 1 || !files.containsKey(top + MANIFEST)) {
            throw BerthException.invalid("the zip must have " + MANIFEST + " at its root, or in its only folder");
        }
        Map<String, byte[]> rooted = new LinkedHashMap<>();
        files.forEach((name, bytes) -> rooted.put(name.substring(top.length()), bytes));
        return rooted;
    }

    private static ObjectNode manifest(byte[] text) {
        JsonNode read;
        try {
            read = JSON.readTree(new String(text, StandardCharsets.UTF_8).replaceFirst("^\uFEFF", ""));
        } catch (JsonProcessingException e) {
            throw BerthException.invalid(MANIFEST + " is no JSON: " + e.getOriginalMessage());
        }
        if (!(read instanceof ObjectNode manifest)) {
            throw BerthException.invalid(MANIFEST + " must be a JSON object");
        }
        if (manifest.path("manifest_version").asInt() != 3) {
            throw BerthException.invalid(
                    MANIFEST + ": manifest_version must be 3, which is all that this Chrome takes (manifest_version: "
                            + shown(manifest.path("manifest_version").asText("none")) + ")");
        }
        if (!manifest.path("name").isTextual()
                || !VERSION.matcher(manifest.path("version").asText()).matches()) {
            throw BerthException.invalid(MANIFEST + " must have a name, and a version such as 1.0");
        }
        for (String list : Set.of("permissions", "optional_permissions")) {
            manifest.path(list).forEach(permission -> requireAllowed(list, permission.asText()));
        }
        return manifest;
    }

    private static void requireAllowed(String list, String permission) {
        if (REFUSED.contains(permission)) {
            throw BerthException.invalid(MANIFEST + ": " + list + " has '" + permission
                    + "', which no extension may have here: see /docs/extensions");
        }
    }

    /** The manifest's key, which is put in where there is none. Chrome takes any bytes for one. */
    private static byte[] key(ObjectNode manifest, String owner) {
        try {
            if (manifest.path("key").isTextual()) {
                return Base64.getDecoder()
                        .decode(manifest.get("key").textValue().replaceAll("\\s", ""));
            }
        } catch (IllegalArgumentException e) {
            throw BerthException.invalid(MANIFEST + ": key must be Base64, or left out");
        }
        byte[] made = sha256(owner.getBytes(StandardCharsets.UTF_8));
        manifest.put("key", Base64.getEncoder().encodeToString(made));
        return made;
    }

    private static String id(byte[] key) {
        StringBuilder id = new StringBuilder();
        byte[] hash = sha256(key);
        for (int i = 0; i < 16; i++) {
            id.append((char) ('a' + (hash[i] >> 4 & 0xf))).append((char) ('a' + (hash[i] & 0xf)));
        }
        return id.toString();
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] written(Map<String, byte[]> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
        } catch (IOException e) {
            throw BerthException.invalid("the zip can't be written anew: " + e.getMessage());
        }
        return bytes.toByteArray();
    }
}
