package dev.berth.agent.model;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * One request over HTTP, as the SDK's client. The SDK's own client reads without a limit and can't be cancelled. Blocks the
 * thread that executes; {@link #cancel} may be called on any.
 */
final class Exchange implements HttpClient, HttpClientBuilder {
    /** Limit for an answer: bytes. An answer of 32,000 tokens has a quarter. */
    private static final int MAX_BYTES = 2 << 20;

    private final Supplier<java.net.http.HttpClient> connections;
    private final Optional<String> apiKey;
    private final long timeoutMillis;
    private final CompletableFuture<Void> cancelled = new CompletableFuture<>();
    private volatile boolean charged;

    /** @param connections the client of all calls */
    Exchange(Supplier<java.net.http.HttpClient> connections, Optional<String> apiKey, long timeoutMillis) {
        this.connections = connections;
        this.apiKey = apiKey;
        this.timeoutMillis = timeoutMillis;
    }

    /** Whether the provider may charge for the request: it was sent, and not refused. */
    boolean mayBeCharged() {
        return charged;
    }

    void cancel() {
        cancelled.complete(null);
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        charged = true;
        HttpResponse<byte[]> response =
                await(connections.get().sendAsync(plain(request), info -> new BoundedBody(MAX_BYTES)));
        if (response.statusCode() / 100 != 2) {
            charged = false;
            throw Failure.refused(response, apiKey);
        }
        requireJson(response);
        return SuccessfulHttpResponse.builder()
                .statusCode(response.statusCode())
                .headers(response.headers().map())
                .body(response.body())
                .build();
    }

    private java.net.http.HttpRequest plain(HttpRequest request) {
        var plain = java.net.http.HttpRequest.newBuilder(URI.create(request.url()))
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(request.body()));
        request.headers().forEach((name, values) -> values.forEach(value -> plain.header(name, value)));
        return plain.build();
    }

    private HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> answer) {
        // Cancelling what sendAsync returned closes the connection; a dependent of it would not.
        cancelled.thenRun(() -> answer.cancel(true));
        try {
            return answer.get(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw Failure.lasting("The model did not answer within " + timeoutMillis / 1_000 + " s. Try again later.");
        } catch (InterruptedException | CancellationException e) {
            answer.cancel(true);
            throw Failure.cancelled();
        } catch (ExecutionException e) {
            throw broken(e.getCause());
        }
    }

    private Failure broken(Throwable cause) {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e instanceof Failure failure) {
                return failure;
            }
            if (e instanceof ConnectException || e instanceof HttpConnectTimeoutException) {
                charged = false;
                return Failure.passing(
                        "The model can't be reached. Try again later; if it lasts, the administrator needs to check"
                                + " ai.base-url.");
            }
        }
        return Failure.passing("The connection to the model broke. Try again later.");
    }

    private void requireJson(HttpResponse<byte[]> response) {
        for (byte b : response.body()) {
            if (b == '{') {
                return;
            }
            if (!Character.isWhitespace(b)) {
                charged = false;
                String type = response.headers().firstValue("content-type").orElse("something");
                throw Failure.lasting("What answered is no model: it sent "
                        + type.replaceAll("[^\\w/+.-].*", "")
                        + ", not JSON. The administrator needs to check ai.base-url.");
            }
        }
        throw Failure.passing("The model sent an empty answer. Try again later.");
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public HttpClient build() {
        return this;
    }

    @Override
    public Duration connectTimeout() {
        return readTimeout();
    }

    @Override
    public HttpClientBuilder connectTimeout(Duration ignored) {
        return this;
    }

    @Override
    public Duration readTimeout() {
        return Duration.ofMillis(timeoutMillis);
    }

    @Override
    public HttpClientBuilder readTimeout(Duration ignored) {
        return this;
    }
}
