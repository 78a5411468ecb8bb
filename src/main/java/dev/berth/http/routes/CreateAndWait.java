package dev.berth.http.routes;

import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionAccepted;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.AwaitFirstPage;
import dev.berth.protocol.SessionCommand.AwaitRunning;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.FirstPage;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a session and waits until it runs or is over, {@value #WAIT_MILLIS} ms at the most, and then {@value #PAGE_MILLIS} ms at the most
 * until its first page has come or did not.
 */
final class CreateAndWait {
    private static final Logger log = LoggerFactory.getLogger(CreateAndWait.class);
    private static final long WAIT_MILLIS = 30_000;
    /** An end takes a moment from the refusal of commands to its event. */
    private static final long END_MILLIS = 3_000;

    private static final long PAGE_MILLIS = 3_000;

    private final SessionClient client;
    private final CreateSession command;
    private final Promise<SessionStatus> settled = Promise.promise();
    /** The node that the session ran on, where that is another than the one that accepted it. */
    private Optional<String> ranOn = Optional.empty();

    /** @param navigationError why the page that it was created for did not come, if that is known */
    record Created(SessionAccepted accepted, Optional<String> navigationError) {}

    CreateAndWait(SessionClient client, CreateSession command) {
        this.client = client;
        this.command = command;
    }

    /** Listens before it asks: the session may be over before it can be asked whether it runs. */
    Future<Created> answer() {
        var events = client.events(command.sessionId(), this::hear);
        return events.completion()
                .compose(listening -> client.create(command))
                .compose(accepted -> status(accepted).map(status -> with(status, accepted)))
                .compose(settled -> navigationError(settled).map(error -> new Created(settled, error)))
                .eventually(events::unregister);
    }

    private Future<Optional<String>> navigationError(SessionAccepted session) {
        if (session.status() != SessionStatus.RUNNING || command.initialPrompt().isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        return client.ask(session.sessionId(), new AwaitFirstPage())
                .map(FirstPage::error)
                .timeout(PAGE_MILLIS, TimeUnit.MILLISECONDS)
                .otherwise(Optional.empty());
    }

    private void hear(SessionEvent event) {
        if (event instanceof SessionEvent.SessionEnded ended) {
            settled.tryComplete(ended.status());
        }
    }

    private SessionAccepted with(SessionStatus status, SessionAccepted accepted) {
        return new SessionAccepted(
                accepted.sessionId(),
                status,
                ranOn.orElse(accepted.machineId()),
                accepted.createdAt(),
                accepted.expiresAt());
    }

    private Future<SessionStatus> status(SessionAccepted accepted) {
        return accepted.sessionId().equals(command.sessionId()) ? settled(accepted) : statusNow(accepted);
    }

    /** The session itself tells that it runs; its event comes only when that is kept. */
    private Future<SessionStatus> settled(SessionAccepted accepted) {
        client.ask(accepted.sessionId(), new AwaitRunning())
                .onSuccess(running -> {
                    ranOn = Optional.of(running.machineId());
                    settled.tryComplete(running.status());
                })
                .onFailure(e -> neverRan(accepted.sessionId(), e));
        return settled.future().timeout(WAIT_MILLIS, TimeUnit.MILLISECONDS).otherwise(accepted.status());
    }

    /** The event of its end tells how; that of a session which another node claimed is not heard here. */
    private void neverRan(SessionId id, Throwable e) {
        log.debug("{} does not run: {}", id, e.getMessage());
        settled.future()
                .timeout(END_MILLIS, TimeUnit.MILLISECONDS)
                .recover(unheard -> client.describe(id).map(SessionDescription::status))
                .onSuccess(status -> {
                    if (status.terminal()) {
                        settled.tryComplete(status);
                    }
                })
                .onFailure(unknown -> log.debug("{} {}", id, unknown.getMessage()));
    }

    /** Of the session that an earlier request made. */
    private Future<SessionStatus> statusNow(SessionAccepted accepted) {
        return client.ask(accepted.sessionId(), new DescribeSession())
                .map(SessionDescription::status)
                .recover(e -> ErrorCode.SESSION_NOT_FOUND.isOf(e)
                        ? Future.succeededFuture(accepted.status())
                        : Future.failedFuture(e));
    }
}
