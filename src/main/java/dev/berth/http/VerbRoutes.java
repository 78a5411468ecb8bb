package dev.berth.http;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.berth.protocol.ArtifactState;
import dev.berth.protocol.ImageFormat;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionCommand.Evaluate;
import dev.berth.protocol.SessionCommand.GoBack;
import dev.berth.protocol.SessionCommand.GoForward;
import dev.berth.protocol.SessionCommand.Navigate;
import dev.berth.protocol.SessionCommand.Reload;
import dev.berth.protocol.SessionCommand.TakeScreenshot;
import dev.berth.protocol.SessionReply.NavigationResult;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Optional;

/** Browser control: each verb is one command. */
final class VerbRoutes {
    private final SessionAccess access;
    private final SessionRoutes sessions;

    VerbRoutes(SessionAccess access, SessionRoutes sessions) {
        this.access = access;
        this.sessions = sessions;
    }

    /** Where the page is now. */
    record Navigated(boolean success, String url, String title, Optional<Integer> status, boolean navigated) {}

    Future<Navigated> navigate(RoutingContext ctx) {
        Body body = Body.of(ctx);
        return go(ctx, new Navigate(body.text("url").orElseThrow(), body.waitUntil(), body.timeoutMillis()));
    }

    Future<Navigated> goBack(RoutingContext ctx) {
        Body body = Body.of(ctx);
        return go(ctx, new GoBack(body.waitUntil(), body.timeoutMillis()));
    }

    Future<Navigated> goForward(RoutingContext ctx) {
        Body body = Body.of(ctx);
        return go(ctx, new GoForward(body.waitUntil(), body.timeoutMillis()));
    }

    Future<Navigated> reload(RoutingContext ctx) {
        Body body = Body.of(ctx);
        return go(ctx, new Reload(body.waitUntil(), body.timeoutMillis()));
    }

    private Future<Navigated> go(RoutingContext ctx, Action<NavigationResult> action) {
        return access.act(ctx, action)
                .map(result -> new Navigated(true, result.url(), result.title(), result.status(), result.navigated()));
    }

    /** A picture that was taken. */
    record Screenshot(
            boolean success,
            String objectId,
            Optional<String> publicUrl,
            Optional<Instant> expiresAt,
            long size,
            ArtifactState state) {}

    Future<Screenshot> screenshot(RoutingContext ctx) {
        Body body = Body.of(ctx);
        TakeScreenshot action = new TakeScreenshot(
                body.flag("fullPage"),
                body.text("selector"),
                body.text("format").flatMap(ImageFormat::parse).orElse(ImageFormat.PNG),
                body.integer("quality"),
                body.timeoutMillis());
        return access.act(ctx, action).map(taken -> {
            ArtifactView view = sessions.view(taken.artifact());
            return new Screenshot(true, view.objectId(), view.publicUrl(), view.expiresAt(), view.size(), view.state());
        });
    }

    /** What a script gave. */
    record Evaluated(boolean success, @JsonRawValue String result) {}

    Future<Evaluated> evaluate(RoutingContext ctx) {
        Body body = Body.of(ctx);
        return access.act(ctx, new Evaluate(body.text("expression").orElseThrow(), body.timeoutMillis()))
                .map(result -> new Evaluated(true, result.json()));
    }
}
