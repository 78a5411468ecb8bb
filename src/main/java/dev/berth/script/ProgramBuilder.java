package dev.berth.script;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.NavigationEntry;
import dev.berth.script.Program.PageNumbers;
import dev.berth.script.Program.ScriptStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes a program of a log: the entries by their time, each with the pages, documents, dialogs and downloads that followed. */
final class ProgramBuilder {
    private static final int CLOSE_MILLIS = 100;
    /** Verbs that wait for their document themselves. */
    private static final Set<String> ARRIVES = Set.of("navigate", "go-back", "go-forward", "reload", "open-page");
    /** Verbs from which another document is likely to follow. */
    private static final Set<String> LEADS = Set.of("click", "press", "mouse", "evaluate", "drag");
    /** Steps that do nothing to a page, so that nothing follows from them. */
    private static final Set<String> STILL = Set.of(Act.REMARK, Act.ANOTHER, "dialogs");

    private final ProgramInputs inputs = new ProgramInputs();
    private final LoggedActs acts;
    private final PageNumbers pages = new PageNumbers();
    private final List<Draft> drafts = new ArrayList<>();
    private Act answer = new Act("dialogs", Map.of("accept", false));

    private ProgramBuilder(Set<String> verbs) {
        this.acts = new LoggedActs(inputs, verbs);
    }

    /** A step that is not yet complete. */
    private static final class Draft {
        final Instant start;
        final Optional<String> pageId;
        ScriptStep step;
        /** Whether the builder has found the document for which the step waits by itself. */
        boolean arrived;

        Draft(Instant start, Optional<String> pageId, ScriptStep step) {
            this.start = start;
            this.pageId = pageId;
            this.step = step;
        }

        boolean acts() {
            return !STILL.contains(step.act().verb());
        }

        /** Whether the next document is likely to follow from this step, and not from an earlier one. */
        boolean leads() {
            return LEADS.contains(step.act().verb()) || arrives();
        }

        boolean arrives() {
            return ARRIVES.contains(step.act().verb());
        }
    }

    /** @param verbs that the program's format has a counterpart for */
    static Program read(Script source, Set<String> verbs) {
        ProgramBuilder reader = new ProgramBuilder(verbs);
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
                    ScriptStep.of(1, Act.remark("The log goes on: " + source.left() + " more actions are left out."))));
        }
        return new Program(
                "Made of the log of " + source.session() + " by Berth.",
                source.berthUrl(),
                source.viewport(),
                reader.inputs.list(),
                reader.drafts.stream().map(draft -> draft.step).toList());
    }

    /** The entries by their beginnings. Close ones keep the order of the log, as pages tell of people's acts a little later. */
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

    /** Whether the entry is a consequence of another action. */
    private static boolean follows(ActionEntry entry) {
        return entry.type().equals("dialog") || entry.type().equals("download");
    }

    private void add(ActionEntry entry) {
        if (entry.type().equals("open-page")
                && entry.success()
                && entry.pageId().isPresent()) {
            open(entry, entry.pageId().get());
        } else {
            acts.of(entry).forEach(act -> add(entry, act));
        }
    }

    private void follow(ActionEntry entry) {
        Optional<Draft> cause = latest(entry.timestamp());
        if (entry.type().equals("dialog")) {
            dialog(Act.of(entry), cause);
        } else {
            cause.ifPresent(draft -> draft.step = new ScriptStep(
                    draft.step.page(), draft.step.act(), draft.step.opens(), true, false, Optional.empty()));
        }
    }

    /** The latest step that had begun at a time. */
    private Optional<Draft> latest(Instant then) {
        return drafts.stream()
                .filter(draft -> draft.acts() && !draft.start.isAfter(then))
                .reduce((first, second) -> second);
    }

    /** The program sets its answer before the step that makes the page ask. Programs always agree to leave a page. */
    private void dialog(Act dialog, Optional<Draft> cause) {
        Optional<String> type = dialog.text("dialogType");
        if (type.isEmpty() || type.get().equals("beforeunload")) {
            return;
        }
        Act given = acts.answer(dialog);
        if (!given.equals(answer)) {
            answer = given;
            int at = cause.map(drafts::indexOf).orElse(0);
            drafts.add(at, new Draft(Instant.MIN, Optional.empty(), ScriptStep.of(1, given)));
        }
    }

    private void open(ActionEntry entry, String pageId) {
        if (pages.none()) {
            pages.add(""); // each browser begins with a page
        }
        pages.add(pageId);
        Act opens = Act.of(entry);
        add(entry, opens);
        opens.text("url")
                .filter(url -> PlacePattern.site(url).isPresent())
                .ifPresent(url -> add(entry, acts.go(opens, url)));
    }

    private void add(ActionEntry entry, Act act) {
        boolean says = act.verb().equals(Act.REMARK);
        entry.pageId().filter(id -> !says && !pages.knows(id)).ifPresent(id -> {
            int number = pages.add(id);
            if (number > 1) {
                Act another = new Act(Act.ANOTHER, Map.of());
                drafts.add(new Draft(entry.timestamp(), entry.pageId(), ScriptStep.of(number, another)));
            }
        });
        int page = pages.at(entry.pageId());
        Optional<Integer> opens = Act.of(entry)
                .text("openedPageId")
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

    /** The latest step on the page before the document. A step that only enters a value gives way to the step before it. */
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
