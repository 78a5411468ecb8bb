package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs programs of {@code src/test/resources/sdk}, with the client that a server gives away in the same folder. */
record SdkPrograms(Path folder) {
    private static final Map<String, String> CLIENTS = Map.of("mjs", "berth.js", "py", "berth.py");
    private static final Map<String, List<String>> INTERPRETERS =
            Map.of("mjs", List.of("node"), "py", List.of("python3", "-B", "-W", "error"));

    /** Runs a program to its end, which must be a success; gives what it printed. */
    String run(String program, byte[] client, String... arguments) throws Exception {
        String language = program.substring(program.lastIndexOf('.') + 1);
        // Node takes a file for a module by its name.
        Files.write(folder.resolve("berth." + language), client);
        try (InputStream source = SdkPrograms.class.getResourceAsStream("/sdk/" + program)) {
            Files.write(folder.resolve(program), source.readAllBytes());
        }
        Path output = folder.resolve(program + ".txt");
        List<String> command = Stream.of(INTERPRETERS.get(language), List.of(program), List.of(arguments))
                .flatMap(List::stream)
                .toList();
        Process process = start(command, output);
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("%s printed %s", program, Files.readString(output))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        return Files.readString(output).strip();
    }

    private Process start(List<String> command, Path output) throws IOException {
        try {
            return new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw new AssertionError(
                    "the clients' tests need Node 18 and Python 3.9 or newer (Debian: apt-get install nodejs python3)",
                    e);
        }
    }

    static String client(String program) {
        return CLIENTS.get(program.substring(program.lastIndexOf('.') + 1));
    }
}
