package dev.berth.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.ActionReply.ContentResult;
import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.ActionReply.OnPage;
import dev.berth.protocol.PageOutcome;
import dev.berth.protocol.ShownJson.Links;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ToolTextTest {
    private static final ContentResult CONTENT = new ContentResult("http://a/", "A", "some text");

    private static String text(OnPage reply) {
        return ToolText.of(reply.with(PageOutcome.of("p1")), Links.NONE, 1_000);
    }

    @Test
    void aResultHasNoFieldsThatSayNothing() {
        assertThat(text(new ElementResult("http://a/", false, Optional.empty())))
                .isEqualTo("{\"url\":\"http://a/\",\"pageId\":\"p1\"}");
    }

    @Test
    void contentIsTextNotJson() {
        assertThat(text(CONTENT)).isEqualTo("some text\n{\"pageId\":\"p1\"}");
    }

    @Test
    void aPageThatActsIsTold() {
        PageOutcome opened = new PageOutcome(
                "p1", Optional.of("p2"), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(ToolText.of(CONTENT.with(opened), Links.NONE, 1_000))
                .isEqualTo("some text\n{\"pageId\":\"p1\",\"openedPageId\":\"p2\"}");
    }

    @Test
    void whatIsTooLongIsCutAndSaysSo() {
        assertThat(ToolText.cut("0123456789", 4)).isEqualTo("0123\n[cut: 6 more characters]");
        assertThat(ToolText.cut("012\ud83d\ude00789", 4)).isEqualTo("012\n[cut: 5 more characters]");
        assertThat(ToolText.cut("0123", 4)).isEqualTo("0123");
    }
}
