package dev.berth.browser.drive;

import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.WholeAnswer;
import dev.berth.browser.drive.command.PageHands;
import dev.berth.protocol.PageAction.PrintPdf;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** Prints a page as PDF. Sends the raw command, as cdp4j 3.0.15 has no limit for the size of the file. */
final class Pdfs {
    private final Vertx vertx;
    private final CdpConnection connection;

    Pdfs(Vertx vertx, CdpConnection connection) {
        this.vertx = vertx;
        this.connection = connection;
    }

    Future<Buffer> print(PageHands hands, PrintPdf command) {
        return hands.onPage(page -> WholeAnswer.MEMORY.lend(share -> page.unlessGone(connection.sendForAll(
                        page.sessionId(),
                        "Page.printToPDF",
                        parameters(command),
                        command.timeout(),
                        new WholeAnswer(Base64Data.MAX_MESSAGE_BYTES, WholeAnswer.TEXT, share)))
                .recover(Failures::told)
                .compose(result -> Base64Data.decode(vertx, result))));
    }

    private static JsonObject parameters(PrintPdf command) {
        JsonObject parameters = new JsonObject()
                .put("landscape", command.landscape())
                .put("printBackground", command.printBackground())
                .put("scale", command.scale())
                .put("paperWidth", command.width())
                .put("paperHeight", command.height())
                .put("marginTop", command.margin())
                .put("marginBottom", command.margin())
                .put("marginLeft", command.margin())
                .put("marginRight", command.margin());
        command.pageRanges().ifPresent(ranges -> parameters.put("pageRanges", ranges));
        return parameters;
    }
}
