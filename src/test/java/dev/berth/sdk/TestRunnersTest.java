package dev.berth.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The programs of the page "Test runners", as readers paste them. Playwright Test, whose programs come from npm, is tried by {@code
 * src/test/clients}.
 */
class TestRunnersTest {
    private static final Path PAGE = Path.of("src/docs/test-runners.md");
    private static final Pattern PUBLIC = Pattern.compile("(?m)^(?:public final )?class (\\w+)");

    @TempDir
    private Path folder;

    private static List<String> blocks(String language) throws IOException {
        return Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$")
                .matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private static JavaFileObject source(String program) {
        var name = PUBLIC.matcher(program);
        assertThat(name.find()).isTrue();
        return new SimpleJavaFileObject(URI.create("mem:/" + name.group(1) + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return program;
            }
        };
    }

    @Test
    void theExtensionForJUnitCompiles() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<JavaFileObject> sources =
                blocks("java").stream().map(TestRunnersTest::source).toList();
        assertThat(sources).hasSize(2);
        List<String> options = List.of(
                "--release", "17", "-proc:none", "-d", folder.toString(), "-cp", System.getProperty("java.class.path"));
        assertThat(compiler.getTask(null, null, problems, options, null, sources)
                        .call())
                .as(problems.getDiagnostics().toString())
                .isTrue();
    }

    @Test
    void theFixturesForPytestCompile() throws Exception {
        Path conftest = folder.resolve("conftest.py");
        Files.writeString(conftest, String.join("\n", blocks("python")));
        Process python = new ProcessBuilder("python3", "-W", "error", "-m", "py_compile", conftest.toString())
                .redirectErrorStream(true)
                .start();
        String told = new String(python.getInputStream().readAllBytes());
        assertThat(python.waitFor()).as(told).isZero();
    }
}
