package dev.berth.fake;

import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import dev.berth.protocol.TaskSpec;
import dev.berth.protocol.TaskSpec.TaskLimits;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A task for tests to which it does not matter what is asked for. */
public final class SampleTask {
    public static final SessionOptions OPTIONS = SessionOptions.builder()
            .timeouts(new SessionTimeouts(1_000, 1_000, 0))
            .build();

    public static final TaskSpec SPEC = new TaskSpec(
            "x", Optional.empty(), new TaskLimits(1, 1, 1_000), Optional.empty(), Map.of(), List.of(), false, false);

    private SampleTask() {}
}
