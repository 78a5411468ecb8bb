package dev.berth.http.request;

import dev.berth.protocol.ReportCommand.AddSteps;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.StepEntry;
import dev.berth.protocol.StepEntry.StepKind;
import dev.berth.protocol.Truncation;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** The paths of fields that a client of another API gave, and that Berth has nothing for. */
public record IgnoredFields(List<String> paths) {
    private static final int MAX_TOLD = 20;
    /** Limit for a path, which a client chooses: characters. */
    private static final int MAX_TOLD_CHARS = 40;

    public IgnoredFields {
        paths = List.copyOf(paths);
    }

    /** Adds a note to the time line of a session, which works without that note, too. */
    public Future<?> tell(SessionClient client, SessionId id) {
        if (paths.isEmpty()) {
            return Future.succeededFuture();
        }
        StepEntry step = new StepEntry(
                UUID.randomUUID().toString(),
                note(),
                StepKind.NOTE,
                Instant.now(),
                0,
                Optional.empty(),
                Optional.empty());
        return client.ask(id, new AddSteps(List.of(step))).otherwiseEmpty();
    }

    public String note() {
        return "Ignored, as Berth has no such option: "
                + paths.stream()
                        .limit(MAX_TOLD)
                        .map(path -> Truncation.cut(path, MAX_TOLD_CHARS))
                        .collect(Collectors.joining(", "))
                + (paths.size() > MAX_TOLD ? " and " + (paths.size() - MAX_TOLD) + " more" : "");
    }
}
