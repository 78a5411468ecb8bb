package dev.berth.browser.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A program in Chrome's place, and in a network namespace of its own. */
class NetworkWallTest {
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
    private static final Path SHELL = Path.of("/usr/bin/chromium-headless-shell");
    private static final int PORT = 5_000;
    private static final int FIRST = 61_000;
    private static final int UID = 65_400;

    private static Set<String> ways(String before, List<String> words) throws Exception {
        Path program = Files.createTempFile("reach", ".pl");
        try {
            Files.write(
                    program,
                    NetworkWallTest.class.getResourceAsStream("reach.pl").readAllBytes());
            List<String> command = new ArrayList<>(List.of(
                    "unshare",
                    ROOT ? "-n" : "-rn",
                    "sh",
                    "-c",
                    before + " exec \"$@\"",
                    "sh",
                    "perl",
                    program.toString()));
            command.addAll(words);
            program.toFile().setReadable(true, false);
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).isZero();
            return Set.copyOf(said.lines().toList());
        } finally {
            Files.delete(program);
        }
    }

    private static NetworkWall wall() throws InterruptedException {
        NetworkWall wall = NetworkWall.tried();
        assumeTrue(wall.defect().isEmpty(), () -> wall.defect().orElseThrow());
        return wall;
    }

    @Test
    void nothingIsReachedButThePortOfTheProxy() throws Exception {
        Set<String> harmless = Set.of("its port", "its port on another address", "Unix pair");
        NetworkWall wall = wall();
        assertThat(ways("", List.of("env")))
                .containsAll(harmless)
                .contains("another port", "routes", "UDP", "Unix socket", "Unix datagram", "Unix raw", "signal");
        assertThat(ways("", wall.words(PORT, false, SHELL))).isEqualTo(harmless);
    }

    @Test
    void fullChromeMayOpenTheSocketThatItNeeds() throws Exception {
        assertThat(ways("", wall().words(PORT, false, Path.of("/usr/bin/chromium"))))
                .contains("Unix socket")
                .doesNotContain("UDP");
    }

    @Test
    void asRootOneAddressIsLeftToTheUserIdsOfChromes() throws Exception {
        assumeTrue(ROOT && Files.exists(Path.of("/usr/sbin/nft")), "it takes root and nft");
        Path table = Files.createTempFile("table", ".nft");
        Path empty = Files.createTempFile("table", ".nft");
        Files.writeString(table, AddressWall.table(FIRST, List.of(FIRST, UID)));
        Files.writeString(empty, AddressWall.table(FIRST, List.of()));
        // The servers of a machine share it: another one that starts leaves the ids.
        String made = "nft -f " + table + " && nft -f " + empty + " &&";
        List<String> words = new ArrayList<>(Confinement.asUser(UID));
        words.addAll(wall().words(PORT, true, SHELL));
        assertThat(ways(made, words)).containsExactlyInAnyOrder("its port", "Unix pair");
        assertThat(ways("nft -f " + empty + " &&", words)).contains("its port on another address");
        // The last server to stop deletes the table, and no other one can.
        Path removal = Files.writeString(
                Files.createTempFile("table", ".nft"), AddressWall.removal(FIRST, List.of(FIRST, UID)));
        Path deletion = Files.writeString(Files.createTempFile("table", ".nft"), AddressWall.deletion(FIRST));
        String last = made + " ! nft -f " + deletion + " 2>/dev/null && nft -f " + removal + " && nft -f " + deletion
                + " && [ -z \"$(nft list tables)\" ] &&";
        assertThat(ways(last, words)).contains("its port on another address");
        for (Path file : List.of(table, empty, removal, deletion)) {
            Files.delete(file);
        }
    }

    @Test
    void idsAreReadAsNftPrintsThem() {
        String table = "table inet berth_uids_61000 {\n\tmap chromes {\n\t\ttype uid : verdict\n%s\t}\n}\n";
        assertThat(
                        AddressWall.elements(
                                table.formatted(
                                        "\t\telements = { 61000 : jump chrome,\n\t\t\t     61001 : jump chrome,\n\t\t\t     61017 : jump chrome }\n")))
                .containsExactly(61_000, 61_001, 61_017);
        assertThat(AddressWall.elements(table.formatted(""))).isEmpty();
    }

    @Test
    void itLimitsWhatAProgramTakesOfTheSystem() throws Exception {
        List<String> command = new ArrayList<>(wall().words(PORT, true, SHELL));
        command.addAll(List.of("sh", "-c", "ulimit -n; ulimit -c; ulimit -p"));
        Process process = new ProcessBuilder(command).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said.lines()).containsExactly("8192", "0", "4096");
    }
}
