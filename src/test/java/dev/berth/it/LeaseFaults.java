package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Faults of a cluster of two nodes, one after the other, under load; prints a table. Takes three minutes, so that the suite does not
 * run it: {@code ./mvnw verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=LeaseFaults}.
 */
@Timeout(540)
class LeaseFaults {
    private static final int BASE_PORT = 18_800;
    private static final long PAUSE_MILLIS = 50;

    private final Path folder = Berth.temporaryFolder();
    private final List<String> table = new ArrayList<>();
    private ServerProcess services;
    private List<String> addresses;

    @AfterEach
    void stop() throws InterruptedException {
        ServerProcess.killAll(folder);
        Berth.delete(folder);
    }

    private interface Fault {
        /** Gives the seconds until it was found out. */
        double happens() throws Exception;
    }

    private ServerProcess start(String name, int index) throws Exception {
        Path own = Files.createDirectories(folder.resolve(name));
        List<String> settings = new ArrayList<>(addresses);
        settings.addAll(List.of(
                "BERTH_CLUSTER_HOST=127.0.0.1",
                "BERTH_CLUSTER_PORT=" + (BASE_PORT + 3 * index),
                "BERTH_CLUSTER_MEMBERS=127.0.0.1:" + BASE_PORT + ",127.0.0.1:" + (BASE_PORT + 3),
                "BERTH_CLUSTER_SECRET=a-secret-for-the-tests-of-clusters",
                "BERTH_POOL_SIZE=0"));
        return ServerProcess.start(own, settings.toArray(String[]::new));
    }

    private static void signal(String signal, Stream<ProcessHandle> processes) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        new ProcessBuilder(command).start().waitFor();
    }

    private static void signal(String signal, ServerProcess node) throws Exception {
        signal(signal, Stream.of(node.process.toHandle()));
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static double awaitEnd(Api api, String session, long since) {
        Api.await(
                () -> api.get(session),
                answer -> answer.status() == 200 && answer.json().getString("endReason") != null);
        return seconds(since);
    }

    private static List<ProcessHandle> chromesOf(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(p -> p.info().commandLine().orElse("").contains("--user-data-dir=" + folder))
                .toList();
    }

    /** @param lost those that must be lost; all others must run on */
    private void row(String what, Api survivor, List<String> sessions, List<String> lost, Fault fault)
            throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        List<String> kept = sessions.stream().filter(id -> !lost.contains(id)).toList();
        Thread load = new Thread(() -> {
            while (!over.get()) {
                String session = kept.get(asked.getAndIncrement() % kept.size());
                Api.Answer answer = survivor.post(session + "/evaluate", new JsonObject().put("expression", "1"));
                failed.addAndGet(answer.status() == 200 ? 0 : 1);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
            }
        });
        load.start();
        double found = fault.happens();
        over.set(true);
        load.join();
        int gone = 0;
        int wrong = 0;
        for (String session : sessions) {
            JsonObject told = Api.await(() -> survivor.get(session), answer -> answer.status() == 200)
                    .json();
            boolean ended = "node_lost".equals(told.getString("endReason"));
            gone += ended ? 1 : 0;
            boolean right =
                    lost.contains(session) ? ended : told.getString("status").equals("running");
            wrong += right ? 0 : 1;
        }
        table.add(String.format(
                Locale.ROOT,
                "| %s | %.1f s | %d of %d | %d | %d |",
                what,
                found,
                failed.get(),
                asked.get(),
                gone,
                wrong));
        System.out.println(table.get(table.size() - 1));
        assertThat(wrong).as(what).isZero();
    }

    @Test
    void faults() throws Exception {
        services = ServerProcess.services(Files.createDirectories(folder.resolve("services")));
        addresses = services.output().stream()
                .filter(line -> line.startsWith("BERTH_"))
                .toList();
        System.out.println(
                "| fault | found out after | requests failed on the survivor | sessions lost | wrong statements |");
        System.out.println("|---|---|---|---|---|");
        ServerProcess a = start("a", 0);
        Api first = a.api();
        String mine = first.newSession();

        ServerProcess b = start("b", 1);
        List<String> theirs = List.of(b.api().newSession(), b.api().newSession());
        row("kill -9 of a node", first, List.of(mine, theirs.get(0), theirs.get(1)), theirs, () -> {
            b.process.destroyForcibly().waitFor();
            return awaitEnd(first, theirs.get(0), System.nanoTime());
        });

        AtomicReference<ServerProcess> second = new AtomicReference<>();
        ServerProcess c = start("b", 1);
        String restarted = c.api().newSession();
        row("kill -9 and restart within the lease", first, List.of(mine, restarted), List.of(restarted), () -> {
            c.process.destroyForcibly().waitFor();
            long since = System.nanoTime();
            second.set(start("b", 1));
            return awaitEnd(first, restarted, since);
        });

        ServerProcess d = second.get();
        String stopped = d.api().newSession();
        row("SIGSTOP of a node, 30 s", first, List.of(mine, stopped), List.of(stopped), () -> {
            signal("STOP", d);
            long since = System.nanoTime();
            double found = awaitEnd(first, stopped, since);
            TimeUnit.SECONDS.sleep(Math.max(0, 30 - (long) seconds(since)));
            signal("CONT", d);
            long awake = System.nanoTime();
            Api.await(() -> chromesOf(folder.resolve("b")), List::isEmpty);
            System.out.printf(Locale.ROOT, "its Chromes gone after %.2f s%n", seconds(awake));
            Api.await(() -> Api.fetch(d.url() + "/health/ready"), answer -> answer.status() == 200);
            System.out.printf(Locale.ROOT, "ready again after %.2f s%n", seconds(awake));
            d.api().delete(d.api().newSession());
            return found;
        });

        String shortly = d.api().newSession();
        row("SIGSTOP of a node, 7 s", first, List.of(mine, shortly), List.of(), () -> {
            signal("STOP", d);
            TimeUnit.SECONDS.sleep(7);
            signal("CONT", d);
            TimeUnit.SECONDS.sleep(10);
            return 0;
        });

        row("Postgres stands still, 20 s", first, List.of(mine, shortly), List.of(), () -> {
            signal("STOP", services.process.descendants());
            TimeUnit.SECONDS.sleep(20);
            signal("CONT", services.process.descendants());
            TimeUnit.SECONDS.sleep(16);
            return 0;
        });
        table.forEach(System.out::println);
    }
}
