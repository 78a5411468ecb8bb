package dev.berth.http.routes;

import dev.berth.history.RunRepository;
import dev.berth.history.RunRepository.RunTests;
import dev.berth.history.RunRepository.Runs;
import dev.berth.history.RunRepository.TestHistory;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.QueryParameters;
import dev.berth.limits.CountLimit;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/** Runs of tests and agents. Each request looks through many sessions, so a user has few at once. */
public final class RunRoutes {
    private static final int DEFAULT_RUNS = 30;
    private static final int DEFAULT_TESTS = 100;
    private static final int DEFAULT_MARKS = 30;

    private final RunRepository runs;
    private final CountLimit<Long> searches;

    /** @param searches counts those of each user that look through all of the user's sessions */
    public RunRoutes(RunRepository runs, CountLimit<Long> searches) {
        this.runs = runs;
        this.searches = searches;
    }

    public Future<Runs> list(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx);
        long user = Authentication.user(ctx);
        return searches.during(user, () -> runs.list(user, query.limit(DEFAULT_RUNS), query.offset()));
    }

    public Future<RunTests> get(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx);
        long user = Authentication.user(ctx);
        return searches.during(
                        user, () -> runs.find(user, ctx.pathParam("run"), query.limit(DEFAULT_TESTS), query.offset()))
                .map(found -> found.orElseThrow(
                        () -> new BerthException(ErrorCode.NOT_FOUND, "you have no sessions with this metadata.run")));
    }

    public Future<TestHistory> history(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx);
        long user = Authentication.user(ctx);
        return searches.during(
                user,
                () -> runs.history(
                        user,
                        query.text("project").orElse(""),
                        query.text("file").orElse(""),
                        query.text("title").orElse(""),
                        query.limit(DEFAULT_MARKS)));
    }
}
