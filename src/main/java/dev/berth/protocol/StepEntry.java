package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A step of the client's work in a session, as the client reports it: a test, a part of one, an assertion. All texts are plain: see {@link
 * PlainText}.
 *
 * @param stepId chosen by the client, 1 to 200 characters; a session has each once
 * @param title on one line, 1 to {@value #MAX_CHARS} characters; a longer one is cut
 * @param startedAt by the client's clock
 * @param duration milliseconds
 * @param error why it failed, cut at {@value #MAX_CHARS} characters; empty where it did not
 * @param parentId of the step that it is a part of
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record StepEntry(
        String stepId,
        String title,
        StepKind kind,
        Instant startedAt,
        long duration,
        Optional<String> error,
        Optional<String> parentId) {
    public static final int MAX_CHARS = 4_000;

    private static final long MAX_MILLIS = 30L * 86_400_000;

    public StepEntry {
        Require.id("stepId", stepId);
        Require.noNul("stepId", stepId);
        title = PlainText.line(Require.present("title", title), MAX_CHARS);
        Require.text("title", title, 1, MAX_CHARS + 1);
        Require.present("kind", kind);
        startedAt = Require.kept(Require.present("startedAt", startedAt));
        Require.within("duration", duration, 0, MAX_MILLIS);
        error = Require.present("error", error)
                .map(why -> PlainText.lines(UrlCredentials.redact(why), MAX_CHARS))
                .map(why -> why.isBlank() ? "failed" : why);
        Require.present("parentId", parentId).ifPresent(id -> {
            Require.id("parentId", id);
            Require.noNul("parentId", id);
        });
    }

    /** The kind of a step, as its client names it. */
    public enum StepKind {
        TEST,
        STEP,
        /** An assertion. */
        EXPECT,
        /** Work of a runner before or after a test. */
        HOOK,
        NOTE,
        /** A kind that only a newer version knows. */
        @JsonEnumDefaultValue
        UNKNOWN;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
