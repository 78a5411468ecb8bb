package dev.berth.browser.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserIdsTest {
    private static final int FIRST = 61_000;

    @TempDir
    private Path folder;

    private Path file;
    private final Map<Integer, Set<Long>> processes = new HashMap<>();

    @BeforeEach
    void file() {
        file = folder.resolve("berth").resolve("user-ids.lock");
    }

    private UserIds open() throws IOException {
        return UserIds.open(file, FIRST, id -> processes.getOrDefault(id, Set.of()));
    }

    @Test
    void eachChromeGetsItsOwnIdAndReleasedIdsAreReused() throws Exception {
        UserIds ids = open();
        assertThat(ids.take()).isEqualTo(FIRST);
        assertThat(ids.take()).isEqualTo(FIRST + 1);
        ids.giveBack(FIRST);
        assertThat(ids.take()).isEqualTo(FIRST);
        ids.close();
    }

    @Test
    void whatRunsWithAnIdThatNoServerHasIsKilled() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root starts processes of other users");
        int id = FIRST + UserIds.COUNT - 1;
        List<String> command = new ArrayList<>(Confinement.asUser(id));
        command.addAll(List.of("sleep", "1000"));
        Process left = new ProcessBuilder(command).start();
        try (UserIds ids = open();
                UserIds other = open()) {
            while (ProcessTable.ofUser(id).isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(other.takeIdle(List.of(id))).containsExactly(id);
            ids.end(id);
            assertThat(left.isAlive()).isTrue();
            other.close();
            ids.end(id);
            assertThat(left.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(ids.takeIdle(List.of(id))).containsExactly(id);
        } finally {
            left.destroyForcibly();
        }
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamedWithWhatToDo() throws Exception {
        Path file = Files.createFile(folder.resolve("run"));
        assertThatThrownBy(() -> UserIds.open(file.resolve("berth/ids.lock"), FIRST, id -> Set.of()))
                .hasMessageContaining(file + "/berth, which can't be made: ")
                .hasMessageEndingWith("mount a tmpfs at " + file);
    }

    @Test
    void twoServersInOneJvmShareNoId() throws Exception {
        UserIds one = open();
        UserIds other = open();
        assertThat(one.take()).isEqualTo(FIRST);
        assertThat(other.take()).isEqualTo(FIRST + 1);
        one.close();
        assertThat(other.take()).isEqualTo(FIRST);
        other.close();
    }

    @Test
    void twoServersOnOneMachineShareNoIdUntilOneEnds() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.resolve("other.lock").toString(),
                        Integer.toString(FIRST))
                .start();
        assertThat(other.getInputStream().read()).isEqualTo('L');
        UserIds ids = UserIds.open(folder.resolve("other.lock"), FIRST, id -> Set.of());
        assertThat(ids.take()).isEqualTo(FIRST + 1);
        other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        assertThat(ids.take()).isEqualTo(FIRST);
        ids.close();
    }

    /** Locks an id as another server would, and waits to be killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            FileChannel channel =
                    FileChannel.open(Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.lock(Integer.parseInt(args[1]), 1, false);
            System.out.write('L');
            System.out.flush();
            System.in.read();
            lock.release();
        }
    }

    @Test
    void anIdWithLivingProcessesIsNotTaken() throws Exception {
        processes.put(FIRST, Set.of(17L));
        UserIds ids = open();
        assertThat(ids.take()).isEqualTo(FIRST + 1);
        processes.put(FIRST + 1, Set.of(18L));
        ids.giveBack(FIRST + 1);
        assertThat(ids.take()).isEqualTo(FIRST + 2);
        ids.close();
    }

    @Test
    void idsThatAKilledServerLeftAreTakenWithoutThoseOfOthers() throws Exception {
        UserIds other = open();
        assertThat(other.take()).isEqualTo(FIRST);
        UserIds ids = open();
        assertThat(ids.takeIdle(List.of(FIRST, FIRST + 7))).containsExactly(FIRST + 7);
        assertThat(ids.take()).isEqualTo(FIRST + 7);
        assertThat(ids.take()).isEqualTo(FIRST + 1);
        other.close();
        ids.close();
    }

    @Test
    void anIdThatIsLockedBeforeALockFailsIsUsed() throws Exception {
        UserIds ids = open();
        assertThatThrownBy(() -> ids.takeIdle(List.of(FIRST, -1))).isInstanceOf(IllegalArgumentException.class);
        assertThat(ids.take()).isEqualTo(FIRST);
        ids.close();
    }

    @Test
    void takingFailsIfAllIdsAreTaken() throws Exception {
        UserIds ids = open();
        for (int i = 0; i < UserIds.COUNT; i++) {
            ids.take();
        }
        assertThatThrownBy(ids::take).isInstanceOf(IOException.class).hasMessageContaining("chrome.first-uid");
        ids.close();
    }
}
