package dev.berth.agent.machine;

import dev.berth.agent.model.PromptMessage;
import dev.berth.agent.model.PromptMessage.Assistant;
import dev.berth.agent.model.PromptMessage.ToolResult;
import dev.berth.agent.model.PromptMessage.User;
import dev.berth.protocol.Truncation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The messages between a task and its model. A conversation only grows at its end, so that a provider finds its beginning in its
 * cache; where it has grown too long, a large part of its old rounds is left out at once.
 *
 * @param task what the model is to do
 * @param start the page where it began
 * @param leftOut how many rounds were left out
 */
public record Conversation(String task, Optional<ShownPage> start, int leftOut, List<Round> rounds) {
    /** About 40,000 tokens. */
    static final int MAX_CHARS = 160_000;
    /** The characters that remain of a conversation that was too long. */
    static final int KEPT_CHARS = 50_000;

    private static final int MAX_WORDS = 500;

    public Conversation {
        rounds = List.copyOf(rounds);
    }

    Conversation(String task) {
        this(task, Optional.empty(), 0, List.of());
    }

    Conversation startingAt(ShownPage page) {
        return new Conversation(task, Optional.of(page), leftOut, rounds);
    }

    Conversation said(Assistant answer) {
        return with(Stream.concat(rounds.stream(), Stream.of(new Round(answer))).toList());
    }

    Conversation with(ToolResult result) {
        return withLast(last().with(result));
    }

    Conversation then(User told) {
        return rounds.isEmpty()
                ? startingAt(new ShownPage(told.text(), true, told.images()))
                : withLast(last().then(told));
    }

    /** The same, where the model is told one more thing before it answers. */
    Conversation alsoTold(String text) {
        if (rounds.isEmpty()) {
            return startingAt(new ShownPage(
                    start.map(page -> page.text() + "\n\n").orElse("") + text, true, List.of()));
        }
        User told = last().then()
                .map(before -> new User(before.text() + "\n\n" + text, before.images()))
                .orElseGet(() -> new User(text));
        return withLast(last().then(told));
    }

    /** The text of the model's last answer. */
    Optional<String> lastWords() {
        return rounds.isEmpty()
                ? Optional.empty()
                : last().said().text().map(text -> Truncation.ellipsis(text, MAX_WORDS));
    }

    private Round last() {
        return rounds.get(rounds.size() - 1);
    }

    private Conversation withLast(Round round) {
        List<Round> changed = new ArrayList<>(rounds);
        changed.set(rounds.size() - 1, round);
        return with(changed);
    }

    private Conversation with(List<Round> changed) {
        return new Conversation(task, start, leftOut, changed);
    }

    boolean isTooLong() {
        return chars() > MAX_CHARS;
    }

    private long chars() {
        return task.length()
                + start.map(page -> page.text().length() + Round.weight(page.images()))
                        .orElse(0L)
                + rounds.stream().mapToLong(Round::chars).sum();
    }

    /**
     * Without old pages, and without the oldest rounds where these are still too long. The next page has to be shown whole. The model
     * has not seen the last round's results yet: they stay, unless they alone are too long.
     */
    Conversation compacted() {
        List<Round> kept = rounds.stream()
                .map(round -> round == last() && round.chars() <= MAX_CHARS - KEPT_CHARS ? round : round.shortened())
                .toList();
        Conversation shorter = new Conversation(task, Optional.empty(), leftOut, kept);
        while (shorter.chars() > KEPT_CHARS && shorter.rounds.size() > 1) {
            shorter = new Conversation(
                    task, Optional.empty(), shorter.leftOut + 1, shorter.rounds.subList(1, shorter.rounds.size()));
        }
        return shorter;
    }

    List<PromptMessage> messages() {
        return Stream.concat(Stream.of(opening()), rounds.stream().flatMap(Round::messages))
                .toList();
    }

    private PromptMessage opening() {
        String text = task + start.map(page -> "\n\n" + page.text()).orElse("");
        String gap = leftOut == 0 ? "" : "\n\n(The first " + leftOut + " turns are left out here.)";
        return new User(text + gap, start.map(ShownPage::images).orElse(List.of()));
    }
}
