package dev.berth.browser.drive;

import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.WholeAnswer;
import dev.berth.browser.drive.command.PageHands;
import dev.berth.protocol.PageAction.PrintPdf;
import dev.berth.protocol.PageAction.PrintPdf.Margins;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Function;

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
                .put("marginTop", margin(command, Margins::top))
                .put("marginBottom", margin(command, Margins::bottom))
                .put("marginLeft", margin(command, Margins::left))
                .put("marginRight", margin(command, Margins::right))
                .put("preferCSSPageSize", command.preferCssPageSize());
        command.pageRanges().ifPresent(ranges -> parameters.put("pageRanges", ranges));
        if (command.headerTemplate().isPresent() || command.footerTemplate().isPresent()) {
            parameters
                    .put("displayHeaderFooter", true)
                    .put("headerTemplate", template(command.headerTemplate()))
                    .put("footerTemplate", template(command.footerTemplate()));
        }
        return parameters;
    }

    private static double margin(PrintPdf command, Function<Margins, Optional<Double>> side) {
        return command.margins().flatMap(side).orElse(command.margin());
    }

    /** Chrome prints a header or footer of its own in place of one that is empty. */
    private static String template(Optional<String> given) {
        return given.filter(html -> !html.isEmpty()).orElse("<span></span>");
    }
}
