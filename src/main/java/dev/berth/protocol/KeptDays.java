package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * For how many days after its end a session is kept, where that is less than the server's settings say. Each is absent where the
 * session asks for nothing of its own.
 *
 * @param days all of it
 * @param recordingDays its videos
 * @param artifactDays its other files
 * @param logDays its console, its network and its bodies
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record KeptDays(
        Optional<Integer> days,
        Optional<Integer> recordingDays,
        Optional<Integer> artifactDays,
        Optional<Integer> logDays) {
    public static final int MAX = 36_500;

    public KeptDays {
        require("days", days);
        require("recordingDays", recordingDays);
        require("artifactDays", artifactDays);
        require("logDays", logDays);
    }

    private static void require(String name, Optional<Integer> days) {
        days.ifPresent(number -> Require.within("options.retention." + name, number, 1, MAX));
    }
}
