package dev.berth.session;

import dev.berth.protocol.ActionSource;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionAccepted;
import dev.berth.protocol.SessionClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Hands requests for new sessions that any node may take to the one with the most room. */
record Placing(Vertx vertx, Supplier<Optional<String>> elsewhere) {
    /** With these, the other node has surely made no session. */
    private static final Set<ErrorCode> REFUSALS = Set.of(ErrorCode.CAPACITY, ErrorCode.NOT_READY);

    /** @param here makes the session on this node, where it has the most room or the other one refuses after all */
    Future<SessionAccepted> place(CreateSession request, ActionSource source, Supplier<Future<SessionAccepted>> here) {
        return elsewhere
                .get()
                .map(node -> new SessionClient(vertx)
                        .from(source)
                        .at(node)
                        .create(request)
                        .recover(e -> e instanceof BerthException known && REFUSALS.contains(known.code())
                                ? here.get()
                                : Future.failedFuture(e)))
                .orElseGet(here);
    }
}
