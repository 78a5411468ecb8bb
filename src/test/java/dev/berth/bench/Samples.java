package dev.berth.bench;

import java.util.ArrayList;
import java.util.List;

/** Figures of one kind, of which the middle counts: a machine that others use has outliers. */
final class Samples {
    private final List<Double> values = new ArrayList<>();

    static Samples of(double... figures) {
        Samples samples = new Samples();
        for (double figure : figures) {
            samples.add(figure);
        }
        return samples;
    }

    void add(double value) {
        values.add(value);
    }

    Samples last(int count) {
        Samples last = new Samples();
        last.values.addAll(values.subList(values.size() - count, values.size()));
        return last;
    }

    /** One by one, in the order in which they were taken. */
    Samples dividedBy(Samples others) {
        Samples ratios = new Samples();
        for (int i = 0; i < values.size(); i++) {
            ratios.add(values.get(i) / others.values.get(i));
        }
        return ratios;
    }

    double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The value that one in twenty is worse than: larger for times, smaller for rates. */
    double p95(boolean largerIsWorse) {
        List<Double> sorted = values.stream().sorted().toList();
        int last = sorted.size() - 1;
        int rank = (int) Math.ceil(0.95 * sorted.size()) - 1;
        return sorted.get(largerIsWorse ? rank : last - rank);
    }
}
