package dev.berth.agent.model;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why one try failed, and whether and when another one may succeed. */
final class Failure extends RuntimeException {
    private static final Logger log = LoggerFactory.getLogger(Failure.class);
    private static final int MAX_CHARS = 500;
    private static final int MAX_SAID_CHARS = 300;
    /** Providers repeat parts of a wrong key. */
    private static final Pattern KEY = Pattern.compile("\\b(?:sk|pk|key|gsk|xai)[-_][\\w*.-]{4,}");

    private static final Pattern LENGTH = Pattern.compile(
            "(?i)context.{0,10}(?:length|window)|too (?:long|many tokens)|maximum.{0,20}tokens|exceeds? the .{0,20}limit");

    private final boolean passing;
    private final long waitMillis;

    private Failure(String message, boolean passing, long waitMillis) {
        super(message.length() > MAX_CHARS ? message.substring(0, MAX_CHARS) + "…" : message, null, false, false);
        this.passing = passing;
        this.waitMillis = waitMillis;
    }

    static Failure lasting(String message) {
        return new Failure(message, false, 0);
    }

    static Failure passing(String message) {
        return new Failure(message, true, 0);
    }

    static Failure cancelled() {
        return lasting("The question to the model was cancelled.");
    }

    static Failure unreadable() {
        return passing("The model's answer could not be read. Try again later.");
    }

    /** For an answer that is not JSON. */
    static Failure noModel(HttpClientResponse response) {
        String type = Optional.ofNullable(response.getHeader("content-type")).orElse("something");
        return lasting("The response is not from a model: it is "
                + type.replaceAll("[^\\w/+.-].*", "")
                + ", not JSON. The administrator needs to check ai.base-url.");
    }

    /** The failure that a try's exception means. Other exceptions come from an answer of another form. */
    static Failure of(Throwable thrown) {
        if (thrown instanceof Failure failure) {
            return failure;
        }
        // The exception's message is not passed on: it quotes what came.
        log.debug("A model's answer could not be read: {}", thrown.getClass().getName());
        return unreadable();
    }

    /** For an answer with a status other than 2xx. */
    static Failure refused(HttpClientResponse response, Buffer body, Optional<String> apiKey) {
        String said = said(body, apiKey);
        String told = "The model answered with status " + response.statusCode() + (said.isEmpty() ? "" : ": " + said);
        return switch (response.statusCode()) {
            case 429, 529 ->
                new Failure(
                        told + ". Its rate limit or quota is reached: try later, or raise the limit at the provider.",
                        true,
                        waitMillis(response));
            case 401, 403 -> lasting(told + ". The administrator needs to check ai.api-key and what it may use.");
            case 404 -> lasting(told + ". The administrator needs to check ai.model and ai.base-url.");
            case 413 -> lasting(told + ". The task's conversation is too long: give it less to do.");
            case 408, 409, 425 -> passing(told + ". Try later.");
            default -> other(response, said, told);
        };
    }

    private static Failure other(HttpClientResponse response, String said, String told) {
        if (response.statusCode() >= 500) {
            return new Failure(told + ". Try later.", true, waitMillis(response));
        }
        if (response.statusCode() == 400 && LENGTH.matcher(said).find()) {
            return lasting(told + ". The task's conversation is too long: give it less to do.");
        }
        return lasting(told + ". The administrator needs to check ai.provider, ai.base-url, ai.model and ai.vision.");
    }

    /** The provider's message: one line without keys. */
    private static String said(Buffer body, Optional<String> apiKey) {
        String said = message(body).replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        if (apiKey.isPresent()) {
            said = said.replace(apiKey.get(), "…");
        }
        said = KEY.matcher(said).replaceAll("…");
        said = said.length() > MAX_SAID_CHARS ? said.substring(0, MAX_SAID_CHARS) + "…" : said;
        return said.replaceAll("\\.+$", "");
    }

    private static String message(Buffer body) {
        try {
            JsonObject json = new JsonObject(body);
            Object error = json.getValue("error", json.getValue("message", json.getValue("detail", "")));
            Object message = error instanceof JsonObject nested ? nested.getValue("message", "") : error;
            return message instanceof String text ? text : "";
        } catch (DecodeException | ClassCastException e) {
            return "";
        }
    }

    /** The pause that the headers ask for: milliseconds. A date counts as none. */
    private static long waitMillis(HttpClientResponse response) {
        Optional<Double> millis = number(response, "retry-after-ms");
        return millis.or(() -> number(response, "retry-after").map(seconds -> seconds * 1_000))
                .map(wait -> (long) Math.max(0, Math.min(wait, 86_400_000)))
                .orElse(0L);
    }

    private static Optional<Double> number(HttpClientResponse response, String header) {
        return Optional.ofNullable(response.getHeader(header))
                .filter(value -> value.matches("\\d{1,9}(\\.\\d{1,9})?"))
                .map(Double::parseDouble);
    }

    boolean passing() {
        return passing;
    }

    /** The pause that the provider asks for, or 0: milliseconds. */
    long waitMillis() {
        return waitMillis;
    }
}
