package dev.berth.http.routes;

import dev.berth.history.ApiKey;
import dev.berth.http.request.Answers;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.Coalesced;
import dev.berth.http.request.RequestIds;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionId;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;

/**
 * {@code GET /api/sessions/:id} of a live session, which clients ask over and over: past the router, and those that come
 * while the session is asked get its next answer together. What is not plainly that, or does not go well, is the router's.
 */
public final class LiveReads {
    private static final String PATH = "/api/sessions/";

    private final Coalesced<Question, Buffer> answers;
    private final Authentication authentication;
    private final RequestIds requestIds;

    private record Question(long user, SessionId id) {}

    public LiveReads(SessionClient client, Authentication authentication, RequestIds requestIds) {
        this.answers = new Coalesced<>(question -> client.as(question.user())
                .ask(question.id(), new DescribeSession())
                .map(Answers::encode));
        this.authentication = authentication;
        this.requestIds = requestIds;
    }

    /** @param otherwise answers what is not answered here */
    public void answer(HttpServerRequest request, Handler<HttpServerRequest> otherwise) {
        Optional<SessionId> id = id(request);
        Optional<ApiKey> key = id.flatMap(session -> authentication.known(Authentication.key(request)));
        if (key.isEmpty()) {
            otherwise.handle(request);
            return;
        }
        // The router reads on where it is asked: it must not have missed a body.
        request.pause();
        answers.ask(new Question(key.get().userId(), id.get()))
                .onSuccess(body -> send(request, body))
                .onFailure(e -> otherwise.handle(request));
    }

    private static Optional<SessionId> id(HttpServerRequest request) {
        return request.method() == HttpMethod.GET && request.uri().startsWith(PATH)
                ? SessionId.parse(request.uri().substring(PATH.length()))
                : Optional.empty();
    }

    private void send(HttpServerRequest request, Buffer body) {
        request.resume();
        HttpServerResponse response = request.response();
        response.putHeader(RequestIds.HEADER, requestIds.of(request));
        Answers.send(response, 200, body);
    }
}
