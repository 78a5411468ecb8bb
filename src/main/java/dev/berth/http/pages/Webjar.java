package dev.berth.http.pages;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.function.Function;

/**
 * A library of the dashboard or the docs, in a web jar of the class path. Its version is that of the build's {@code pom.xml}, read from the
 * jar's own {@code pom.properties}.
 *
 * @param files the folder of the files that are served, within the library: empty, or with a slash at its end
 */
public record Webjar(String groupId, String artifactId, String files) {
    public Webjar(String groupId, String artifactId) {
        this(groupId, artifactId, "");
    }

    /**
     * The folder of the library's files on the class path. Blocks.
     *
     * @param read reads a file of the class path
     */
    public String folder(Function<String, Buffer> read) {
        Properties pom = new Properties();
        String name = "META-INF/maven/" + groupId + "/" + artifactId + "/pom.properties";
        try (StringReader text = new StringReader(read.apply(name).toString())) {
            pom.load(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "META-INF/resources/webjars/" + artifactId + "/" + pom.getProperty("version") + "/" + files;
    }
}
