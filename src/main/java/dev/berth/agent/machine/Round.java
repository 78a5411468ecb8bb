package dev.berth.agent.machine;

import dev.berth.agent.model.PromptMessage;
import dev.berth.agent.model.PromptMessage.Assistant;
import dev.berth.agent.model.PromptMessage.Image;
import dev.berth.agent.model.PromptMessage.ToolResult;
import dev.berth.agent.model.PromptMessage.User;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One answer of a model, with the results of its calls.
 *
 * @param results of its calls, in their order
 * @param then what it was told after them
 */
record Round(Assistant said, List<ToolResult> results, Optional<User> then) {
    private static final int IMAGE_CHARS = 5_000;
    /** A model takes few large images, and each prompt has them all in memory: four of the largest make a conversation too long. */
    private static final int IMAGE_BYTES_PER_CHAR = 100;

    private static final int KEPT_CHARS = 300;
    private static final String LEFT_OUT = " … (the rest was left out: it is old)";

    Round {
        results = List.copyOf(results);
    }

    Round(Assistant said) {
        this(said, List.of(), Optional.empty());
    }

    Round with(ToolResult result) {
        return new Round(
                said, Stream.concat(results.stream(), Stream.of(result)).toList(), then);
    }

    Round then(User told) {
        return new Round(said, results, Optional.of(told));
    }

    /** The same without what is long and old. */
    Round shortened() {
        return new Round(
                said,
                results.stream().map(Round::shortened).toList(),
                then.map(told -> new User(shortened(told.text()), List.of())));
    }

    private static ToolResult shortened(ToolResult result) {
        return new ToolResult(result.callId(), result.tool(), shortened(result.text()), List.of());
    }

    private static String shortened(String text) {
        return text.length() <= KEPT_CHARS + LEFT_OUT.length() ? text : text.substring(0, KEPT_CHARS) + LEFT_OUT;
    }

    Stream<PromptMessage> messages() {
        return Stream.of(Stream.of(said), results.stream(), then.stream()).flatMap(each -> each);
    }

    long chars() {
        return messages().mapToLong(Round::chars).sum();
    }

    private static long chars(PromptMessage message) {
        if (message instanceof User user) {
            return user.text().length() + weight(user.images());
        } else if (message instanceof ToolResult result) {
            return result.text().length() + weight(result.images());
        }
        Assistant said = (Assistant) message;
        return said.text().map(String::length).orElse(0)
                + said.calls().stream()
                        .mapToLong(call -> call.arguments().length())
                        .sum();
    }

    static long weight(List<Image> images) {
        return images.stream()
                .mapToLong(image -> IMAGE_CHARS + image.bytes().length / IMAGE_BYTES_PER_CHAR)
                .sum();
    }
}
