package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.protocol.BrowserKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Every way out of a page, to what a session must not reach, in a network namespace in which all addresses are this machine's
 * ({@link ContainmentRig}): nothing is ever sent to a real one. Needs root. Writes the table {@code target/containment-….txt}.
 */
@Order(1)
@Timeout(300)
class ContainmentIT {
    private static final long MINUTES = 10;

    private final Path folder = Berth.temporaryFolder();

    @AfterEach
    void delete() {
        Berth.delete(folder);
    }

    @TestFactory
    Stream<DynamicTest> noWayOut() throws Exception {
        return rows("quick", BrowserKind.SHELL).stream().map(ContainmentIT::test);
    }

    /** Also every way with every kind of address, and the ports of Berth. */
    @Tag("full")
    @TestFactory
    Stream<DynamicTest> noWayOutInAnySpelling() throws Exception {
        return rows("full", BrowserKind.SHELL).stream().map(ContainmentIT::test);
    }

    @Tag("full")
    @TestFactory
    Stream<DynamicTest> noWayOutOfFullChrome() throws Exception {
        assumeTrue(FullChrome.isHere(), "no full Chrome on this machine");
        return rows("quick", BrowserKind.CHROME).stream().map(ContainmentIT::test);
    }

    @Tag("full")
    @TestFactory
    Stream<DynamicTest> noWayOutOfHeadfulChrome() throws Exception {
        assumeTrue(FullChrome.isHere(), "no full Chrome on this machine");
        return rows("quick", BrowserKind.HEADFUL).stream().map(ContainmentIT::test);
    }

    private static DynamicTest test(ContainmentRow row) {
        return DynamicTest.dynamicTest(row.name(), () -> {
            assertThat(row.arrived()).as(row.toString()).isEmpty();
            assertThat(row.tried()).as(row.toString()).isNotEmpty();
            // What the proxy refuses is told by its rule; but of a name with two answers, the last connection may be
            // another one.
            if (!row.name().contains("rebinds.test")) {
                assertThat(row.stoppedBy()).as(row.toString()).doesNotContain("error net::ERR_SOCKS");
            }
        });
    }

    private List<ContainmentRow> rows(String extent, BrowserKind kind) throws IOException, InterruptedException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root makes network namespaces");
        for (String data : List.of("data", "own")) {
            ServerProcess.shareBinaries(folder.resolve(data));
        }
        Path output = folder.resolve("output");
        Process rig = new ProcessBuilder(command(extent, kind))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = rig.waitFor(MINUTES, TimeUnit.MINUTES);
        rig.descendants().forEach(ProcessHandle::destroyForcibly);
        rig.destroyForcibly();
        assertThat(ended && rig.exitValue() == 0).as(Files.readString(output)).isTrue();
        List<ContainmentRow> rows = Files.readAllLines(folder.resolve("rows")).stream()
                .map(ContainmentRow::parse)
                .toList();
        String table = rows.stream().map(ContainmentRow::toString).collect(Collectors.joining("\n"));
        Files.writeString(Path.of("target", "containment-" + extent + "-" + kind.wireName() + ".txt"), table + "\n");
        return rows;
    }

    private List<String> command(String extent, BrowserKind kind) {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of("unshare", "--net", "--mount", "sh"));
        command.addAll(List.of(DecoyInternet.FILES.resolve("network.sh").toString(), folder.toString()));
        command.addAll(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-cp"));
        command.addAll(List.of(classes, ContainmentRig.class.getName(), folder.toString(), extent, kind.name()));
        return command;
    }
}
