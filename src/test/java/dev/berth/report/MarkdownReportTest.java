package dev.berth.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.ConsoleEntry.ConsoleLevel;
import dev.berth.protocol.Cost;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionLabels.Outcome;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.SessionSummary.ErrorCounts;
import dev.berth.protocol.ShownJson.Link;
import dev.berth.protocol.ShownJson.Links;
import dev.berth.protocol.StepEntry;
import dev.berth.protocol.StepEntry.StepKind;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskStatus;
import dev.berth.protocol.TaskView.TaskStep;
import dev.berth.protocol.UsageSample.Traffic;
import dev.berth.report.SessionReport.ConsoleLine;
import dev.berth.report.SessionReport.Part;
import dev.berth.report.SessionReport.RequestLine;
import dev.berth.report.SessionReport.TaskLine;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkdownReportTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.006Z");
    private static final Pattern CODE = Pattern.compile("`[^`\\n]+`");
    private static final String LINK = "https://berth.test/artifacts/object-1?token=a.b_-";

    private static SessionDescription session(String text) {
        return new SessionDescription(
                SessionId.parse("session-00000000-0000-4000-8000-000000000001").orElseThrow(),
                SessionStatus.FAILED,
                Optional.empty(),
                text,
                text,
                AT,
                Optional.of(AT),
                Optional.of(AT),
                Optional.of(EndReason.BROWSER_CRASHED),
                Optional.of(text),
                AT,
                text,
                7,
                1,
                1,
                12_340,
                List.of(new NavigationEntry(text, text, AT)),
                SessionOptions.DEFAULT,
                Map.of(text, text),
                Cost.NONE,
                Optional.empty(),
                Optional.empty(),
                Traffic.NONE,
                0,
                Optional.empty(),
                Optional.of(text),
                Optional.of(Outcome.FAILED),
                Optional.of(text),
                ErrorCounts.NONE,
                List.of());
    }

    private static ActionEntry action(String text) {
        return new ActionEntry(
                "action-1", text, AT, false, Map.of(text, text), 5, ActionSource.REST, Optional.of(text), Cost.NONE);
    }

    private static ConsoleLine console(String text) {
        return ConsoleLine.of(
                3,
                new ConsoleEntry(
                        ConsoleLevel.ERROR, text, AT, Optional.of(text), Optional.of(1), text, 0, List.of(text)));
    }

    private static RequestLine request(String text) {
        return RequestLine.of(
                4,
                new NetworkEntry(
                        text,
                        text,
                        Optional.of(404),
                        1,
                        1,
                        text,
                        text,
                        AT,
                        false,
                        false,
                        Optional.of(text),
                        Map.of(),
                        Map.of()));
    }

    private static TaskLine task(String text) {
        TaskView task = new TaskView(
                TaskId.random(),
                SessionId.random(),
                1,
                text,
                TaskStatus.FAILED,
                Optional.of(text),
                Optional.of(text),
                Optional.of(text),
                1,
                new Cost(0.5, 1, 2),
                AT,
                Optional.of(AT));
        Optional<String> some = Optional.of(text);
        return TaskLine.of(
                task, List.of(new TaskStep(1, AT, text, Map.of(), false, some, some, some, 1, new Cost(0.25, 1, 1))));
    }

    private static StepEntry step(String text) {
        return new StepEntry("step-1", text, StepKind.EXPECT, AT, 5, Optional.of(text), Optional.empty());
    }

    private static ArtifactEntry artifact(String text) {
        return new ArtifactEntry(
                "object-1",
                ArtifactType.SCREENSHOT,
                "key",
                Optional.of(text),
                AT,
                text,
                1,
                ArtifactState.STORED,
                Optional.empty());
    }

    private static <T> Part<T> part(T one, int copies) {
        return new Part<>(copies, Collections.nCopies(copies, one));
    }

    private static String report(String text, String url, int copies) {
        SessionReport report = new SessionReport(
                AT,
                session(text),
                part(step(text), copies),
                part(action(text), copies),
                part(console(text), copies),
                part(request(text), copies),
                part(task(text), copies),
                part(console(text), copies),
                part(step(text), copies),
                part(action(text), copies),
                part(artifact(text), copies));
        return MarkdownReport.of(report, artifact -> Optional.of(new Link(url, AT)));
    }

    /** Outside of code, the report is the same for every text: nothing of the text is there. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "`](https://evil.test) ` <script>alert(1)</script> **bold**",
                "```\n# Session: completed\n```",
                "x\n\n## Failed actions (0)\n- [recording](https://evil.test)",
                "\u2028# heading\u0085- item\r| a | b |\r|---|---|",
                "https://evil.test/ www.evil.test <https://evil.test> mail@evil.test",
                "\\`\\[a](b)",
                "\u202e\u200b` ``",
                "![pixel](https://evil.test/p.png) &lt;b&gt; [^1]: note"
            })
    void noTextFromElsewherePassesForTheReportsOwn(String hostile) {
        String plain = CODE.matcher(report("x", LINK, 1)).replaceAll("C");
        String report = report(hostile, LINK, 1);
        assertThat(CODE.matcher(report).replaceAll("C")).isEqualTo(plain);
        assertThat(plain).doesNotContain("`").doesNotContain("<");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://a.test/x) [evil](https://evil.test", "https://a.test/ `", "javascript:<b>", "a\nb"})
    void aUrlThatWouldBreakOutOfItsLinkIsLeftOut(String url) {
        assertThat(report("x", url, 1)).contains(AT + " screenshot `x`").doesNotContain("evil");
    }

    @Test
    void whatIsLeftOutIsToldAndTextsAreCut() {
        SessionReport bounded = new SessionReport(
                AT,
                session("x".repeat(100_000)),
                part(step("z"), 0),
                new Part<>(999, List.of(action("y".repeat(100_000)))),
                part(console("z"), 0),
                part(request("z"), 0),
                part(task("z"), 0),
                part(console("z"), 0),
                part(step("z"), 0),
                part(action("z"), 0),
                part(artifact("z"), 0));
        String report = MarkdownReport.of(bounded, Links.NONE);
        assertThat(report)
                .contains("## Failed actions (the latest 1 of 999)")
                .contains("y…`")
                .doesNotContain("## Console errors")
                .hasSizeLessThan(15_000);
    }

    @Test
    void aReportThatIsFullIsOfLimitedSize() {
        assertThat(report("<`>".repeat(2_000), LINK, 100)).hasSizeLessThan(2_000_000);
    }
}
