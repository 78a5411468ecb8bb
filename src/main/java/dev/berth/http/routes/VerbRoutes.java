package dev.berth.http.routes;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.berth.http.request.Answers;
import dev.berth.http.request.ArtifactView;
import dev.berth.http.request.Body;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.request.SessionLinks;
import dev.berth.protocol.ActionReply.NavigationResult;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactState;
import dev.berth.protocol.ContentFormat;
import dev.berth.protocol.ImageFormat;
import dev.berth.protocol.PageAction.AnswerDialogs;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.PageAction.GoBack;
import dev.berth.protocol.PageAction.GoForward;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.PageAction.PrintPdf;
import dev.berth.protocol.PageAction.ReadContent;
import dev.berth.protocol.PageAction.Reload;
import dev.berth.protocol.PageAction.TakeScreenshot;
import dev.berth.protocol.PageAction.TakeSnapshot;
import dev.berth.protocol.PdfOptions;
import dev.berth.protocol.SessionCommand.Action;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Optional;

/** Browser control: each verb is one command. */
public final class VerbRoutes {
    private final SessionAccess access;
    private final SessionLinks links;

    public VerbRoutes(SessionAccess access, SessionLinks links) {
        this.access = access;
        this.links = links;
    }

    /** Where the page is now. */
    public record Navigated(
            boolean success,
            String url,
            String title,
            Optional<Integer> status,
            boolean navigated,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ArtifactView> download) {}

    public Future<Navigated> navigate(RoutingContext ctx) {
        Body body = Body.of(ctx);
        return go(ctx, new Navigate(body.text("url").orElseThrow(), body.waitUntil(), body.timeoutMillis()));
    }

    public Future<Navigated> goBack(RoutingContext ctx) {
        Body body = Body.of(ctx);
        return go(ctx, new GoBack(body.waitUntil(), body.timeoutMillis()));
    }

    public Future<Navigated> goForward(RoutingContext ctx) {
        Body body = Body.of(ctx);
        return go(ctx, new GoForward(body.waitUntil(), body.timeoutMillis()));
    }

    public Future<Navigated> reload(RoutingContext ctx) {
        Body body = Body.of(ctx);
        return go(ctx, new Reload(body.waitUntil(), body.timeoutMillis()));
    }

    private Future<Navigated> go(RoutingContext ctx, Action<NavigationResult> action) {
        return access.act(ctx, action)
                .map(result -> new Navigated(
                        true,
                        result.url(),
                        result.title(),
                        result.status(),
                        result.navigated(),
                        result.download().map(file -> links.view(ctx, file))));
    }

    /** A file that was made. */
    public record Taken(
            boolean success,
            String objectId,
            Optional<String> publicUrl,
            Optional<Instant> expiresAt,
            long size,
            ArtifactState state) {}

    public Future<Taken> screenshot(RoutingContext ctx) {
        Body body = Body.of(ctx);
        TakeScreenshot action = new TakeScreenshot(
                body.flag("fullPage"),
                body.text("selector"),
                body.text("format").flatMap(ImageFormat::parse).orElse(ImageFormat.PNG),
                body.integer("quality"),
                body.timeoutMillis());
        return access.act(ctx, action).map(taken -> taken(ctx, taken.artifact()));
    }

    public Future<Taken> pdf(RoutingContext ctx) {
        Body body = Body.of(ctx);
        PdfOptions options = new PdfOptions(
                body.flag("landscape"),
                body.json().getBoolean("printBackground", true),
                body.number("scale", 1),
                body.number("width", 8.5),
                body.number("height", 11),
                body.number("margin", 0.4),
                body.text("pageRanges"));
        return access.act(ctx, new PrintPdf(options, body.timeoutMillis()))
                .map(printed -> taken(ctx, printed.artifact()));
    }

    private Taken taken(RoutingContext ctx, ArtifactEntry artifact) {
        ArtifactView view = links.view(ctx, artifact);
        return new Taken(true, view.objectId(), view.publicUrl(), view.expiresAt(), view.size(), view.state());
    }

    /** What a page holds. */
    public record Content(boolean success, String url, String title, String content) implements Answers.Bulky {
        @Override
        public long chars() {
            return content.length();
        }
    }

    public Future<Content> content(RoutingContext ctx) {
        Body body = Body.of(ctx);
        ContentFormat format = body.text("format").flatMap(ContentFormat::parse).orElse(ContentFormat.HTML);
        return access.act(ctx, new ReadContent(format, body.timeoutMillis()))
                .map(read -> new Content(true, read.url(), read.title(), read.content()));
    }

    /** An accessibility tree. */
    public record Snapshot(
            boolean success,
            String url,
            String title,
            String snapshot,
            @JsonRawValue String tree) implements Answers.Bulky {
        @Override
        public long chars() {
            return (long) snapshot.length() + tree.length();
        }
    }

    public Future<Snapshot> snapshot(RoutingContext ctx) {
        return access.act(ctx, new TakeSnapshot(Body.of(ctx).timeoutMillis()))
                .map(taken -> new Snapshot(true, taken.url(), taken.title(), taken.snapshot(), taken.tree()));
    }

    /** That it is done. */
    public record Noted(boolean success) {}

    public Future<Noted> answerDialogs(RoutingContext ctx) {
        Body body = Body.of(ctx);
        return access.act(ctx, new AnswerDialogs(body.flag("accept"), body.text("promptText"), body.timeoutMillis()))
                .map(done -> new Noted(true));
    }

    /** What a script gave. */
    public record Evaluated(boolean success, @JsonRawValue String result, String type) implements Answers.Bulky {
        @Override
        public long chars() {
            return result.length();
        }
    }

    public Future<Evaluated> evaluate(RoutingContext ctx) {
        Body body = Body.of(ctx);
        return access.act(ctx, new Evaluate(body.text("expression").orElseThrow(), body.timeoutMillis()))
                .map(result -> new Evaluated(true, result.json(), result.type()));
    }
}
