package dev.berth.script;

import java.util.Optional;

/**
 * One step of a program, and what follows from it.
 *
 * @param page the number of the page on which it acts, from 1 on
 * @param opens the number of the page that it opens
 * @param downloads whether it downloads a file
 * @param follows whether another document follows in the page
 * @param place a {@link PlacePattern} of that document's URL; empty where it tells nothing new
 */
record ScriptStep(
        int page, ScriptAct act, Optional<Integer> opens, boolean downloads, boolean follows, Optional<Words> place) {
    static ScriptStep of(int page, ScriptAct act) {
        return new ScriptStep(page, act, Optional.empty(), false, false, Optional.empty());
    }
}
