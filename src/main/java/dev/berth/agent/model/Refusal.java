package dev.berth.agent.model;

import static dev.berth.agent.model.ModelException.Kind.OVERLOADED;
import static dev.berth.agent.model.ModelException.Kind.REFUSED;
import static dev.berth.agent.model.ModelException.Kind.TOO_LONG;
import static dev.berth.agent.model.ModelException.Kind.UNREACHABLE;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads an answer with a status other than 2xx. */
final class Refusal {
    private static final int MAX_CHARS = 300;
    /** Providers repeat parts of a wrong key. */
    private static final Pattern KEY = Pattern.compile("\\b(?:sk|pk|key|gsk|xai)[-_][\\w*.-]{4,}");

    private static final Pattern LENGTH = Pattern.compile(
            "(?i)context.{0,10}(?:length|window)|too (?:long|many tokens)|maximum.{0,20}tokens|exceeds? the .{0,20}limit");

    private Refusal() {}

    static Failure of(HttpResponse<byte[]> response, Optional<String> apiKey) {
        String said = said(response.body(), apiKey);
        String told = "The model answered with status " + response.statusCode() + (said.isEmpty() ? "" : ": " + said);
        return switch (response.statusCode()) {
            case 429, 529 ->
                Failure.passing(
                        OVERLOADED,
                        told + ". Its rate limit or quota is reached: try later, or raise the limit at the provider.",
                        waitMillis(response));
            case 401, 403 ->
                Failure.lasting(REFUSED, told + ". The administrator needs to check ai.api-key and what it may use.");
            case 404 -> Failure.lasting(REFUSED, told + ". The administrator needs to check ai.model and ai.base-url.");
            case 413 -> Failure.lasting(TOO_LONG, told + ". The task's conversation is too long: give it less to do.");
            case 408, 409, 425 -> Failure.passing(UNREACHABLE, told + ". Try later.");
            default -> other(response, said, told);
        };
    }

    private static Failure other(HttpResponse<byte[]> response, String said, String told) {
        if (response.statusCode() >= 500) {
            return Failure.passing(UNREACHABLE, told + ". Try later.", waitMillis(response));
        }
        if (response.statusCode() == 400 && LENGTH.matcher(said).find()) {
            return Failure.lasting(TOO_LONG, told + ". The task's conversation is too long: give it less to do.");
        }
        return Failure.lasting(
                REFUSED, told + ". The administrator needs to check ai.provider, ai.base-url, ai.model and ai.vision.");
    }

    /** The provider's message: one line without keys. */
    private static String said(byte[] body, Optional<String> apiKey) {
        String said = message(body).replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        if (apiKey.isPresent()) {
            said = said.replace(apiKey.get(), "…");
        }
        said = KEY.matcher(said).replaceAll("…");
        said = said.length() > MAX_CHARS ? said.substring(0, MAX_CHARS) + "…" : said;
        return said.replaceAll("\\.+$", "");
    }

    private static String message(byte[] body) {
        try {
            JsonObject json = new JsonObject(Buffer.buffer(body));
            Object error = json.getValue("error", json.getValue("message", json.getValue("detail", "")));
            Object message = error instanceof JsonObject nested ? nested.getValue("message", "") : error;
            return message instanceof String text ? text : "";
        } catch (DecodeException | ClassCastException e) {
            return "";
        }
    }

    /** Seconds only: a date is as good as none. */
    private static long waitMillis(HttpResponse<byte[]> response) {
        Optional<Double> millis = number(response, "retry-after-ms");
        return millis.or(() -> number(response, "retry-after").map(seconds -> seconds * 1_000))
                .map(wait -> (long) Math.max(0, Math.min(wait, 86_400_000)))
                .orElse(0L);
    }

    private static Optional<Double> number(HttpResponse<byte[]> response, String header) {
        return response.headers()
                .firstValue(header)
                .filter(value -> value.matches("\\d{1,9}(\\.\\d{1,9})?"))
                .map(Double::parseDouble);
    }
}
