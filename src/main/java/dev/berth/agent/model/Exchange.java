package dev.berth.agent.model;

import dev.berth.loop.LoopPromise;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.Optional;

/** One request to a provider, within a time and a size. Lives on the context that asks. */
final class Exchange {
    /** Limit for an answer: bytes. An answer of 32,000 tokens has a quarter. */
    private static final int MAX_BYTES = 2 << 20;

    private final HttpClient client;
    private final Optional<String> apiKey;
    private final Promise<Buffer> answer;
    private Optional<HttpClientRequest> sent = Optional.empty();
    private boolean charged;

    Exchange(Vertx vertx, HttpClient client, Optional<String> apiKey, long timeoutMillis) {
        this.client = client;
        this.apiKey = apiKey;
        answer = LoopPromise.here(vertx);
        long timer = vertx.setTimer(
                timeoutMillis,
                id -> end(Failure.lasting(
                        "The model did not answer within " + timeoutMillis / 1_000 + " s. Try again later.")));
        answer.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    /** Whether the provider may charge for the request: it was sent, and not refused. */
    boolean mayBeCharged() {
        return charged;
    }

    void cancel() {
        end(Failure.cancelled());
    }

    /** Fails, and closes the connection, by which the provider notices. */
    private void end(Failure failure) {
        answer.tryFail(failure);
        sent.ifPresent(HttpClientRequest::reset);
    }

    /** Sends, unless the exchange is cancelled. Gives the body of a 2xx answer that begins as JSON does; fails with {@link Failure}. */
    Future<Buffer> send(RequestOptions options, Buffer body) {
        if (!answer.future().isComplete()) {
            client.request(options)
                    .onSuccess(connected -> send(connected, body))
                    .onFailure(e -> end(unreachable()));
        }
        return answer.future();
    }

    private void send(HttpClientRequest connected, Buffer body) {
        sent = Optional.of(connected);
        if (answer.future().isComplete()) {
            connected.reset();
            return;
        }
        charged = true;
        connected.send(body).onSuccess(this::receive).onFailure(e -> end(broken()));
    }

    private void receive(HttpClientResponse response) {
        Buffer body = Buffer.buffer();
        response.exceptionHandler(e -> end(broken()));
        response.handler(part -> {
            if (body.length() + part.length() <= MAX_BYTES) {
                body.appendBuffer(part);
            } else {
                end(Failure.lasting("The model's answer is longer than " + (MAX_BYTES >> 20)
                        + " MiB. The administrator needs to check ai.base-url."));
            }
        });
        response.endHandler(end -> judge(response, body));
    }

    private void judge(HttpClientResponse response, Buffer body) {
        if (response.statusCode() / 100 != 2) {
            charged = false;
            answer.tryFail(Failure.refused(response, body, apiKey));
        } else if (body.toString().isBlank()) {
            answer.tryFail(Failure.passing("The model sent an empty answer. Try again later."));
        } else if (!body.toString().stripLeading().startsWith("{")) {
            charged = false;
            answer.tryFail(Failure.noModel(response));
        } else {
            answer.tryComplete(body);
        }
    }

    private static Failure unreachable() {
        return Failure.passing(
                "The model can't be reached. Try again later; if it lasts, the administrator needs to check"
                        + " ai.base-url.");
    }

    private static Failure broken() {
        return Failure.passing("The connection to the model broke. Try again later.");
    }
}
