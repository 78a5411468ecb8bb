package dev.berth.session.keep;

import dev.berth.protocol.UsageSample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The usage of a session's Chrome over its whole life, as a bounded number of samples: where there are that many, each two become one, and
 * further ones stand for twice the time. Runs on the session's context.
 */
public final class UsageSamples {
    static final int MAX_SAMPLES = 240;

    private static final double MIB = 1 << 20;

    private final List<UsageSample> samples = new ArrayList<>();
    /** How many measurements a sample stands for. */
    private int perSample = 1;
    // Sums of the measurements since the last sample.
    private int count;
    private double memoryMiB;
    private double cpu;

    /** @param cores what it used of the processor since the measurement before */
    public void measured(Instant at, long memoryBytes, double cores) {
        count++;
        memoryMiB = Math.max(memoryMiB, memoryBytes / MIB);
        cpu += cores;
        if (count == perSample) {
            samples.add(new UsageSample(at, round(memoryMiB, 10), round(cpu / count, 1_000)));
            count = 0;
            memoryMiB = 0;
            cpu = 0;
            if (samples.size() == MAX_SAMPLES) {
                halve();
            }
        }
    }

    private static double round(double value, int parts) {
        return Math.round(value * parts) / (double) parts;
    }

    private void halve() {
        List<UsageSample> all = List.copyOf(samples);
        samples.clear();
        for (int i = 1; i < all.size(); i += 2) {
            samples.add(joined(all.get(i - 1), all.get(i)));
        }
        perSample *= 2;
    }

    private static UsageSample joined(UsageSample first, UsageSample second) {
        return new UsageSample(
                second.timestamp(),
                Math.max(first.memoryMiB(), second.memoryMiB()),
                round((first.cpu() + second.cpu()) / 2, 1_000));
    }

    /** Oldest first. */
    public List<UsageSample> all() {
        return List.copyOf(samples);
    }
}
