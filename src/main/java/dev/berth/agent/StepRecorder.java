package dev.berth.agent;

import dev.berth.agent.machine.Replay;
import dev.berth.agent.machine.Replay.RecordedStep;
import dev.berth.agent.machine.TaskEffect.Act;
import dev.berth.protocol.Secrets;
import dev.berth.protocol.TaskSupport.NameElement;
import dev.berth.secrets.Hiding;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Keeps what a task does, so that it can be done again in other documents: up to what can't, such as a click at a point, or what a
 * person did. Used on one context.
 */
final class StepRecorder {
    private static final int MAX_STEPS = 200;
    /** Limit for all steps together, since a model may enter texts of megabytes: characters. */
    private static final int MAX_CHARS = 1 << 17;

    private static final long NAME_MILLIS = 2_000;
    /** How long a step waits for its element, once its page has loaded. */
    private static final long FIND_MILLIS = 5_000;

    private static final List<String> ELEMENTS = List.of("selector", "to");
    private static final Pattern REF = Pattern.compile("\\s*(?:ref=)?(?:f\\d+)?e\\d+\\s*");
    /** Page ids differ from session to session, and points from page to page. */
    private static final Set<String> UNREPEATABLE = Set.of("mouse", "activate_page", "close_page");

    private final Function<NameElement, Future<List<String>>> names;
    private final Hiding variables;
    private final List<RecordedStep> steps = new ArrayList<>();
    private long chars;
    private boolean ended;

    /** @param names gives the selectors of an element of the session */
    StepRecorder(Function<NameElement, Future<List<String>>> names, Secrets variables) {
        this.names = names;
        this.variables = new Hiding(variables);
    }

    /** Records no later steps: they rest on something that is not recorded. */
    void end() {
        ended = true;
    }

    Replay replay(boolean answered, String place) {
        return new Replay(steps, !ended && !answered && !place.isEmpty(), place);
    }

    void done(Act act, Optional<RecordedStep> step) {
        if (!TaskTools.isRepeated(act.tool())) {
            return;
        }
        chars += step.map(each -> each.named().encode().length()).orElse(0);
        ended = ended || step.isEmpty() || steps.size() == MAX_STEPS || chars > MAX_CHARS;
        if (!ended) {
            steps.add(step.get());
        }
    }

    /**
     * The step of an act, if it can be done again; to be asked for before it is done, as its element may be gone then. Never fails.
     */
    Future<Optional<RecordedStep>> of(Act act) {
        boolean unrepeatable =
                UNREPEATABLE.contains(act.tool()) || act.arguments().containsKey("page");
        if (ended || unrepeatable || !TaskTools.isRepeated(act.tool())) {
            return Future.succeededFuture(Optional.empty());
        }
        Map<String, List<String>> refs = new HashMap<>();
        for (String argument : ELEMENTS) {
            if (act.arguments().get(argument) instanceof String selector
                    && REF.matcher(selector).matches()) {
                refs.put(argument, List.of(selector));
            }
        }
        return named(refs, NAME_MILLIS)
                .map(names -> Optional.of(new RecordedStep(act.tool(), act.arguments(), names, act.reason())))
                .otherwise(Optional.empty());
    }

    /** The same for a step that is repeated: fails where one of its elements is not there. */
    Future<RecordedStep> again(RecordedStep step) {
        return named(step.names(), FIND_MILLIS)
                .map(names -> new RecordedStep(step.tool(), step.arguments(), names, step.reason()));
    }

    /** The names of elements, by argument. */
    private Future<Map<String, List<String>>> named(Map<String, List<String>> elements, long timeoutMillis) {
        Map<String, List<String>> found = new HashMap<>();
        Future<?> all = Future.succeededFuture();
        for (Map.Entry<String, List<String>> element : elements.entrySet()) {
            all = all.compose(before -> named(new NameElement(element.getValue(), timeoutMillis)))
                    .map(selectors -> found.put(element.getKey(), selectors));
        }
        return all.map(found);
    }

    private Future<List<String>> named(NameElement element) {
        return names.apply(element).compose(selectors -> {
            List<String> lasting = selectors.stream()
                    .filter(selector -> variables.hide(selector).equals(selector))
                    .toList();
            return lasting.isEmpty()
                    ? Future.failedFuture("nothing tells the element from others")
                    : Future.succeededFuture(lasting);
        });
    }
}
