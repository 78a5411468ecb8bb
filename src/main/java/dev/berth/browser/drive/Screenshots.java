package dev.berth.browser.drive;

import dev.berth.browser.Deadline;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.WholeAnswer;
import dev.berth.browser.drive.command.PageHands;
import dev.berth.browser.drive.element.DomVerbs;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.protocol.PageAction.TakeScreenshot;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.VerbChoices.ImageFormat;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes screenshots. Sends raw commands, as the protocol of cdp4j 3.0.15 (2019) has neither WebP nor {@code
 * captureBeyondViewport}.
 */
final class Screenshots {
    private static final Logger log = LoggerFactory.getLogger(Screenshots.class);
    /** Skia's limit for the side of a surface, in pixels. */
    private static final int MAX_SIDE = 16_384;
    /** The background of a page that paints none. */
    private static final JsonObject TRANSPARENT = new JsonObject()
            .put("color", new JsonObject().put("r", 0).put("g", 0).put("b", 0).put("a", 0));

    private static final JsonObject NO_OVERRIDE = new JsonObject();

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

    /** Takes the clip, the viewport, or the whole document. */
    private Future<Buffer> take(PageTarget page, TakeScreenshot command, Deadline deadline) {
        if (command.clip().isPresent()) {
            JsonObject clip = new JsonObject(ProtocolJson.map(command.clip().get()));
            return capture(page, command, clipped(command, clip), deadline);
        }
        return command.fullPage()
                ? metrics(page, deadline)
                        .map(metrics -> metrics.getJsonObject("cssContentSize"))
                        .compose(document -> capture(page, command, clipped(command, document), deadline))
                : capture(page, command, encoding(command), deadline);
    }

    /** @param box the area to take, in CSS pixels relative to the viewport; it may lie beyond it */
    private Future<Buffer> take(PageTarget page, TakeScreenshot command, JsonObject box, Deadline deadline) {
        return metrics(page, deadline)
                .map(metrics -> metrics.getJsonObject("cssVisualViewport"))
                .map(viewport -> box.put("x", box.getDouble("x") + viewport.getDouble("pageX"))
                        .put("y", box.getDouble("y") + viewport.getDouble("pageY")))
                .compose(inDocument -> capture(page, command, clipped(command, inDocument), deadline));
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

    private Future<Buffer> capture(PageTarget page, TakeScreenshot command, JsonObject parameters, Deadline deadline) {
        return command.omitBackground()
                ? background(page, TRANSPARENT, deadline)
                        .compose(set -> capture(page, parameters, deadline))
                        .eventually(() -> background(page, NO_OVERRIDE, deadline))
                : capture(page, parameters, deadline);
    }

    /** Chrome carries out a session's commands in their order: the page gets its own background last, even if it was busy before. */
    private Future<JsonObject> background(PageTarget page, JsonObject color, Deadline deadline) {
        return connection
                .send(page.sessionId(), "Emulation.setDefaultBackgroundColorOverride", color, deadline.left())
                .onFailure(e -> log.debug("a page's background was not set: {}", e.getMessage()))
                .recover(deadline::told);
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
