package dev.berth.browser;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ImageFormat;
import dev.berth.protocol.SessionCommand.TakeScreenshot;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.Base64;

/**
 * Pictures of a page, over the raw connection: cdp4j 3.0.15 speaks the protocol of 2019, which has neither WebP nor
 * {@code captureBeyondViewport}.
 */
final class Screenshots {
    /** Skia's limit for a surface's side, in pixels. */
    private static final int MAX_SIDE = 16_384;

    private static final String ELEMENT_BOX = """
            (() => {
              const element = document.querySelector(%s);
              if (!element) return null;
              element.scrollIntoView({block: 'nearest', inline: 'nearest', behavior: 'instant'});
              const box = element.getBoundingClientRect();
              return {x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height};
            })()
            """;

    private final CdpConnection connection;

    Screenshots(CdpConnection connection) {
        this.connection = connection;
    }

    Future<Buffer> take(PageTarget page, TakeScreenshot command) {
        return parameters(page, command)
                .compose(parameters -> connection.send(
                        page.sessionId(), "Page.captureScreenshot", parameters, command.timeoutMillis()))
                .recover(e -> Future.failedFuture(
                        e instanceof BerthException ? e : Failures.failed("no screenshot: " + e.getMessage())))
                .map(result -> Buffer.buffer(Base64.getDecoder().decode(result.getString("data"))));
    }

    private Future<JsonObject> parameters(PageTarget page, TakeScreenshot command) {
        JsonObject parameters = new JsonObject().put("format", command.format().wireName());
        if (command.format() != ImageFormat.PNG) {
            command.quality().ifPresent(quality -> parameters.put("quality", quality));
        }
        return clip(page, command)
                .map(clip -> clip.isEmpty()
                        ? parameters
                        : parameters.put("clip", clip.put("scale", 1)).put("captureBeyondViewport", true));
    }

    /** The part of the document to take; empty for the viewport. */
    private Future<JsonObject> clip(PageTarget page, TakeScreenshot command) {
        if (command.selector().isPresent()) {
            return elementBox(page, command.selector().get(), command.timeoutMillis());
        }
        return command.fullPage()
                ? documentBox(page, command.timeoutMillis())
                : Future.succeededFuture(new JsonObject());
    }

    private Future<JsonObject> documentBox(PageTarget page, long timeoutMillis) {
        return connection
                .send(page.sessionId(), "Page.getLayoutMetrics", new JsonObject(), timeoutMillis)
                .map(metrics -> metrics.getJsonObject("cssContentSize"))
                .map(size -> size.put("height", Math.min(MAX_SIDE, size.getDouble("height")))
                        .put("width", Math.min(MAX_SIDE, size.getDouble("width"))));
    }

    private Future<JsonObject> elementBox(PageTarget page, String selector, long timeoutMillis) {
        JsonObject script = new JsonObject()
                .put("expression", ELEMENT_BOX.formatted(Json.encode(selector)))
                .put("returnByValue", true);
        return connection
                .send(page.sessionId(), "Runtime.evaluate", script, timeoutMillis)
                .map(answer -> {
                    if (answer.containsKey("exceptionDetails")) {
                        throw new BerthException(
                                ErrorCode.INVALID_ARGUMENT, "selector: '" + selector + "' is not a CSS selector");
                    }
                    JsonObject box = answer.getJsonObject("result").getJsonObject("value");
                    if (box == null) {
                        throw Failures.failed("selector not found: " + selector);
                    }
                    if (box.getDouble("width") <= 0 || box.getDouble("height") <= 0) {
                        throw Failures.failed("element has no size: " + selector);
                    }
                    return box;
                });
    }
}
