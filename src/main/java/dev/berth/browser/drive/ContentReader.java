package dev.berth.browser.drive;

import com.vladsch.flexmark.html2md.converter.FlexmarkHtmlConverter;
import com.vladsch.flexmark.util.data.MutableDataSet;
import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection.WholeAnswer;
import dev.berth.browser.drive.command.PageCommands;
import dev.berth.browser.drive.command.PageHands;
import dev.berth.browser.drive.element.FramedContent;
import dev.berth.limits.MemoryBudget;
import dev.berth.protocol.ActionReply.ContentResult;
import dev.berth.protocol.PageAction.ReadContent;
import dev.berth.protocol.VerbChoices.ContentFormat;
import io.vertx.core.Future;

/** Reads the content of one page, as HTML, text or Markdown. Lives on the browser's context. */
final class ContentReader {
    private ContentReader() {}

    static Future<ContentResult> read(PageHands hands, ReadContent command) {
        Deadline deadline = new Deadline(command.timeout());
        return hands.onPage(page -> hands.call(commands -> read(commands, command.format(), deadline), deadline)
                .map(content -> new ContentResult(page.url(), page.title(), content)));
    }

    private static String read(PageCommands commands, ContentFormat format, Deadline deadline) {
        try (MemoryBudget.Share share = WholeAnswer.MEMORY.share()) {
            return form(new FramedContent(format, deadline, share).read(commands), format);
        }
    }

    private static String form(String content, ContentFormat format) {
        return format == ContentFormat.MARKDOWN ? markdown(content) : content;
    }

    private static String markdown(String html) {
        try {
            return Markdown.of(html);
        } catch (StackOverflowError e) {
            throw Failures.failed(
                    "the page is nested too deeply for Markdown; read it as html or text", "{\"format\":\"text\"}");
        }
    }

    /** Converts HTML to Markdown. The converter takes long to load, so it is loaded with this class at its first use. */
    private static final class Markdown {
        private static final FlexmarkHtmlConverter CONVERTER = FlexmarkHtmlConverter.builder(
                        new MutableDataSet().set(FlexmarkHtmlConverter.SETEXT_HEADINGS, false))
                .build();

        private Markdown() {}

        /** Blocks; call it on a worker. */
        static String of(String html) {
            return CONVERTER.convert(html).strip();
        }
    }
}
