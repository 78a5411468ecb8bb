package dev.berth.http.routes;

import dev.berth.access.ApiKey;
import dev.berth.http.request.Answers;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.Coalesced;
import dev.berth.http.request.Problem;
import dev.berth.http.request.RequestIds;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.routes.SessionView.Reader;
import dev.berth.protocol.BerthException;
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
 * Fast path for {@code GET /api/sessions/:id} of a live session, which clients poll: it bypasses the router, and requests that
 * arrive while the session is being asked share the next answer. Every other request, and every failure, is left to the router.
 */
public final class SessionFastPath {
    private static final String PATH = "/api/sessions/";

    private final Coalesced<Question, Buffer> answers;
    private final Authentication authentication;
    private final SessionLinks links;
    private final RequestIds requestIds;

    private record Question(ApiKey key, String base, SessionId id) {}

    public SessionFastPath(
            SessionClient client, Authentication authentication, SessionLinks links, RequestIds requestIds) {
        this.answers = new Coalesced<>(question -> client.as(question.key().userId())
                .ask(question.id(), new DescribeSession())
                .map(session -> Answers.encode(
                        new Reader(links, question.base(), question.key().keyId()).view(session))));
        this.links = links;
        this.authentication = authentication;
        this.requestIds = requestIds;
    }

    /** @param otherwise handles the request where this does not */
    public void answer(HttpServerRequest request, Handler<HttpServerRequest> otherwise) {
        Optional<SessionId> id = id(request);
        Optional<ApiKey> key = id.flatMap(session -> authentication.known(Authentication.key(request)))
                // Its requests are counted on the way to the router.
                .filter(known -> known.limits().requestsPerSecond().isEmpty());
        if (key.isEmpty()) {
            otherwise.handle(request);
            return;
        }
        // The router may read the body later: none of it must be lost meanwhile.
        request.pause();
        answers.ask(new Question(key.get(), links.base(request), id.get()))
                .onSuccess(body -> send(request, body))
                .onFailure(e -> refused(request, e, otherwise));
    }

    /**
     * The router answers for a session that is not live, by its row. After a failure that may pass, the router would only wait as long
     * once more, so the client is told at once.
     */
    private void refused(HttpServerRequest request, Throwable e, Handler<HttpServerRequest> otherwise) {
        if (e instanceof BerthException known && known.code().retryable()) {
            request.resume();
            request.response().putHeader(RequestIds.HEADER, requestIds.of(request));
            Problem.refuse(request, known);
        } else {
            otherwise.handle(request);
        }
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
