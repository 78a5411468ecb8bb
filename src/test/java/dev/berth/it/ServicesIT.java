package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The embedded servers alone. */
class ServicesIT {
    /** Any command locks the data directory; this one of the two starts slowly. */
    private static final String ELSEWHERE = "postgresql://user:password@127.0.0.1:5432/database";

    private final Path folder = Berth.temporaryFolder();

    @AfterEach
    void stop() throws InterruptedException {
        ServerProcess.killAll(folder);
        Berth.delete(folder);
    }

    @Test
    void theirDataDirectoryIsLockedUntilTheyEnd() throws Exception {
        Process services = ServerProcess.services(folder, "BERTH_POSTGRES_URI=" + ELSEWHERE).process;
        // A garbage collection closes what is unreachable, with its files.
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        for (String command : new String[] {"GC.run", "GC.run_finalization", "GC.run"}) {
            assertThat(new ProcessBuilder(jcmd, services.pid() + "", command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor())
                    .isZero();
        }
        try (FileChannel file = FileChannel.open(folder.resolve("data/berth.lock"), StandardOpenOption.WRITE)) {
            assertThat(file.tryLock()).isNull();
            services.destroy();
            services.waitFor();
            try (FileLock lock = file.tryLock()) {
                assertThat(lock).isNotNull();
            }
        }
    }
}
