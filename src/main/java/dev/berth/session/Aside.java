package dev.berth.session;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionReply;
import dev.berth.session.machine.SessionInput;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What happens to a session while it is not known whether it stays on its node. Runs on the session's context. */
final class Aside {
    /** Far more than one is asked in the moment that it takes; an outage of Postgres makes it longer. */
    private static final int MAX_COMMANDS = 200;

    private final List<SessionInput> inputs = new ArrayList<>();
    private final List<Runnable> commands = new ArrayList<>();
    private final Promise<Void> stays = Promise.promise();

    /** What its timers, or the end of its node, tell a session that waits: a few. */
    void add(SessionInput input) {
        inputs.add(input);
    }

    /** Asks once it is known; fails with {@link Moved} where the session goes. */
    Future<? extends SessionReply> ask(Supplier<Future<? extends SessionReply>> command) {
        if (commands.size() >= MAX_COMMANDS) {
            return Future.failedFuture(
                    new BerthException(ErrorCode.NOT_READY, "the session changes its node; try again in a moment"));
        }
        Promise<SessionReply> answer = Promise.promise();
        commands.add(() -> command.get().<SessionReply>map(reply -> reply).onComplete(answer));
        stays.future().onFailure(answer::tryFail);
        return answer.future();
    }

    /** All goes on in the order in which it came, commands last. */
    void stays(Consumer<SessionInput> machine) {
        inputs.forEach(machine);
        commands.forEach(Runnable::run);
    }

    void goes(Moved where) {
        stays.fail(where);
    }
}
