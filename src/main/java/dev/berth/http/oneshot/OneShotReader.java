package dev.berth.http.oneshot;

import dev.berth.http.oneshot.OneShot.Step;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.SessionRequest;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.PageUrl;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.VerbChoices.WaitUntil;
import dev.berth.verbs.Verbs;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one-shots in the contract's form. */
final class OneShotReader {
    private static final String WAIT_UNTIL = "waitUntil";
    private static final String TIMEOUT = "timeout";
    /** Limit for a script that {@code evaluate} runs: characters. */
    private static final int MAX_SCRIPT_CHARS = 1 << 20;

    /** The fields that all one-shots have. */
    private static final List<String> COMMON =
            List.of("url", "html", WAIT_UNTIL, "waitFor", "script", TIMEOUT, "options", "name", "metadata");

    private final SessionRequest sessions;

    OneShotReader(SessionRequest sessions) {
        this.sessions = sessions;
    }

    /** The contract has checked the types. Refuses what any step would refuse, before there is a session. */
    OneShot read(RoutingContext ctx, OneShotKind kind) {
        JsonObject body = JsonBody.of(ctx);
        long timeout = body.getLong(TIMEOUT, Action.DEFAULT_TIMEOUT_MILLIS);
        List<Step> steps = new ArrayList<>();
        steps.add(opening(body));
        Optional.ofNullable(body.getJsonObject("waitFor"))
                .ifPresent(element -> steps.add(OneShotKind.step(Verbs.named("wait-for"), element)));
        Optional.ofNullable(body.getString("script"))
                .ifPresent(script -> steps.add(millis -> new Evaluate(script, millis)));
        JsonObject own = body.copy();
        COMMON.forEach(own::remove);
        steps.add(kind.work(own));
        steps.forEach(step -> step.within(timeout));
        return new OneShot(sessions.read(ctx, Optional.empty(), Optional.empty()), steps, timeout);
    }

    private static Step opening(JsonObject body) {
        String url = body.getString("url");
        String html = body.getString("html");
        if ((url == null) == (html == null)) {
            throw BerthException.invalid("give either url, the page to open, or html, the text of a page");
        }
        if (url != null) {
            JsonObject arguments = new JsonObject().put("url", resolved(url));
            Optional.ofNullable(body.getString(WAIT_UNTIL)).ifPresent(until -> arguments.put(WAIT_UNTIL, until));
            return OneShotKind.step(Verbs.named("navigate"), arguments);
        }
        WaitUntil until = WaitUntil.parse(body.getString(WAIT_UNTIL, "")).orElse(WaitUntil.LOAD);
        String script = PageScripts.setHtml(html, until);
        if (script.length() > MAX_SCRIPT_CHARS) {
            throw BerthException.invalid(
                    "html is too long by " + (script.length() - MAX_SCRIPT_CHARS) + " characters, as a string of JSON");
        }
        return millis -> new Evaluate(script, millis);
    }

    private static String resolved(String url) {
        try {
            return PageUrl.resolve(url);
        } catch (BerthException e) {
            throw new BerthException(e.code(), "url: " + e.getMessage(), e);
        }
    }
}
