package dev.berth.http.oneshot;

import dev.berth.http.oneshot.OneShot.Step;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.SessionRequest;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.VerbChoices.WaitUntil;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one-shots in the contract's form. */
final class OneShotReader {
    private static final String WAIT_UNTIL = "waitUntil";
    private static final String TIMEOUT = "timeout";
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
        steps.addAll(PageOpening.of(
                Optional.ofNullable(body.getString("url")),
                Optional.ofNullable(body.getString("html")),
                WaitUntil.parse(body.getString(WAIT_UNTIL, "")).orElse(WaitUntil.LOAD)));
        Optional.ofNullable(body.getJsonObject("waitFor"))
                .ifPresent(element -> steps.add(Step.of("wait-for", element)));
        Optional.ofNullable(body.getString("script"))
                .ifPresent(script -> steps.add(new Step(millis -> new Evaluate(script, millis))));
        JsonObject own = body.copy();
        COMMON.forEach(own::remove);
        steps.add(kind.work(own));
        return new OneShot(sessions.read(ctx, Optional.empty(), Optional.empty()), steps, timeout);
    }
}
