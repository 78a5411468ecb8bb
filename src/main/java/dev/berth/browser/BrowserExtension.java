package dev.berth.browser;

import dev.berth.protocol.ExtensionOrigins;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An extension that a browser begins with.
 *
 * @param name the user's
 * @param id Chrome's: 32 letters from {@code a} to {@code p}, as the key in the manifest has it
 * @param zip the extension's files, a zip that Berth has written; stays until the launch is over
 */
public record BrowserExtension(String name, String id, Path zip) {
    /** The URLs that belong to these extensions, and so to the session. */
    public static ExtensionOrigins origins(List<BrowserExtension> extensions) {
        return new ExtensionOrigins(
                extensions.stream().collect(Collectors.toMap(BrowserExtension::id, BrowserExtension::name)));
    }
}
