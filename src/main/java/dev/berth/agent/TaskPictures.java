package dev.berth.agent;

import dev.berth.agent.machine.TaskInput.Acted;
import dev.berth.agent.model.PromptMessage.Image;
import dev.berth.protocol.ActionReply.ScreenshotTaken;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.SessionReply;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The screenshots that a task's model is shown. */
final class TaskPictures {
    /** Anthropic takes 5 MB in base64. */
    private static final long MAX_BYTES = 3_500_000;

    private final Function<String, Future<Buffer>> files;
    private final Optional<String> blind;

    /**
     * @param files the bytes of an artifact, by its key in the object store
     * @param blind why the model is shown none; empty where it is
     */
    TaskPictures(Function<String, Future<Buffer>> files, Optional<String> blind) {
        this.files = files;
        this.blind = blind;
    }

    /** The result of a tool, with its picture where it took one. */
    Future<Acted> with(SessionReply reply, String text) {
        return reply instanceof ScreenshotTaken taken
                ? shown(taken.artifact(), text)
                : Future.succeededFuture(without(text));
    }

    private Future<Acted> shown(ArtifactEntry artifact, String text) {
        if (blind.isPresent()) {
            return Future.succeededFuture(without(text + "\nThe picture is not shown to you: " + blind.get()));
        }
        if (artifact.size() > MAX_BYTES) {
            return Future.succeededFuture(
                    without(text + "\nThe picture is too large to be shown to you: take one of the viewport"));
        }
        return files.apply(artifact.objectKey())
                .map(bytes -> new Acted(true, text, List.of(new Image(artifact.contentType(), bytes.getBytes()))))
                .recover(e -> Future.succeededFuture(without(text + "\nThe picture could not be read")));
    }

    private static Acted without(String text) {
        return new Acted(true, text, List.of());
    }
}
