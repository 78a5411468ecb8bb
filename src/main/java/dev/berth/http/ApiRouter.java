package dev.berth.http;

import dev.berth.access.AdminLog;
import dev.berth.http.admin.ServiceRoutes;
import dev.berth.http.docs.DocsRoutes;
import dev.berth.http.pages.Dashboard;
import dev.berth.http.pages.LivePage;
import dev.berth.http.pages.PageOrigin;
import dev.berth.http.pages.StaticFiles;
import dev.berth.http.request.AdminAccess;
import dev.berth.http.request.AdminReads;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.BodyReceiver;
import dev.berth.http.request.DriverTokens;
import dev.berth.http.request.LiveTokens;
import dev.berth.http.request.Problem;
import dev.berth.http.request.Reading;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.routes.ArtifactRoute;
import dev.berth.http.routes.FileRoutes;
import dev.berth.http.routes.VerbRoutes;
import dev.berth.limits.MemoryBudget;
import dev.berth.verbs.Verb;
import dev.berth.verbs.Verbs;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Builds the router of the API from the OpenAPI contract, so that requests are validated against what is documented. All event
 * loops share the router.
 */
final class ApiRouter {
    private final Vertx vertx;
    private final HttpServices services;
    private final HttpParts parts;
    private final Contract contract;
    private final Supplier<Future<?>> answers;
    /** The operations that may have bodies up to the configured limit. */
    private final Set<String> large;

    private final int maxBodyBytes;
    private final MemoryBudget bodyBudget;

    /** @param answers completes when every event loop that serves the API responds */
    ApiRouter(Vertx vertx, HttpServices services, HttpParts parts, Supplier<Future<?>> answers) {
        this.vertx = vertx;
        this.services = services;
        this.parts = parts;
        this.contract = parts.contract();
        this.answers = answers;
        this.large = Verbs.all().stream()
                .filter(Verb::hasLargeBody)
                .map(verb -> VerbRoutes.operationId(contract.parsed(), verb))
                .collect(Collectors.toSet());
        this.maxBodyBytes = services.config().http().maxBodyBytes();
        this.bodyBudget = MemoryBudget.ofBodies(Runtime.getRuntime().maxMemory(), maxBodyBytes);
    }

    Router build() {
        AdminReads admins = new AdminReads(
                services.config().access().adminsSeeContent(),
                new AdminAccess(services.keys()),
                new AdminLog(services.repositories().database()));
        SessionAccess access =
                new SessionAccess(parts.client(), services.repositories().sessions(), admins);
        RouterBuilder builder = RouterBuilder.create(vertx, contract.parsed());
        builder.rootHandler(parts.requestIds());
        builder.rootHandler(parts.links().offer());
        builder.getRoutes().forEach(this::guard);
        Operations operations = new Operations(vertx, services, parts, access);
        operations.mount(new MountedContract(builder, contract));
        Router router = builder.createRouter();
        mountBeside(router);
        operations.browserbase().mount(router, parts.origins()::guard, parts.authentication(), receiver(false));
        operations.browserless().mount(router, parts.origins()::guard, parts.authentication(), receiver(true));
        operations
                .webdriver()
                .mount(
                        router,
                        parts.origins()::guard,
                        parts.authentication(),
                        new DriverTokens(parts.authentication(), parts.tokens()),
                        receiver(true));
        router.route().failureHandler(Problem::answer);
        IntStream.of(400, 413, 415, 500).forEach(status -> router.errorHandler(status, Problem::answer));
        router.errorHandler(404, ApiRouter::nothing);
        AllowedMethods allowed = new AllowedMethods(contract.parsed());
        router.errorHandler(405, ctx -> Problem.answer(ctx, allowed.refusal(ctx)));
        return router;
    }

    /** Answers an unknown path. Below {@code /api}, a client without a key does not learn whether a path exists. */
    private static void nothing(RoutingContext ctx) {
        boolean stranger = Authentication.key(ctx.request()).isEmpty();
        if (stranger && ctx.normalizedPath().startsWith("/api/")) {
            Problem.answer(ctx, Authentication.missing());
        } else {
            Problem.answer(ctx);
        }
    }

    /**
     * Before all else, an operation of the contract asks for a key, unless the contract says that it takes none, and then receives
     * its body. Both belong to the operation and not to a path, because a path can be spelt in many ways.
     */
    private void guard(OpenAPIRoute route) {
        JsonArray security = route.getOperation().getOpenAPIModel().getJsonArray("security");
        if (security == null || !security.isEmpty()) {
            route.addHandler(LiveTokens.of(
                            route.getOperation().getOperationId(),
                            parts.tokens(),
                            parts.authentication(),
                            parts.sharedLinks())
                    .orElse(parts.authentication()));
            route.addHandler(new Reading(route.getOperation().getOperationId()));
        }
        if (route.getOperation().getOperationId().equals(Operations.PUT_FILE)) {
            route.addHandler(FileRoutes::holdBody);
            return;
        }
        if (route.getOperation().getOperationId().equals(Operations.PUT_EXTENSION)) {
            route.addHandler(BodyReceiver.ofZips(maxBodyBytes, bodyBudget));
            return;
        }
        boolean isLarge = large.contains(route.getOperation().getOperationId());
        route.addHandler(receiver(isLarge));
    }

    private BodyReceiver receiver(boolean isLarge) {
        return new BodyReceiver(
                isLarge ? maxBodyBytes : Math.min(BodyReceiver.USUAL_MAX_BYTES, maxBodyBytes), bodyBudget);
    }

    /** Mounts the routes that the contract does not describe. */
    private void mountBeside(Router router) {
        Map<String, Supplier<Future<?>>> needed = new HashMap<>(services.node().checks());
        needed.put("http", answers);
        needed.put("postgres", () -> services.repositories().database().check(services.machineId()));
        new ServiceRoutes(
                        services.machineId(),
                        needed,
                        services.store()::check,
                        services.node().protections(),
                        parts.client(),
                        ctx -> contract.servedAt(parts.links().base(ctx.request())),
                        node -> services.node().metrics().text(vertx, node))
                .mount(router);
        StaticFiles files = new StaticFiles(vertx, ClassPathFiles::read);
        PageOrigin origin = new PageOrigin(
                parts.links()::base, services.config().http().publicUrl().isPresent());
        new LivePage(files, origin).mount(router);
        services.devTools().mount(router, origin);
        new Dashboard(files, services.config().objectStore().publicEndpoint(), origin).mount(router);
        // The clients, each in one file, which the build made from the contract, and what runs Playwright's tests on
        // Berth.
        files.mount(
                router,
                "/sdk/",
                "dev/berth/sdk/",
                List.of("berth.js", "berth.d.ts", "berth.py", "berth-playwright.js", "berth-playwright.d.ts"),
                ctx -> "default-src 'none'");
        new DocsRoutes(vertx, ClassPathFiles::read, origin).mount(router);
        new ArtifactRoute(
                        services.repositories().artifacts(),
                        services.store(),
                        parts.tokens(),
                        parts.authentication(),
                        parts.sharedLinks())
                .mount(router);
    }
}
