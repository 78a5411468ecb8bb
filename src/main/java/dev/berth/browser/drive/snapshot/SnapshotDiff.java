package dev.berth.browser.drive.snapshot;

import java.util.ArrayList;
import java.util.List;

/** The difference between two snapshots of a document. Pure. */
final class SnapshotDiff {
    /** Lines before times lines after: where more changed, all of it counts as replaced. */
    private static final long MAX_WORK = 4_000_000;

    private static final String SAME = "- nothing changed";

    private final List<String> before;
    private final List<String> after;
    private final List<String> told = new ArrayList<>();
    /** The path to the line that was told last. */
    private int toldUpTo;

    private SnapshotDiff(List<String> before, List<String> after) {
        this.before = before;
        this.after = after;
    }

    /** Removed lines begin with {@code -} and added ones with {@code +}; the lines that contain them begin with a space. */
    static List<String> of(List<String> before, List<String> after) {
        return new SnapshotDiff(before, after).lines();
    }

    private List<String> lines() {
        int start = 0;
        int shorter = Math.min(before.size(), after.size());
        while (start < shorter && before.get(start).equals(after.get(start))) {
            start++;
        }
        int end = 0;
        while (end < shorter - start && before.get(before.size() - 1 - end).equals(after.get(after.size() - 1 - end))) {
            end++;
        }
        tell(start, before.size() - end, start, after.size() - end);
        return told.isEmpty() ? List.of(SAME) : told;
    }

    private void tell(int from, int to, int newFrom, int newTo) {
        int[][] common = common(from, to, newFrom, newTo);
        int i = 0;
        int j = 0;
        while (i < to - from || j < newTo - newFrom) {
            boolean same = common.length > 0
                    && i < to - from
                    && j < newTo - newFrom
                    && before.get(from + i).equals(after.get(newFrom + j));
            if (same) {
                i++;
                j++;
            } else if (i < to - from
                    && (common.length == 0 || j == newTo - newFrom || common[i + 1][j] >= common[i][j + 1])) {
                context(newFrom + j, before.get(from + i));
                told.add("-" + before.get(from + i++));
            } else {
                context(newFrom + j, after.get(newFrom + j));
                told.add("+" + after.get(newFrom + j++));
            }
        }
    }

    /** How many lines the rests have in common; empty where that is too much work. */
    private int[][] common(int from, int to, int newFrom, int newTo) {
        if ((long) (to - from) * (newTo - newFrom) > MAX_WORK) {
            return new int[0][];
        }
        int[][] common = new int[to - from + 1][newTo - newFrom + 1];
        for (int i = to - from - 1; i >= 0; i--) {
            for (int j = newTo - newFrom - 1; j >= 0; j--) {
                common[i][j] = before.get(from + i).equals(after.get(newFrom + j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }

    /** The lines of the new snapshot that contain this one, as far as they are not told yet. */
    private void context(int at, String line) {
        List<String> path = new ArrayList<>();
        int level = level(line);
        for (int i = at - 1; i >= toldUpTo && level > 0; i--) {
            if (level(after.get(i)) < level) {
                level = level(after.get(i));
                path.add(0, " " + after.get(i));
            }
        }
        told.addAll(path);
        toldUpTo = Math.max(toldUpTo, at);
    }

    private static int level(String line) {
        return line.indexOf('-');
    }
}
