package dev.berth.browser.process;

import dev.berth.browser.BrowserExtension;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalInt;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The folders of extensions in the folder of a Chrome, which writes there, too: indexes of the rules for requests. Chrome lets an extension
 * that is loaded from a folder read local files, which are the server's, unless its preferences say otherwise
 * (extensions/browser/extension_prefs.cc).
 */
public final class ExtensionFiles {
    /** Limit for the files of an extension: bytes. */
    private static final long MAX_BYTES = 64 << 20;

    private ExtensionFiles() {}

    /** The folder of an extension, by its id. */
    public static Path folder(Path home, String id) {
        return Profiles.extensions(home).resolve(id);
    }

    /**
     * Unpacks extensions for a Chrome that is not started yet. Blocks.
     *
     * @param home of the Chrome
     */
    public static void unpack(List<BrowserExtension> extensions, Path home, OptionalInt owner) throws IOException {
        if (extensions.isEmpty()) {
            return;
        }
        JsonObject settings = new JsonObject();
        for (BrowserExtension each : extensions) {
            unpack(each, home, owner);
            settings.put(each.id(), new JsonObject().put("newAllowFileAccess", false));
        }
        Path preferences = Profiles.profile(home).resolve(SiteFiles.CHROME).resolve("Preferences");
        ProfileArchive.makeFolder(preferences.getParent(), owner);
        Files.writeString(
                preferences,
                new JsonObject()
                        .put("extensions", new JsonObject().put("settings", settings))
                        .encode(),
                StandardOpenOption.CREATE_NEW);
        Profiles.own(preferences, owner);
    }

    private static void unpack(BrowserExtension extension, Path home, OptionalInt owner) throws IOException {
        Path folder = folder(home, extension.id());
        long left = MAX_BYTES;
        try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(Files.newInputStream(extension.zip())))) {
            ProfileArchive.makeFolder(folder, owner);
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = folder.resolve(entry.getName()).normalize();
                if (!file.startsWith(folder) || file.equals(folder)) {
                    throw new IOException("no file of an extension: " + entry.getName());
                }
                ProfileArchive.makeFolder(file.getParent(), owner);
                left -= write(zip, file, left);
                Profiles.own(file, owner);
            }
        }
    }

    private static long write(InputStream zip, Path file, long maxBytes) throws IOException {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            return ProfileArchive.bounded(zip, maxBytes).transferTo(out);
        }
    }
}
