package dev.berth.egress;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts of the traffic that all proxies of a node have passed on and refused since its start. For any thread. */
final class EgressCounts {
    private final LongAdder in = new LongAdder();
    private final LongAdder out = new LongAdder();
    private final Map<EgressRule, LongAdder> blocked = new EnumMap<>(EgressRule.class);

    EgressCounts() {
        for (EgressRule rule : EgressRule.values()) {
            blocked.put(rule, new LongAdder());
        }
    }

    void passed(int bytesIn, int bytesOut) {
        in.add(bytesIn);
        out.add(bytesOut);
    }

    void blocked(EgressRule rule) {
        blocked.get(rule).increment();
    }

    long in() {
        return in.sum();
    }

    long out() {
        return out.sum();
    }

    long ofRule(EgressRule rule) {
        return blocked.get(rule).sum();
    }
}
