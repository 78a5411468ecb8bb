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
        String content = (String) new PageWorld(session).evaluate("content", format.wireName());
        return format == ContentFormat.MARKDOWN ? Markdown.of(content) : content;
    }
}
