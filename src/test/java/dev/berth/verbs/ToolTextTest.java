package dev.berth.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ToolTextTest {
    private static final VerbResult.PageView QUIET = new VerbResult.PageView(
            "p1", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    private static final VerbResult.Content CONTENT = new VerbResult.Content(true, "http://a/", "A", "some text");

    @Test
    void aResultHasNoFieldsThatSayNothing() {
        assertThat(ToolText.of(new VerbResult.Acted(true, "http://a/", Optional.empty()), 1_000))
                .isEqualTo("{\"url\":\"http://a/\"}");
    }

    @Test
    void contentIsTextNotJson() {
        assertThat(ToolText.of(CONTENT, 1_000)).isEqualTo("some text");
    }

    @Test
    void aPageThatActsIsTold() {
        var opened = new VerbResult.PageView(
                "p1", Optional.of("p2"), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(ToolText.of(new VerbResult.OfPage(CONTENT, opened), 1_000))
                .isEqualTo("some text\n{\"pageId\":\"p1\",\"openedPageId\":\"p2\"}");
        assertThat(ToolText.of(new VerbResult.OfPage(CONTENT, QUIET), 1_000))
                .isEqualTo("some text\n{\"pageId\":\"p1\"}");
    }

    @Test
    void whatIsTooLongIsCutAndSaysSo() {
        assertThat(ToolText.cut("0123456789", 4)).isEqualTo("0123\n[cut: 6 more characters]");
        assertThat(ToolText.cut("012\ud83d\ude00789", 4)).isEqualTo("012\n[cut: 5 more characters]");
        assertThat(ToolText.cut("0123", 4)).isEqualTo("0123");
    }
}
