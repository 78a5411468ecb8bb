package dev.berth.script;

import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.PageAction.MouseUse;
import dev.berth.protocol.Pointing;
import dev.berth.protocol.Pointing.MouseButton;
import dev.berth.protocol.Pointing.Offset;
import dev.berth.protocol.VerbChoices.ElementState;
import dev.berth.protocol.VerbChoices.WaitUntil;
import dev.berth.script.ScriptSelector.ScriptTarget;
import dev.berth.script.Variables.Words;
import java.util.List;
import java.util.Optional;

/** What a step of a program does. */
sealed interface ScriptAct {
    /** The expression that does it. */
    String print(ActPrinter printer, String page);

    record Go(Words url, WaitUntil until) implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.go(page, this);
        }
    }

    /** @param verb of Berth: {@code go-back}, {@code go-forward} or {@code reload} */
    record Travel(String verb, WaitUntil until) implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.travel(page, this);
        }
    }

    record Click(ScriptTarget target, MouseButton button, int count, Pointing pointing) implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.click(page, this);
        }
    }

    record Hover(ScriptTarget target, Pointing pointing) implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.hover(page, this);
        }
    }

    /** @param by how far from the middle of {@code to}, or of what is dragged, it is released */
    record Drag(ScriptTarget target, Optional<ScriptTarget> to, Offset by, Pointing pointing) implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.drag(page, this);
        }
    }

    /** @param target empty for the element that has the focus */
    record Type(Optional<ScriptTarget> target, Words text) implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.type(page, this);
        }
    }

    record Fill(ScriptTarget target, Words value) implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.fill(page, this);
        }
    }

    /** @param target empty for the element that has the focus */
    record Press(Optional<ScriptTarget> target, String key) implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.press(page, this);
        }
    }

    record Choose(ScriptTarget target, List<Words> values) implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.choose(page, this);
        }
    }

    /** @param target empty for the page */
    record Scroll(Optional<ScriptTarget> target, double x, double y) implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.scroll(page, this);
        }
    }

    record Await(ScriptTarget target, ElementState state) implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.await(page, this);
        }
    }

    /** @param files paths */
    record Upload(ScriptTarget target, List<Words> files) implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.upload(page, this);
        }
    }

    /** @param by where the wheel is turned to */
    record Mouse(MouseUse use, Offset at, MouseButton button, int count, Offset by) implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.mouse(page, this);
        }
    }

    /** @param target empty for the page */
    record Picture(Optional<ScriptTarget> target, boolean whole, String file) implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.picture(page, this);
        }
    }

    record Print(String file) implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.pdf(page, this);
        }
    }

    record Evaluate(String expression) implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.evaluate(page, this);
        }
    }

    record Resize(Viewport viewport) implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.resize(page, this);
        }
    }

    record Activate() implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.activate(page);
        }
    }

    record Close() implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.close(page);
        }
    }

    /** Dialogs are answered so from now on. */
    record Answer(boolean accept, Optional<Words> text) implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.answer(this);
        }
    }

    /** Opens the page that the step is on. */
    record Open() implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.open();
        }
    }

    /** Finds the page that the step is on, which no step before opened. */
    record Appear(List<Integer> known) implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.appear(known);
        }
    }

    /** Does nothing, and says something. */
    record Remark(String text) implements ScriptAct {
        @Override
        public String print(ActPrinter printer, String page) {
            return printer.remark(text);
        }
    }
}
