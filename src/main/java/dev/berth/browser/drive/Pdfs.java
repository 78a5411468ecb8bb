package dev.berth.browser.drive;

import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.Whole;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.protocol.PageAction.PrintPdf;
import dev.berth.protocol.PdfOptions;
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

    Future<Buffer> print(PageTarget page, PrintPdf command) {
        return Whole.MEMORY.lend(share -> page.unlessGone(connection.sendForAll(
                        page.sessionId(),
                        "Page.printToPDF",
                        parameters(command.options()),
                        command.timeoutMillis(),
                        new Whole(Base64Data.MAX_MESSAGE_BYTES, Whole.TEXT, share)))
                .recover(Failures::told)
                .compose(result -> Base64Data.decode(vertx, result)));
    }

    private static JsonObject parameters(PdfOptions options) {
        JsonObject parameters = new JsonObject()
                .put("landscape", options.landscape())
                .put("printBackground", options.printBackground())
                .put("scale", options.scale())
                .put("paperWidth", options.width())
                .put("paperHeight", options.height())
                .put("marginTop", options.margin())
                .put("marginBottom", options.margin())
                .put("marginLeft", options.margin())
                .put("marginRight", options.margin());
        options.pageRanges().ifPresent(ranges -> parameters.put("pageRanges", ranges));
        return parameters;
    }
}
