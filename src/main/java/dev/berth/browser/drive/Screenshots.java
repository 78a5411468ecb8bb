package dev.berth.browser.drive;

import dev.berth.browser.Deadline;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.WholeAnswer;
import dev.berth.browser.drive.command.PageHands;
import dev.berth.browser.drive.element.DomVerbs;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.protocol.PageAction.TakeScreenshot;
import dev.berth.protocol.VerbChoices.ImageFormat;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * Takes screenshots. Sends raw commands, as the protocol of cdp4j 3.0.15 (2019) has neither WebP nor {@code
 * captureBeyondViewport}.
 */
final class Screenshots {
    /** Skia's limit for the side of a surface, in pixels. */
    private static final int MAX_SIDE = 16_384;

    private final Vertx vertx;
    private final CdpConnection connection;
    private final DomVerbs elements;

    Screenshots(Vertx vertx, CdpConnection connection, DomVerbs elements) {
        this.vertx = vertx;
        this.connection = connection;
        this.elements = elements;
    }

    Future<Buffer> take(PageHands hands, TakeScreenshot command) {
        Deadline deadline = new Deadline(command.timeout());
        return hands.onPage(page -> command.selector()
                .map(selector ->
                        elements.box(hands, selector, deadline).compose(box -> take(page, command, box, deadline)))
                .orElseGet(() -> take(page, command, deadline)));
    }

    /** Takes the viewport, or the whole document. */
    private Future<Buffer> take(PageTarget page, TakeScreenshot command, Deadline deadline) {
        return command.fullPage()
                ? metrics(page, deadline)
                        .map(metrics -> metrics.getJsonObject("cssContentSize"))
                        .compose(document -> capture(page, clipped(command, document), deadline))
                : capture(page, encoding(command), deadline);
    }

    /** @param box the area to take, in CSS pixels relative to the viewport; it may lie beyond it */
    private Future<Buffer> take(PageTarget page, TakeScreenshot command, JsonObject box, Deadline deadline) {
        return metrics(page, deadline)
                .map(metrics -> metrics.getJsonObject("cssVisualViewport"))
                .map(viewport -> box.put("x", box.getDouble("x") + viewport.getDouble("pageX"))
                        .put("y", box.getDouble("y") + viewport.getDouble("pageY")))
                .compose(inDocument -> capture(page, clipped(command, inDocument), deadline));
    }

    private Future<JsonObject> metrics(PageTarget page, Deadline deadline) {
        return connection
                .send(page.sessionId(), "Page.getLayoutMetrics", new JsonObject(), deadline.left())
                .recover(deadline::told);
    }

    private static JsonObject encoding(TakeScreenshot command) {
        JsonObject parameters = new JsonObject().put("format", command.format().wireName());
        if (command.format() != ImageFormat.PNG) {
            command.quality().ifPresent(quality -> parameters.put("quality", quality));
        }
        return parameters;
    }

    private static JsonObject clipped(TakeScreenshot command, JsonObject box) {
        JsonObject clip = box.copy()
                .put("width", Math.min(MAX_SIDE, box.getDouble("width")))
                .put("height", Math.min(MAX_SIDE, box.getDouble("height")))
                .put("scale", 1);
        return encoding(command).put("clip", clip).put("captureBeyondViewport", true);
    }

    private Future<Buffer> capture(PageTarget page, JsonObject parameters, Deadline deadline) {
        return WholeAnswer.MEMORY.lend(share -> connection
                .sendForAll(
                        page.sessionId(),
                        "Page.captureScreenshot",
                        parameters,
                        deadline.left(),
                        new WholeAnswer(Base64Data.MAX_MESSAGE_BYTES, WholeAnswer.TEXT, share))
                .recover(deadline::told)
                .compose(result -> Base64Data.decode(vertx, result)));
    }
}
