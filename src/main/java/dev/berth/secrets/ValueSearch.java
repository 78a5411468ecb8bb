package dev.berth.secrets;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds values in a text, in any case of letters, by the automaton of Aho and Corasick. Users choose the values, pages choose the
 * texts, and event loops search: the time grows with the length of the text, whatever the values are. Immutable.
 */
final class ValueSearch {
    static final int NONE = -1;
    /** Limit for all values of a session, which its tasks name: characters. Each takes some 100 bytes here. */
    private static final int MAX_CHARS = 100_000;

    private final List<String> values;
    /** The state after a state and a character. State 0 is the beginning of all values. */
    private final Map<Long, Integer> next = new HashMap<>();
    /** For each state: the state of the longest other beginning of a value that the text so far ends with. */
    private final int[] shorter;
    /** For each state: the index of the longest value that the text so far ends with, or {@link #NONE}. */
    private final int[] found;
    /** The first characters of values. Any other one, as most of a text, leaves state 0 as it is. */
    private final BitSet firsts = new BitSet();

    /** Throws {@link BerthException} where the values are too long altogether. */
    ValueSearch(List<String> values) {
        this.values = List.copyOf(values);
        int chars = values.stream().mapToInt(String::length).sum();
        if (chars > MAX_CHARS) {
            throw new BerthException(
                    ErrorCode.LIMIT_REACHED,
                    "the variables of the session's tasks, as given and as encoded in URLs and JSON, would have "
                            + chars + " characters, more than " + MAX_CHARS
                            + ": use a new session, or shorter variables");
        }
        shorter = new int[chars + 1];
        found = new int[chars + 1];
        Arrays.fill(found, NONE);
        connect(states());
    }

    /** A state of the automaton: the beginning of a value. */
    private record State(int number, int before, char last, int length) {}

    private List<State> states() {
        List<State> states = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            int state = 0;
            for (int at = 0; at < values.get(i).length(); at++) {
                char last = folded(values.get(i).charAt(at));
                int number = states.size() + 1;
                Integer known = next.putIfAbsent(key(state, last), number);
                if (known == null) {
                    states.add(new State(number, state, last, at + 1));
                }
                state = known == null ? number : known;
            }
            found[state] = i;
            firsts.set(folded(values.get(i).charAt(0)));
        }
        return states;
    }

    private void connect(List<State> states) {
        states.sort(Comparator.comparingInt(State::length));
        for (State state : states) {
            int number = state.number();
            shorter[number] = state.before() == 0 ? 0 : after(shorter[state.before()], state.last());
            if (found[number] == NONE) {
                found[number] = found[shorter[number]];
            }
        }
    }

    /** For each character of the text, the index of the longest value that ends with it, or {@link #NONE}; empty without any. */
    int[] in(String text) {
        int[] ends = new int[0];
        int state = 0;
        for (int at = 0; at < text.length(); at++) {
            state = after(state, folded(text.charAt(at)));
            if (found[state] != NONE) {
                if (ends.length == 0) {
                    ends = new int[text.length()];
                    Arrays.fill(ends, NONE);
                }
                ends[at] = found[state];
            }
        }
        return ends;
    }

    private int after(int from, char last) {
        for (int state = from; state != 0; state = shorter[state]) {
            Integer to = next.get(key(state, last));
            if (to != null) {
                return to;
            }
        }
        return firsts.get(last) ? next.get(key(0, last)) : 0;
    }

    private static long key(int state, char last) {
        return (long) state << Character.SIZE | last;
    }

    private static char folded(char letter) {
        return Character.toLowerCase(Character.toUpperCase(letter));
    }
}
