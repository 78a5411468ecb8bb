package dev.berth.example;

import dev.berth.protocol.CreateSession;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Replies to each URL that is sent to {@code titles} with the title of its page, by a session of its own. */
public final class TitleService extends VerticleBase {
    private SessionClient client;

    @Override
    public Future<?> start() {
        client = new SessionClient(vertx);
        return vertx.eventBus()
                .<String>consumer(
                        "titles",
                        ask -> title(ask.body()).onSuccess(ask::reply).onFailure(e -> ask.fail(500, e.getMessage())))
                .completion();
    }

    private Future<String> title(String url) {
        return client.create(CreateSession.ofDefaults())
                .compose(accepted -> client.whenRunning(accepted.sessionId()))
                .compose(running -> title(running.sessionId(), url));
    }

    private Future<String> title(SessionId session, String url) {
        return client.ask(session, new Navigate(url)).map(page -> page.title()).eventually(() -> client.end(session));
    }
}
