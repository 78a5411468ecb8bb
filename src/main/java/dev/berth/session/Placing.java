package dev.berth.session;

import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.SessionClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Set;
import java.util.function.Supplier;

/** Hands requests for new sessions to other nodes: to one at the most, which does not hand them on. */
record Placing(Vertx vertx, SessionServices.Node mine) {
    /** Answers of a node that has made no session. */
    private static final Set<ErrorCode> REFUSALS = Set.of(ErrorCode.CAPACITY, ErrorCode.NOT_READY);

    /** @param here makes the session on this node, where it has the most room or the other one refuses after all */
    Future<SessionAccepted> place(CreateSession request, ActionSource source, Supplier<Future<SessionAccepted>> here) {
        return mine.better()
                .get()
                .map(node -> at(node, request, source)
                        .recover(e -> isRefusal(e)
                                ? here.get().recover(again -> Future.failedFuture(isClaimed(again) ? e : again))
                                : Future.failedFuture(e)))
                .orElseGet(here);
    }

    /** Places the session on this node, which was chosen for it already; on another one where this node refuses after all. */
    Future<SessionAccepted> placeHere(
            CreateSession request, ActionSource source, Supplier<Future<SessionAccepted>> here) {
        return here.get()
                .recover(refused -> isRefusal(refused)
                        ? mine.other()
                                .get()
                                .map(node -> at(node, request, source)
                                        .recover(e -> Future.failedFuture(isRefusal(e) || isClaimed(e) ? refused : e)))
                                .orElseGet(() -> Future.failedFuture(refused))
                        : Future.failedFuture(refused));
    }

    private Future<SessionAccepted> at(String node, CreateSession request, ActionSource source) {
        return new SessionClient(vertx).from(source).at(node).create(request);
    }

    private static boolean isRefusal(Throwable e) {
        return e instanceof BerthException known && REFUSALS.contains(known.code());
    }

    /** The node that refused may have made its row first, and is to take it back: the client did nothing wrong, and may try again. */
    private static boolean isClaimed(Throwable e) {
        return e instanceof BerthException known && known.code() == ErrorCode.CONFLICT;
    }
}
