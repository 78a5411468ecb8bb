package dev.berth.http.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.Truncation;
import io.netty.buffer.ByteBufInputStream;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Parses the body of a request: one JSON object in UTF-8, of limited depth and number of parts, which the client chooses, with no
 * duplicate keys, since two readers could see different values.
 */
public final class JsonBody implements Handler<RoutingContext> {
    private static final String JSON_OBJECT = "berth.json";
    /** Limit for bodies that are parsed on the event loop: bytes. */
    private static final int MAX_BYTES_HERE = 16 << 10;
    /** Limit for the parts of a usual body: enough for 1,000 cookies, the most that the contract allows, with all of their fields. */
    public static final int USUAL_MAX_PARTS = 20_100;
    /** For what a browser has stored. Each takes some 100 bytes of memory. */
    public static final int MANY_PARTS = 200_000;

    private static final int MAX_DEPTH = 64;
    private static final int MAX_NUMBER_CHARS = 100;
    private static final int MAX_SHOWN_CHARS = 200;

    private final int maxParts;
    private final JsonFactory json;

    public JsonBody() {
        this(USUAL_MAX_PARTS);
    }

    public JsonBody(int maxParts) {
        this.maxParts = maxParts;
        this.json = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxTokenCount(maxParts)
                        .maxNumberLength(MAX_NUMBER_CHARS)
                        .maxStringLength(Integer.MAX_VALUE)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                // Otherwise every name that a client makes up stays in memory.
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .build();
    }

    /** The body; {@code {}} where the request has none. */
    public static JsonObject of(RoutingContext ctx) {
        JsonObject body = ctx.get(JSON_OBJECT);
        return body == null ? new JsonObject() : body;
    }

    /** The elements of a list, which the contract allows texts only. */
    public static List<String> texts(JsonArray of) {
        return of.stream().map(String.class::cast).toList();
    }

    @Override
    public void handle(RoutingContext ctx) {
        Buffer body = BodyReceiver.of(ctx);
        if (body.length() == 0) {
            ctx.next();
            return;
        }
        (body.length() > MAX_BYTES_HERE
                        ? ctx.vertx().executeBlocking(() -> parse(body))
                        : Future.succeededFuture(body).map(this::parse))
                .onSuccess(parsed -> {
                    ctx.put(JSON_OBJECT, parsed);
                    ctx.next();
                })
                .onFailure(ctx::fail);
    }

    /** The fields of an object, which the contract allows texts only. */
    public static Map<String, String> texts(JsonObject of) {
        return of.stream().collect(Collectors.toMap(Map.Entry::getKey, field -> (String) field.getValue()));
    }

    /** Throws {@link BerthException} that says what is wrong. */
    JsonObject parse(Buffer body) {
        // Jackson itself would accept UTF-16 and UTF-32, too.
        InputStreamReader text = new InputStreamReader(
                new ByteBufInputStream(((BufferInternal) body).getByteBuf().duplicate()),
                StandardCharsets.UTF_8.newDecoder());
        try {
            if (JacksonCodec.fromParser(json.createParser(text), Object.class) instanceof JsonObject object) {
                return object;
            }
            throw noObject();
        } catch (DecodeException e) {
            throw explain(e.getCause());
        } catch (IOException e) {
            throw explain(e);
        }
    }

    private static BerthException noObject() {
        return Validation.invalid("the body must be one JSON object, and nothing else");
    }

    private BerthException explain(Throwable e) {
        if (e == null) {
            return noObject();
        } else if (e instanceof StreamConstraintsException) {
            return Validation.invalid("the body has more than " + maxParts + " parts, is nested deeper than "
                    + MAX_DEPTH + ", or has a number of more than " + MAX_NUMBER_CHARS
                    + " digits or a key that is too long");
        } else if (e instanceof JsonParseException parse
                && parse.getOriginalMessage().startsWith("Duplicate field")) {
            return Validation.invalid(
                    "the body has a duplicate key: " + Truncation.cut(parse.getOriginalMessage(), MAX_SHOWN_CHARS));
        }
        return new BerthException(
                ErrorCode.INVALID_ARGUMENT,
                "the body is not well-formed JSON in UTF-8",
                "put names and strings in \"…\"; in a shell, put the body in '…'");
    }
}
