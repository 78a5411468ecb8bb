package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Runs last: anything that the suite, and so the server, has left on the machine is a failure. */
@Isolated("All others have ended.")
@Order(Integer.MAX_VALUE)
class LeavesNothingBehindIT {

    @Test
    void noProcessesFoldersThreadsOrComplaintsAreLeft() {
        Berth.stopShared();
        Api.await(LeavesNothingBehindIT::children, List::isEmpty);
        Api.await(LeavesNothingBehindIT::threads, List::isEmpty);
        assertThat(Berth.temporaryFoldersSinceStart()).isEmpty();
        assertThat(Berth.complaints()).isEmpty();
    }

    private static List<String> children() {
        return ProcessHandle.current()
                .descendants()
                .map(process -> process.info().command().orElse("?"))
                .toList();
    }

    /** Threads of Vert.x, the browser drivers and the embedded servers. */
    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> Stream.of("vert.x-", "berth-", "qtp").anyMatch(name::startsWith))
                .toList();
    }
}
