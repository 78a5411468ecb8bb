package dev.berth.bench;

/**
 * One line of the table.
 *
 * @param unit of both sides: a rate ends in {@code /s}, and more of it is better
 * @param compared what is measured on either side
 */
record Row(String name, String unit, Pair pair, Budget budget, String compared) {
    boolean largerIsWorse() {
        return !unit.endsWith("/s");
    }
}
