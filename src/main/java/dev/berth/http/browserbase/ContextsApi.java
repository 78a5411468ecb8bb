package dev.berth.http.browserbase;

import dev.berth.history.profile.ProfileRepository;
import dev.berth.history.profile.ProfileRepository.Profile;
import dev.berth.http.request.Authentication;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;

/** {@code /v1/contexts}: contexts are profiles, and their ids are the profiles' names. For any event loop. */
public final class ContextsApi {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final ProfileRepository profiles;

    public ContextsApi(ProfileRepository profiles) {
        this.profiles = profiles;
    }

    /** A context that begins empty. Its last four fields are for uploads, which Berth does not take. */
    record NewContext(
            String id,
            String projectId,
            String cipherAlgorithm,
            int initializationVectorSize,
            String publicKey,
            String uploadUrl) {}

    /** Gives an id; the first session that persists it makes the profile. */
    Future<NewContext> create(RoutingContext ctx) {
        String id = "context-" + UUID.randomUUID();
        return Future.succeededFuture(
                new NewContext(id, ShownSession.project(Authentication.key(ctx)), "none", 0, "", ""));
    }

    record Context(String id, String projectId, Instant createdAt, Instant updatedAt) {}

    Future<Context> retrieve(RoutingContext ctx) {
        return profiles.get(Authentication.user(ctx), id(ctx))
                .map(found -> found.orElseThrow(ContextsApi::unknown))
                .map(profile -> new Context(
                        profile.name(),
                        ShownSession.project(Authentication.key(ctx)),
                        profile.createdAt(),
                        updatedAt(profile)));
    }

    private static Instant updatedAt(Profile profile) {
        return profile.versions().isEmpty()
                ? profile.createdAt()
                : profile.versions().get(0).createdAt();
    }

    /** Answers with 204. */
    void delete(RoutingContext ctx) {
        profiles.delete(Authentication.user(ctx), id(ctx))
                .compose(removed -> removed
                        ? ctx.response().setStatusCode(204).end().otherwiseEmpty()
                        : Future.failedFuture(unknown()))
                .onFailure(ctx::fail);
    }

    private static String id(RoutingContext ctx) {
        String id = ctx.pathParam("contextId");
        if (!NAME.matcher(id).matches()) {
            throw unknown();
        }
        return id;
    }

    private static BerthException unknown() {
        return new BerthException(
                ErrorCode.NOT_FOUND,
                "no session has saved a context with this id; the first session that persists it does so at its end");
    }
}
