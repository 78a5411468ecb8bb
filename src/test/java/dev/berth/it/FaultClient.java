package dev.berth.it;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A client of one node, which may be dead. */
final class FaultClient {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    final String url;

    FaultClient(String url) {
        this.url = url;
    }

    /** @param status 0 if there was no answer */
    record Said(int status, String text) {
        boolean good() {
            return status / 100 == 2;
        }

        JsonObject json() {
            return new JsonObject(text);
        }

        String brief() {
            if (status == 0) {
                return text;
            }
            try {
                return status + " " + json().getJsonObject("error").getString("message");
            } catch (DecodeException | NullPointerException e) {
                return status + " " + text.substring(0, Math.min(80, text.length()));
            }
        }
    }

    HttpRequest.Builder at(String path) {
        return HttpRequest.newBuilder(URI.create(url + path));
    }

    Said send(HttpRequest.Builder request, Duration patience) {
        try {
            var answer = HTTP.send(
                    request.timeout(patience)
                            .header("Authorization", "Bearer " + Berth.KEY)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return new Said(answer.statusCode(), answer.body());
        } catch (IOException e) {
            return new Said(0, e.getClass().getSimpleName());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
