package dev.berth;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Prints which test classes took the longest, at the end of each run. JUnit finds this class as a service. */
public final class SlowestClasses implements TestExecutionListener {
    private static final int PRINTED = 20;

    private final Map<String, Long> started = new ConcurrentHashMap<>();
    private final Queue<Took> all = new ConcurrentLinkedQueue<>();

    private record Took(String name, long millis) {}

    @Override
    public void executionStarted(TestIdentifier test) {
        started.put(test.getUniqueId(), System.nanoTime());
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        Long since = started.remove(test.getUniqueId());
        if (since != null && test.getSource().orElse(null) instanceof ClassSource source) {
            all.add(new Took(source.getClassName(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since)));
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        System.out.println("The slowest of " + all.size() + " test classes, in milliseconds:");
        all.stream()
                .sorted((one, other) -> Long.compare(other.millis, one.millis))
                .limit(PRINTED)
                .forEach(took -> System.out.printf("%7d %s%n", took.millis, took.name));
    }
}
