package dev.berth.http.routes;

import dev.berth.extension.Extensions;
import dev.berth.history.extension.ExtensionRepository.Extension;
import dev.berth.http.request.Answers.Success;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.BodyReceiver;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.GivenName;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** The caller's browser extensions. */
public final class ExtensionRoutes {
    private final Extensions extensions;

    public ExtensionRoutes(Extensions extensions) {
        this.extensions = extensions;
    }

    /** All of the caller's. */
    public record Listed(List<Extension> extensions) {}

    public Future<Listed> list(RoutingContext ctx) {
        return extensions.list(Authentication.user(ctx)).map(Listed::new);
    }

    public Future<Extension> put(RoutingContext ctx) {
        Buffer zip = BodyReceiver.of(ctx);
        String name = GivenName.require("the name of an extension", ctx.pathParam("extension"));
        return extensions.put(Authentication.user(ctx), name, zip);
    }

    public Future<Success> delete(RoutingContext ctx) {
        return extensions
                .delete(Authentication.user(ctx), ctx.pathParam("extension"))
                .compose(removed -> removed
                        ? Future.succeededFuture(new Success(true))
                        : Future.failedFuture(
                                new BerthException(ErrorCode.NOT_FOUND, "you have no extension with this name")));
    }
}
