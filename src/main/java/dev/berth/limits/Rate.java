package dev.berth.limits;

import java.util.concurrent.TimeUnit;

/** Lets so much through at once, and so much a second in the long run. Pure: the caller has the clock. */
public final class Rate {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final double burst;
    private final double perSecond;
    private double left;
    private long atNanos;

    public Rate(double burst, double perSecond, long nowNanos) {
        this.burst = burst;
        this.perSecond = perSecond;
        this.left = burst;
        this.atNanos = nowNanos;
    }

    /** Counts {@code cost}, even where it is too much. Gives whether it was not. */
    public boolean take(double cost, long nowNanos) {
        refill(nowNanos);
        left -= cost;
        return left >= 0;
    }

    /** Counts {@code cost} unless it is too much. Gives whether it was not. */
    public boolean tryTake(double cost, long nowNanos) {
        refill(nowNanos);
        return left >= cost && take(cost, nowNanos);
    }

    /** The milliseconds until something is let through again; 0 where it is now. */
    public long restMillis(long nowNanos) {
        refill(nowNanos);
        return left >= 0 ? 0 : (long) Math.ceil(-left / perSecond * 1_000);
    }

    private void refill(long nowNanos) {
        left = Math.min(burst, left + (nowNanos - atNanos) / NANOS * perSecond);
        atNanos = nowNanos;
    }
}
