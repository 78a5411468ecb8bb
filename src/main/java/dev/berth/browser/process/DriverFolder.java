package dev.berth.browser.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * What a chromedriver has in its folder beside its own socket. The folder is the server's own, so that a driver can't put anything in the
 * place of the sockets. Its methods block.
 */
public record DriverFolder(SecludedServer server) {
    private static final String CHROME = SecludedServer.read("chrome.pl");

    /** The socket on which the server waits for {@link #chrome}. Its path is no longer than that of the driver's own socket. */
    public Path cdp() {
        return server.home().resolve("cdp");
    }

    /** The program that the driver is to take for its Chrome. */
    public Path chrome() {
        return server.home().resolve("chrome");
    }

    /** Writes the program {@link #chrome}. */
    public void prepare() throws IOException {
        Files.writeString(chrome(), CHROME, StandardOpenOption.CREATE_NEW);
        Files.setPosixFilePermissions(chrome(), PosixFilePermissions.fromString("r-xr-xr-x"));
    }

    /** Lets the driver's user connect to {@link #cdp}, once the server listens there, and nobody else. */
    public void letIn() throws IOException {
        Files.setPosixFilePermissions(cdp(), PosixFilePermissions.fromString("rw-------"));
        Profiles.own(cdp(), server.userId());
    }
}
