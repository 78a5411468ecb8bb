package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.protocol.BrowserKind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every way out of a page, to what a session must not reach, in a network namespace in which all addresses are this machine's
 * ({@link ContainmentRig}): nothing is ever sent to a real one. Needs root. Writes the table {@code target/containment-….txt}.
 */
@Order(1)
@Timeout(300)
class ContainmentIT {
    private static final long MINUTES = 10;

    private final Path folder = Berth.temporaryFolder();
    /** Links to programs: not in /tmp, which is another folder for the X server of a headful Chrome. */
    private Path programs;

    @BeforeEach
    void create() throws IOException {
        programs = Files.createTempDirectory(Path.of("/var/tmp"), "it-berth");
    }

    @AfterEach
    void delete() {
        Berth.delete(folder);
        Berth.delete(programs);
    }

    @TestFactory
    Stream<DynamicTest> noWayOut() throws Exception {
        return rows("quick", BrowserKind.SHELL, Set.of()).stream().map(ContainmentIT::test);
    }

    /** Also every way with every kind of address, and the ports of Berth. */
    @Tag("full")
    @TestFactory
    Stream<DynamicTest> noWayOutInAnySpelling() throws Exception {
        return rows("full", BrowserKind.SHELL, Set.of()).stream().map(ContainmentIT::test);
    }

    @Tag("full")
    @TestFactory
    Stream<DynamicTest> noWayOutOfFullChrome() throws Exception {
        assumeTrue(FullChrome.isHere(), "no full Chrome on this machine");
        return rows("quick", BrowserKind.CHROME, Set.of()).stream().map(ContainmentIT::test);
    }

    @Tag("full")
    @TestFactory
    Stream<DynamicTest> noWayOutOfHeadfulChrome() throws Exception {
        assumeTrue(FullChrome.isHere(), "no full Chrome on this machine");
        return rows("quick", BrowserKind.HEADFUL, Set.of()).stream().map(ContainmentIT::test);
    }

    /** The walls of the network and of addresses each have the other behind them, and both have Chrome's flags and its policy. */
    @Tag("full")
    @ParameterizedTest
    @CsvSource({"CHROME, perl", "CHROME, nft", "CHROME, perl nft", "HEADFUL, perl nft", "SHELL, perl nft"})
    void noWayOutWithoutTheseWalls(BrowserKind kind, String missing) throws Exception {
        assumeTrue(FullChrome.isHere(), "no full Chrome on this machine");
        assertThat(rows("quick", kind, Set.of(missing.split(" ")))).isNotEmpty().allSatisfy(ContainmentIT::holds);
    }

    private static void holds(ContainmentRow row) {
        assertThat(row.arrived()).as(row.toString()).isEmpty();
        assertThat(row.tried()).as(row.toString()).isNotEmpty();
    }

    private static DynamicTest test(ContainmentRow row) {
        return DynamicTest.dynamicTest(row.name(), () -> {
            holds(row);
            // What the proxy refuses is told by its rule; but of a name with two answers, the last connection may be
            // another one.
            if (!row.name().contains("rebinds.test")) {
                assertThat(row.stoppedBy()).as(row.toString()).doesNotContain("error net::ERR_SOCKS");
            }
        });
    }

    /** @param missing programs that the server does not find: each puts on a wall */
    private List<ContainmentRow> rows(String extent, BrowserKind kind, Set<String> missing)
            throws IOException, InterruptedException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root makes network namespaces");
        for (String data : List.of("data", "own")) {
            ServerProcess.shareBinaries(folder.resolve(data));
        }
        Path output = folder.resolve("output");
        ProcessBuilder command = new ProcessBuilder(command(extent, kind, pathWithout(missing)))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Process rig = command.start();
        boolean ended = rig.waitFor(MINUTES, TimeUnit.MINUTES);
        rig.descendants().forEach(ProcessHandle::destroyForcibly);
        rig.destroyForcibly();
        assertThat(ended && rig.exitValue() == 0).as(Files.readString(output)).isTrue();
        List<ContainmentRow> rows = Files.readAllLines(folder.resolve("rows")).stream()
                .map(ContainmentRow::parse)
                .toList();
        String table = rows.stream().map(ContainmentRow::toString).collect(Collectors.joining("\n"));
        String without = missing.stream().sorted().map(each -> "-no-" + each).collect(Collectors.joining());
        Files.writeString(
                Path.of("target", "containment-" + extent + "-" + kind.wireName() + without + ".txt"), table + "\n");
        return rows;
    }

    /** A search path with the programs of this machine's but these. */
    private String pathWithout(Set<String> missing) throws IOException {
        String path = System.getenv("PATH");
        if (missing.isEmpty()) {
            return path;
        }
        Files.setPosixFilePermissions(programs, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String each : path.split(":")) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(Path.of(each))) {
                for (Path program : found) {
                    Path link = programs.resolve(program.getFileName());
                    if (!missing.contains(program.getFileName().toString())
                            && !Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                        Files.createSymbolicLink(link, program);
                    }
                }
            } catch (NoSuchFileException e) {
                continue; // search paths name folders that are not there
            }
        }
        return programs.toString();
    }

    private List<String> command(String extent, BrowserKind kind, String path) {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of("unshare", "--net", "--mount", "sh"));
        command.addAll(List.of(DecoyInternet.FILES.resolve("network.sh").toString(), folder.toString()));
        command.addAll(List.of("env", "PATH=" + path));
        command.addAll(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-cp"));
        command.addAll(List.of(classes, ContainmentRig.class.getName(), folder.toString(), extent, kind.name()));
        return command;
    }
}
