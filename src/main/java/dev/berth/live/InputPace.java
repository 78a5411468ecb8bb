package dev.berth.live;

/** Lets so many things through at once, and so many a second in the long run. Pure: the caller has the clock. */
final class InputPace {
    private static final double NANOS = 1e9;

    private final double burst;
    private final double perSecond;
    private double left;
    private long atNanos;

    InputPace(double burst, double perSecond, long nowNanos) {
        this.burst = burst;
        this.perSecond = perSecond;
        this.left = burst;
        this.atNanos = nowNanos;
    }

    /** Counts {@code cost}, even where it is too much. Gives whether it was not. */
    boolean take(double cost, long nowNanos) {
        refill(nowNanos);
        left -= cost;
        return left >= 0;
    }

    /** After how many milliseconds something is let through again; 0 where it is now. */
    long restMillis(long nowNanos) {
        refill(nowNanos);
        return left >= 0 ? 0 : (long) Math.ceil(-left / perSecond * 1_000);
    }

    private void refill(long nowNanos) {
        left = Math.min(burst, left + (nowNanos - atNanos) / NANOS * perSecond);
        atNanos = nowNanos;
    }
}
