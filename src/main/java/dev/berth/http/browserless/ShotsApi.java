package dev.berth.http.browserless;

import dev.berth.http.oneshot.OneShot;
import dev.berth.http.oneshot.OneShot.Step;
import dev.berth.http.oneshot.OneShotAnswers;
import dev.berth.http.oneshot.OneShotRun;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.GivenFields;
import dev.berth.http.request.IgnoredFields;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.SessionRequest;
import dev.berth.http.request.Validation;
import dev.berth.protocol.ActionReply.ContentResult;
import dev.berth.protocol.ActionReply.EvaluationResult;
import dev.berth.protocol.ActionReply.NavigationResult;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionReply;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code /screenshot}, {@code /pdf}, {@code /content} and {@code /scrape}: sessions that end with their answer. For any event loop. */
public final class ShotsApi {
    /** Limit for a whole request, as for each verb: milliseconds. */
    private static final long MAX_MILLIS = 300_000;

    private static final int MAX_URL_CHARS = 1_000;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final Map<String, String> FORMATS = Map.of("png", "png", "jpeg", "jpeg", "webp", "webp");
    private static final Map<String, Boolean> ENCODINGS = Map.of("base64", true, "binary", false);
    private static final JsonObject NONE = new JsonObject();

    private final SessionClient client;
    private final SessionRequest sessions;
    private final OneShotAnswers answers;
    private final Launch.Limits limits;

    public ShotsApi(SessionClient client, SessionRequest sessions, OneShotAnswers answers, Launch.Limits limits) {
        this.client = client;
        this.sessions = sessions;
        this.answers = answers;
        this.limits = limits;
    }

    /** A body that is being read, and the options of the session that it asks for. */
    private record Asked(GivenFields body, Launch launch, PageRequest page) {
        static Asked of(RoutingContext ctx, Launch.Limits limits) {
            Launch launch = Launch.of(ctx.request().params(), limits);
            GivenFields body = new GivenFields("", JsonBody.of(ctx));
            return new Asked(body, launch, new PageRequest(body, launch.options()));
        }

        /** The fields of {@code options}. None names a file, which would be one of the server's. */
        GivenFields options() {
            GivenFields options = body.object("options").orElseGet(() -> new GivenFields("options.", NONE));
            if (options.value("path").isPresent()) {
                throw Validation.invalid("options.path: the answer is the file; leave path out");
            }
            return options;
        }

        IgnoredFields ignored() {
            return new IgnoredFields(Stream.concat(launch.ignored().paths().stream(), page.ignored().stream())
                    .toList());
        }
    }

    /** Sends the answer of the last reply. */
    private interface Sending {
        Future<Void> send(OneShotRun run, SessionReply last);
    }

    void screenshot(RoutingContext ctx) {
        Asked asked = Asked.of(ctx, limits);
        if (asked.body().flag("scrollPage").orElse(false)) {
            asked.page().add(PageCalls.scroll());
        }
        GivenFields options = asked.options();
        JsonObject arguments = new JsonObject()
                .put("format", options.choice("type", FORMATS).orElse("png"))
                .put("fullPage", options.flag("fullPage").orElse(false));
        options.whole("quality", 0, 100).ifPresent(quality -> arguments.put("quality", quality));
        options.flag("omitBackground").ifPresent(on -> arguments.put("omitBackground", on));
        options.object("clip").ifPresent(clip -> arguments.put("clip", box(clip)));
        asked.body().text("selector").ifPresent(selector -> arguments.put("selector", selector));
        boolean asText = options.choice("encoding", ENCODINGS).orElse(false);
        asked.page().add(Step.of("screenshot", arguments));
        answer(
                ctx,
                asked,
                (run, last) -> asText
                        ? answers.read(run, last)
                                .compose(bytes -> OneShotAnswers.sendText(
                                        ctx, Base64.getEncoder().encodeToString(bytes), TEXT, "screenshot.txt"))
                        : answers.sendFile(ctx, run, last));
    }

    private static JsonObject box(GivenFields clip) {
        JsonObject box = new JsonObject();
        for (String side : List.of("x", "y", "width", "height")) {
            box.put(side, clip.required(side, name -> clip.number(name, 0, 1_000_000)));
        }
        return box;
    }

    void pdf(RoutingContext ctx) {
        Asked asked = Asked.of(ctx, limits);
        asked.page().add(Step.of("pdf", PdfOptions.arguments(asked.options())));
        answer(ctx, asked, (run, last) -> answers.sendFile(ctx, run, last));
    }

    void content(RoutingContext ctx) {
        Asked asked = Asked.of(ctx, limits);
        asked.page().add(Step.of("content", new JsonObject()));
        answer(
                ctx,
                asked,
                (run, last) -> OneShotAnswers.sendText(
                        ctx, ((ContentResult) last).content(), "text/html; charset=utf-8", "content.html"));
    }

    void scrape(RoutingContext ctx) {
        Asked asked = Asked.of(ctx, limits);
        List<GivenFields> elements = asked.body().objects("elements");
        asked.body().required("elements", asked.body()::value);
        elements.forEach(asked.page()::expect);
        asked.page()
                .add(PageCalls.scrape(elements.stream()
                        .map(element -> element.required("selector", element::text))
                        .toList()));
        answer(
                ctx,
                asked,
                (run, last) -> OneShotAnswers.sendText(
                        ctx,
                        "{\"data\":" + ((EvaluationResult) last).json() + "}",
                        "application/json; charset=utf-8",
                        "scrape.json"));
    }

    private void answer(RoutingContext ctx, Asked asked, Sending sending) {
        IgnoredFields ignored = asked.ignored();
        OneShot shot;
        try {
            shot = new OneShot(
                    session(ctx, asked.launch()),
                    asked.page().steps(),
                    Math.min(asked.launch().timeout().orElse(Action.DEFAULT_TIMEOUT_MILLIS), MAX_MILLIS));
        } catch (RuntimeException e) {
            ctx.fail(PageRequest.renamed(e));
            return;
        }
        SessionClient own = client.as(Authentication.user(ctx));
        answers.answer(
                ctx,
                shot,
                run -> run.run(replies ->
                                ignored.tell(own, shot.session().sessionId()).map(told -> replies))
                        .compose(replies -> {
                            tellPage(ctx.response(), replies);
                            return sending.send(run, OneShotAnswers.last(replies));
                        }));
    }

    /** The timeout of the query is the request's, whose error says what was waited for: the session has its usual lifetime. */
    private CreateSession session(RoutingContext ctx, Launch launch) {
        launch.options().remove("timeouts");
        JsonObject body = new JsonObject().put("options", launch.options()).put("metadata", launch.metadata());
        return sessions.read(ctx, body, Optional.empty(), Optional.empty());
    }

    /** Tells of the response that the page came with, where there was one. */
    private static void tellPage(HttpServerResponse response, List<SessionReply> replies) {
        replies.stream()
                .filter(NavigationResult.class::isInstance)
                .map(NavigationResult.class::cast)
                .findFirst()
                .ifPresent(opened -> opened.status()
                        .ifPresent(status -> response.putHeader("X-Response-Code", String.valueOf(status))
                                .putHeader(
                                        "X-Response-Status",
                                        HttpResponseStatus.valueOf(status).reasonPhrase())
                                .putHeader("X-Response-URL", ascii(opened.url()))));
    }

    /** Chrome's URLs have no other characters; a header could not have them. */
    private static String ascii(String url) {
        return url.substring(0, Math.min(url.length(), MAX_URL_CHARS)).replaceAll("[^!-~]", "");
    }
}
