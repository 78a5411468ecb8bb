package dev.berth.bench;

/** Figures of Berth and of its reference, taken in turns so that the same noise is in both. */
record Pair(Samples berth, Samples reference) {

    /** Takes one figure. */
    @FunctionalInterface
    interface Probe {
        double take() throws Exception;
    }

    static Pair of(double berth, double reference) {
        return new Pair(Samples.of(berth), Samples.of(reference));
    }

    /** Each once to warm up, then A B, B A, A B, …: neither always follows the other. */
    static Pair interleave(int times, Probe berth, Probe reference) throws Exception {
        Pair pair = new Pair(new Samples(), new Samples());
        berth.take();
        reference.take();
        for (int i = 0; i < times; i++) {
            if (i % 2 == 0) {
                pair.berth.add(berth.take());
                pair.reference.add(reference.take());
            } else {
                pair.reference.add(reference.take());
                pair.berth.add(berth.take());
            }
        }
        return pair;
    }

    /** The middle one of the ratios of neighbours in time, which had the same machine: others slow it down for seconds. */
    double ratio() {
        return berth.dividedBy(reference).median();
    }

    double difference() {
        return berth.median() - reference.median();
    }
}
