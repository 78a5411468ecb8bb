package dev.berth.script;

import dev.berth.protocol.Viewport;
import dev.berth.script.Inputs.Input;
import java.util.List;

/**
 * A program in no language yet.
 *
 * @param about what it was made of, in a sentence
 * @param viewport of the first page
 */
record Program(String about, String berthUrl, Viewport viewport, List<Input> inputs, List<ScriptStep> steps) {
    Program {
        inputs = List.copyOf(inputs);
        steps = List.copyOf(steps);
    }
}
