package dev.berth.browser;

import dev.berth.protocol.ContentFormat;
import dev.berth.protocol.SessionCommand.ReadContent;
import dev.berth.protocol.SessionReply.ContentResult;
import io.vertx.core.Future;
import io.webfolder.cdp.session.Session;

/** Reads what a page shows. */
final class PageReader {
    private final Hands hands;

    PageReader(Hands hands) {
        this.hands = hands;
    }

    Future<ContentResult> content(ReadContent command) {
        Deadline deadline = new Deadline(command.timeoutMillis());
        return hands.onActivePage(page -> hands.call(page, session -> read(session, command.format()), deadline)
                .map(content -> new ContentResult(page.url(), page.title(), content)));
    }

    private static String read(Session session, ContentFormat format) {
        String content =
                (String) new PageWorld(session).evaluate("content", format.wireName(), Failures.MAX_RESULT_BYTES);
        return format == ContentFormat.MARKDOWN ? markdown(content) : content;
    }

    private static String markdown(String html) {
        try {
            return Markdown.of(html);
        } catch (StackOverflowError e) {
            throw Failures.failed("the page is nested too deeply for Markdown; read it as html or text");
        }
    }
}
