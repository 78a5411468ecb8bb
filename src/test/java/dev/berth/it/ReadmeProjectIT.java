package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.Readme;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The README's project, built and run by Maven with the library jar as its only dependency. The goals are those of the README's
 * command; they have the versions of this project's plugins, which its own build has downloaded already.
 */
@Tag("full")
class ReadmeProjectIT {
    private static final String VERSION = version("berth");

    /** Optimizing compilers take more of the processors than they give back here. */
    private static final String FRUGAL = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private final Path folder = Berth.temporaryFolder();

    @AfterEach
    void remove() {
        Berth.delete(folder);
    }

    @Test
    void anEmptyProjectTellsTheTitleOfAPage() throws Exception {
        Path source = Files.createDirectories(folder.resolve("src/main/java")).resolve("Title.java");
        Files.writeString(folder.resolve("pom.xml"), Readme.block("xml", "<project>"));
        Files.writeString(source, Readme.block("java", "class Title"));
        install(folder.resolve("repository"));
        ServerProcess.shareBinaries(folder.resolve("data"));

        List<String> output = run(
                "-Dmaven.repo.local=" + folder.resolve("repository"),
                // Beside it, what the build of Berth has downloaded.
                "-Dmaven.repo.local.tail=" + localRepository(),
                plugin("org.apache.maven.plugins", "maven-compiler-plugin") + ":compile",
                plugin("org.codehaus.mojo", "exec-maven-plugin") + ":exec",
                "-Dexec.executable=java",
                "-Dexec.args=-XshowSettings:properties " + FRUGAL + " -cp %classpath Title "
                        + Berth.shared().site.url("/plain"));

        assertThat(output).contains("Plain");
        assertThat(jars(output)).isSubsetOf(ownJars()).anyMatch(jar -> jar.startsWith("vertx-core-"));
        assertThat(Files.exists(folder.resolve("data/machine-id"))).isTrue();
        Api.await(this::processes, List::isEmpty);
    }

    /** As {@code mvn install} does. */
    private static void install(Path repository) throws IOException {
        Path library = Files.createDirectories(repository.resolve("dev/berth/berth/" + VERSION));
        Files.copy(Path.of("target/berth-" + VERSION + ".jar"), library.resolve("berth-" + VERSION + ".jar"));
        Files.copy(Path.of("pom.xml"), library.resolve("berth-" + VERSION + ".pom"));
    }

    private static Path localRepository() {
        return Path.of(System.getProperty("maven.repo.local", System.getProperty("user.home") + "/.m2/repository"));
    }

    /** The plugin that Berth itself is built with. */
    private static String plugin(String group, String artifact) {
        return group + ":" + artifact + ":" + version(artifact);
    }

    private static String version(String artifact) {
        try {
            Matcher version = Pattern.compile("<artifactId>" + artifact + "</artifactId>\\s*<version>([^<]+)</version>")
                    .matcher(Files.readString(Path.of("pom.xml")));
            assertThat(version.find()).isTrue();
            return version.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> run(String... arguments) throws Exception {
        Path output = folder.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(
                                Stream.of(Path.of("mvnw").toAbsolutePath().toString(), "-q", "-B"),
                                Stream.of(arguments))
                        .toList())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().merge("MAVEN_OPTS", FRUGAL, (given, more) -> given + " " + more);
        Process maven = builder.start();
        try {
            assertThat(maven.waitFor(80, TimeUnit.SECONDS))
                    .as(Files.readString(output))
                    .isTrue();
        } finally {
            maven.descendants().forEach(ProcessHandle::destroyForcibly);
            maven.destroyForcibly();
        }
        assertThat(maven.exitValue()).as(Files.readString(output)).isZero();
        return Files.readAllLines(output);
    }

    /** The names of the jars that the project's program has, but for Berth's own. */
    private static Set<String> jars(List<String> output) {
        return output.stream()
                .filter(line -> line.endsWith(".jar"))
                .map(line -> line.substring(line.lastIndexOf('/') + 1))
                .filter(name -> !name.equals("berth-" + VERSION + ".jar"))
                .collect(Collectors.toSet());
    }

    /** Those with which Berth is tested: other versions would be other programs. */
    private static Set<String> ownJars() {
        return Stream.of(System.getProperty("java.class.path"), System.getProperty("surefire.test.class.path", ""))
                .flatMap(path -> Stream.of(path.split(File.pathSeparator)))
                .map(jar -> jar.substring(jar.lastIndexOf('/') + 1))
                .collect(Collectors.toSet());
    }

    private List<String> processes() {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(command -> command.contains(folder.toString()))
                .toList();
    }
}
