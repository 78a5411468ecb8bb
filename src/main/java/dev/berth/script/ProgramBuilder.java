package dev.berth.script;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.NavigationEntry;
import dev.berth.script.Program.PageNumbers;
import dev.berth.script.Program.ScriptStep;
import dev.berth.script.ScriptAct.Answer;
import dev.berth.script.ScriptAct.Appear;
import dev.berth.script.ScriptAct.Click;
import dev.berth.script.ScriptAct.Drag;
import dev.berth.script.ScriptAct.Evaluate;
import dev.berth.script.ScriptAct.Go;
import dev.berth.script.ScriptAct.Mouse;
import dev.berth.script.ScriptAct.Open;
import dev.berth.script.ScriptAct.Press;
import dev.berth.script.ScriptAct.Remark;
import dev.berth.script.ScriptAct.Travel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Makes a program of a log: its entries by their time, with the pages, documents, dialogs and downloads that followed from each. */
final class ProgramBuilder {
    private static final int CLOSE_MILLIS = 100;

    private final Variables inputs = new Variables();
    private final LoggedActs acts = new LoggedActs(inputs);
    private final PageNumbers pages = new PageNumbers();
    private final List<Draft> drafts = new ArrayList<>();
    private Answer answer = new Answer(false, Optional.empty());

    private ProgramBuilder() {}

    /** A step that is not yet complete. */
    private static final class Draft {
        final Instant start;
        final Optional<String> pageId;
        ScriptStep step;
        /** Whether it has the document for which it waits itself. */
        boolean arrived;

        Draft(Instant start, Optional<String> pageId, ScriptStep step) {
            this.start = start;
            this.pageId = pageId;
            this.step = step;
        }

        boolean acts() {
            return !(step.act() instanceof Remark || step.act() instanceof Answer || step.act() instanceof Appear);
        }

        /** Whether another document is likely to follow from it, and not from what was done before. */
        boolean leads() {
            ScriptAct act = step.act();
            return act instanceof Click
                    || act instanceof Press
                    || act instanceof Mouse
                    || act instanceof Evaluate
                    || act instanceof Drag
                    || arrives();
        }

        /** Whether it waits for its document itself. */
        boolean arrives() {
            return step.act() instanceof Go || step.act() instanceof Travel || step.act() instanceof Open;
        }
    }

    static Program read(Script source) {
        ProgramBuilder reader = new ProgramBuilder();
        List<ActionEntry> ordered = ordered(source.actions());
        ordered.stream().filter(entry -> !follows(entry)).forEach(reader::add);
        ordered.stream()
                .filter(ProgramBuilder::follows)
                .sorted(Comparator.comparing(ActionEntry::timestamp))
                .forEach(reader::follow);
        reader.documents(source.navigations());
        if (source.left() > 0) {
            reader.drafts.add(new Draft(
                    Instant.MAX,
                    Optional.empty(),
                    ScriptStep.of(1, new Remark("The log goes on: " + source.left() + " more actions are left out."))));
        }
        return new Program(
                "Made of the log of " + source.session() + " by Berth.",
                source.berthUrl(),
                source.viewport(),
                reader.inputs.list(),
                reader.drafts.stream().map(draft -> draft.step).toList());
    }

    /** By their beginnings, but as the log has them where those are close: pages tell of people's acts a little later. */
    private static List<ActionEntry> ordered(List<ActionEntry> log) {
        List<ActionEntry> ordered = new ArrayList<>();
        for (ActionEntry entry : log) {
            int at = ordered.size();
            while (at > 0
                    && ordered.get(at - 1).timestamp().isAfter(entry.timestamp().plusMillis(CLOSE_MILLIS))) {
                at--;
            }
            ordered.add(at, entry);
        }
        return ordered;
    }

    /** Whether it tells what followed from another action. */
    private static boolean follows(ActionEntry entry) {
        return entry.type().equals("dialog") || entry.type().equals("download");
    }

    private void add(ActionEntry entry) {
        LoggedDetails details = LoggedDetails.of(entry);
        if (entry.type().equals("open-page")) {
            open(entry, details);
        } else {
            acts.of(entry).forEach(act -> add(entry, details, act));
        }
    }

    private void follow(ActionEntry entry) {
        Optional<Draft> cause = latest(entry.timestamp());
        if (entry.type().equals("dialog")) {
            dialog(LoggedDetails.of(entry), cause);
        } else {
            cause.ifPresent(draft -> draft.step = new ScriptStep(
                    draft.step.page(), draft.step.act(), draft.step.opens(), true, false, Optional.empty()));
        }
    }

    /** The latest step that had begun then. */
    private Optional<Draft> latest(Instant then) {
        return drafts.stream()
                .filter(draft -> draft.acts() && !draft.start.isAfter(then))
                .reduce((first, second) -> second);
    }

    /** An answer is given before what makes the page ask. Whether to leave a page is always answered with yes. */
    private void dialog(LoggedDetails details, Optional<Draft> cause) {
        Optional<String> type = details.text("dialogType");
        if (type.isEmpty() || type.get().equals("beforeunload")) {
            return;
        }
        Answer given = acts.answer(details);
        if (!given.equals(answer) && (given.accept() || answer.accept())) {
            answer = given;
            int at = cause.map(drafts::indexOf).orElse(0);
            drafts.add(at, new Draft(Instant.MIN, Optional.empty(), ScriptStep.of(1, given)));
        }
    }

    private void open(ActionEntry entry, LoggedDetails details) {
        if (!entry.success() || entry.pageId().isEmpty()) {
            acts.of(entry).forEach(act -> add(entry, details, act));
            return;
        }
        if (pages.none()) {
            pages.add(""); // the page that each browser begins with
        }
        pages.add(entry.pageId().get());
        add(entry, details, new Open());
        details.text("url")
                .filter(url -> PlacePattern.site(url).isPresent())
                .ifPresent(url -> add(entry, details, acts.go(url, details)));
    }

    private void add(ActionEntry entry, LoggedDetails details, ScriptAct act) {
        boolean says = act instanceof Remark;
        entry.pageId().filter(id -> !says && !pages.knows(id)).ifPresent(id -> {
            List<Integer> known = pages.all();
            int number = pages.add(id);
            if (number > 1) {
                drafts.add(new Draft(entry.timestamp(), entry.pageId(), ScriptStep.of(number, new Appear(known))));
            }
        });
        int page = pages.at(entry.pageId());
        Optional<Integer> opens = details.text("openedPageId")
                .filter(opened -> !says && !pages.knows(opened))
                .map(pages::add);
        drafts.add(new Draft(
                entry.timestamp(), entry.pageId(), new ScriptStep(page, act, opens, false, false, Optional.empty())));
    }

    /** Finds the step from which each document followed, so that the program waits for it. */
    private void documents(List<NavigationEntry> navigations) {
        List<NavigationEntry> byTime = navigations.stream()
                .sorted(Comparator.comparing(NavigationEntry::timestamp))
                .toList();
        for (int i = 0; i < byTime.size(); i++) {
            NavigationEntry document = byTime.get(i);
            Optional<String> before = byTime.subList(0, i).stream()
                    .filter(earlier -> earlier.pageId().equals(document.pageId()))
                    .reduce((first, second) -> second)
                    .map(NavigationEntry::url);
            cause(document).ifPresent(draft -> follow(draft, document.url(), before));
        }
    }

    /** The latest step on the page before the document, or, where that only enters something, the one before it. */
    private Optional<Draft> cause(NavigationEntry document) {
        List<Draft> earlier = drafts.stream()
                .filter(Draft::acts)
                .filter(draft -> draft.pageId.equals(document.pageId()))
                .filter(draft -> !draft.start.isAfter(document.timestamp()))
                .toList();
        for (int i = earlier.size() - 1; i >= 0; i--) {
            Draft draft = earlier.get(i);
            if (draft.leads() && (!draft.step.follows() || i == earlier.size() - 1)) {
                return Optional.of(draft);
            } else if (draft.leads()) {
                break;
            }
        }
        return earlier.stream().reduce((first, second) -> second);
    }

    private void follow(Draft draft, String url, Optional<String> before) {
        if (draft.arrives() && !draft.arrived) {
            draft.arrived = true;
            return;
        }
        ScriptStep step = draft.step;
        Optional<String> pattern = pattern(url);
        boolean there = before.flatMap(ProgramBuilder::pattern).equals(pattern);
        draft.step = new ScriptStep(
                step.page(),
                step.act(),
                step.opens(),
                step.downloads(),
                !draft.arrives(),
                there ? step.place() : pattern.map(place -> acts.within(place, PlacePattern.site(url))));
    }

    private static Optional<String> pattern(String url) {
        return PlacePattern.site(url).map(site -> PlacePattern.of(url, site));
    }
}
