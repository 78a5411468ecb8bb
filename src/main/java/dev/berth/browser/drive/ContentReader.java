package dev.berth.browser.drive;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.MessageKeeper;
import dev.berth.browser.cdp.ResultBudget;
import dev.berth.browser.drive.command.PageCommands;
import dev.berth.browser.drive.command.PageHands;
import dev.berth.browser.drive.element.ScriptRunner;
import dev.berth.protocol.ActionReply.ContentResult;
import dev.berth.protocol.ContentFormat;
import dev.berth.protocol.PageAction.ReadContent;
import io.vertx.core.Future;

/** Reads the content of one page, as HTML, text or Markdown. Lives on the browser's context. */
final class ContentReader {
    private static final int MAX_BYTES = Failures.MAX_RESULT_BYTES;
    /** The most bytes that one byte of UTF-8 takes in Chrome's JSON, apart from control characters. */
    private static final int MAX_ESCAPE_FACTOR = 3;

    private final PageHands hands;

    ContentReader(PageHands hands) {
        this.hands = hands;
    }

    Future<ContentResult> content(ReadContent command) {
        Deadline deadline = new Deadline(command.timeoutMillis());
        return hands.onPage(page -> hands.call(commands -> read(commands, command.format()), deadline)
                .map(content -> new ContentResult(page.url(), page.title(), content)));
    }

    private static String read(PageCommands commands, ContentFormat format) {
        Object content =
                new ScriptRunner(commands).evaluate("content", format.wireName(), MessageKeeper.FREE_BYTES, MAX_BYTES);
        if (content instanceof String small) {
            return form(small, format);
        }
        int bytes = ((Number) content).intValue();
        if (bytes > MAX_BYTES) {
            throw Failures.tooLarge("the content", bytes);
        }
        try (ResultBudget.Share share = ResultBudget.OF_PROCESS.share(ResultBudget.TREE)) {
            return large(commands, format, bytes, share);
        }
    }

    /** Allows some growth since the size was read. */
    private static String large(PageCommands commands, ContentFormat format, int bytes, ResultBudget.Share share) {
        int limit = Math.min(MAX_BYTES, bytes + bytes / 8);
        if (!share.tryAdd(limit)) {
            throw Failures.noRoom();
        }
        ScriptRunner script = new ScriptRunner(commands.withRoomFor(MAX_ESCAPE_FACTOR * limit));
        if (script.evaluate("content", format.wireName(), limit, MAX_BYTES) instanceof String content) {
            return form(content, format);
        }
        throw Failures.failed("the page grew while its content was read; try again");
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
}
