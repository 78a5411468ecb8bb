package dev.berth.script;

import dev.berth.protocol.Device.Viewport;
import dev.berth.script.Program.ScriptStep;
import dev.berth.script.ScriptSelector.How;
import dev.berth.script.ScriptSelector.Part;
import dev.berth.script.ScriptSelector.ScriptTarget;
import dev.berth.script.ScriptSelector.Wanted;
import dev.berth.script.Syntax.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A program for Playwright, in any of its languages. */
final class PlaywrightScript implements Script.Printer {
    private final Syntax syntax;
    private final PlaywrightActs acts;

    PlaywrightScript(Syntax syntax) {
        this.syntax = syntax;
        this.acts = new PlaywrightActs(syntax);
    }

    @Override
    public Set<String> verbs() {
        return acts.verbs.keySet();
    }

    @Override
    public String print(Program program) {
        List<String> lines = new ArrayList<>();
        Viewport viewport = program.viewport();
        if (!viewport.equals(Viewport.DEFAULT)) {
            lines.add(syntax.statement(syntax.resize("page1", viewport.width(), viewport.height())));
        }
        program.steps().forEach(step -> lines.addAll(lines(step)));
        return syntax.program(program, lines);
    }

    private List<String> lines(ScriptStep step) {
        String page = ScriptStep.variable(step.page());
        Act act = step.act();
        return switch (act.verb()) {
            case Act.REMARK -> List.of(syntax.remark(Quotes.remark(act.required("text"))));
            case "open-page" -> List.of(syntax.declare(page, syntax.call("context", "newPage", List.of())));
            case Act.ANOTHER -> List.of(syntax.declare(page, syntax.helper("another", step.earlierPages())));
            default -> lines(step, page, acts.verbs.get(act.verb()).apply(page, act));
        };
    }

    private List<String> lines(ScriptStep step, String page, String act) {
        List<String> lines = new ArrayList<>();
        String whole = step.downloads() ? syntax.helper("download", List.of(page, syntax.later(act))) : act;
        step.opens()
                .ifPresentOrElse(
                        opened -> lines.addAll(syntax.opens(ScriptStep.variable(opened), whole)),
                        () -> lines.add(syntax.statement(whole)));
        step.place()
                .ifPresent(place ->
                        lines.add(syntax.statement(syntax.call(page, "waitForURL", List.of(syntax.words(place))))));
        return lines;
    }

    /** Playwright's locators of elements, in any of its languages. */
    static final class PlaywrightElements {
        private static final Set<String> STATES = Set.of("checked", "disabled", "expanded", "pressed", "selected");

        private final Syntax syntax;

        PlaywrightElements(Syntax syntax) {
            this.syntax = syntax;
        }

        /** @param visible whether the first visible element is meant, where several have the selector */
        String element(String page, ScriptTarget target, boolean visible) {
            String frame = page;
            for (ScriptSelector each : target.frames()) {
                frame = syntax.member(found(frame, frame.equals(page) ? "Page" : "FrameLocator", each), "contentFrame");
            }
            String found = found(frame, frame.equals(page) ? "Page" : "FrameLocator", target.selector());
            if (target.unique()) {
                return found;
            }
            Options shown = Options.of("Locator.FilterOptions").with(visible, "visible", syntax.flag(true));
            return syntax.member(visible ? syntax.call(found, "filter", List.of(), shown) : found, "first");
        }

        String element(String page, ScriptTarget target) {
            return element(page, target, true);
        }

        /** @param owner the type that names the options of a call in Java */
        private String found(String within, String owner, ScriptSelector selector) {
            String found = within;
            for (Part part : selector.parts()) {
                found = part(found, part, found.equals(within) ? owner : "Locator");
            }
            return found;
        }

        private String part(String within, Part part, String owner) {
            return switch (part.engine()) {
                case "css" -> syntax.call(within, "locator", List.of(syntax.quote(part.value())));
                case "xpath" -> syntax.call(within, "locator", List.of(syntax.quote("xpath=" + part.value())));
                case "testid" -> syntax.call(within, "getByTestId", List.of(syntax.quote(part.value())));
                case "nth" -> syntax.call(within, "nth", List.of(part.value()));
                case "role" -> role(within, part, owner);
                case "text" -> byText(within, "getByText", part, owner);
                case "label" -> byText(within, "getByLabel", part, owner);
                default -> byText(within, "getByPlaceholder", part, owner);
            };
        }

        private String byText(String within, String method, Part part, String owner) {
            Wanted wanted = part.wanted().orElseThrow();
            String type = owner + ".GetBy" + method.substring("getBy".length()) + "Options";
            return syntax.call(
                    within,
                    method,
                    List.of(text(wanted)),
                    Options.of(type).with(wanted.how() == How.IS, "exact", syntax.flag(true)));
        }

        private String text(Wanted wanted) {
            return wanted.how() == How.FITS ? syntax.regex(wanted.text(), wanted.flags()) : syntax.quote(wanted.text());
        }

        private String role(String within, Part part, String owner) {
            Options options = Options.of(owner + ".GetByRoleOptions");
            part.wanted().ifPresent(name -> {
                options.with(true, "name", text(name));
                options.with(name.how() == How.IS, "exact", syntax.flag(true));
            });
            part.states().forEach((state, value) -> {
                options.with(
                        STATES.contains(state) && value.matches("true|false"),
                        state,
                        syntax.flag(value.equals("true")));
                options.with(state.equals("level") && value.matches("\\d{1,3}"), state, value);
            });
            return syntax.call(within, "getByRole", List.of(syntax.choice("AriaRole", part.value())), options);
        }
    }
}
