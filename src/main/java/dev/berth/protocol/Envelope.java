package dev.berth.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.berth.protocol.ActionEntry.ActionSource;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The headers of a message to a session or a node. {@link SessionClient} writes them. They are not authenticated: every
 * verticle on the bus may send any values.
 *
 * @param owner the user for whom the message is sent: to it sessions of other users do not exist
 * @param source who acts; {@link ActionSource#BUS} where the message does not say
 * @param cost what it cost to decide on this command; {@link Cost#NONE} where the message does not say
 * @param page the page on which an action acts; empty for the active one
 * @param reason why an action is done, for the action log
 * @param call the sender's name for an action, to cancel it by
 */
public record Envelope(
        OptionalLong owner,
        ActionSource source,
        Cost cost,
        Optional<String> page,
        Optional<String> reason,
        Optional<String> call) {
    /** The envelope of a message without these headers. */
    public static final Envelope EMPTY = new Envelope(OptionalLong.empty(), ActionSource.BUS, Cost.NONE);

    private static final String OWNER = "owner";
    private static final String SOURCE = "source";
    private static final String COST = "cost";
    private static final String PAGE = "page";
    private static final String REASON = "reason";
    private static final String CALL = "call";
    private static final int MAX_REASON_CHARS = 500;
    private static final int MAX_COST_CHARS = 200;
    private static final int MAX_SHOWN_CHARS = 50;

    public Envelope {
        Require.present(OWNER, owner);
        Require.present(SOURCE, source);
        Require.present(COST, cost);
        Require.present(PAGE, page).ifPresent(id -> Require.id(PAGE, id));
        Require.text(REASON, reason, 1, MAX_REASON_CHARS);
        Require.present(CALL, call).ifPresent(id -> Require.id(CALL, id));
    }

    /** For an action on the active page. */
    public Envelope(OptionalLong owner, ActionSource source, Cost cost) {
        this(owner, source, cost, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public Envelope with(long user) {
        return new Envelope(OptionalLong.of(user), source, cost, page, reason, call);
    }

    Envelope with(ActionSource actor) {
        return new Envelope(owner, actor, cost, page, reason, call);
    }

    Envelope with(Cost price) {
        return new Envelope(owner, source, price, page, reason, call);
    }

    Envelope on(String pageId) {
        return new Envelope(owner, source, cost, Optional.of(pageId), reason, call);
    }

    Envelope because(String why) {
        return new Envelope(owner, source, cost, page, Optional.of(Truncation.cut(why, MAX_REASON_CHARS)), call);
    }

    Envelope calling(String name) {
        return new Envelope(owner, source, cost, page, reason, Optional.of(name));
    }

    /** Throws {@link BerthException} that names the header where one is invalid. */
    public static Envelope of(Message<?> message) {
        return of(message.headers());
    }

    static Envelope of(MultiMap headers) {
        return headers.isEmpty()
                ? EMPTY
                : new Envelope(
                        owner(headers.get(OWNER)),
                        source(headers.get(SOURCE)),
                        cost(headers.get(COST)),
                        Optional.ofNullable(headers.get(PAGE)),
                        Optional.ofNullable(headers.get(REASON)),
                        Optional.ofNullable(headers.get(CALL)));
    }

    public void writeTo(DeliveryOptions options) {
        owner.ifPresent(user -> options.addHeader(OWNER, Long.toString(user)));
        if (source != ActionSource.BUS) {
            options.addHeader(SOURCE, source.wireName());
        }
        if (!cost.equals(Cost.NONE)) {
            options.addHeader(COST, json(cost));
        }
        page.ifPresent(id -> options.addHeader(PAGE, id));
        reason.ifPresent(why -> options.addHeader(REASON, why));
        call.ifPresent(name -> options.addHeader(CALL, name));
    }

    private static OptionalLong owner(String header) {
        try {
            return header == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(header));
        } catch (NumberFormatException e) {
            throw bad(OWNER, "must be the id of a user", header);
        }
    }

    private static ActionSource source(String header) {
        return header == null ? ActionSource.BUS : ProtocolJson.constant(ActionSource.class, header);
    }

    private static Cost cost(String header) {
        if (header == null) {
            return Cost.NONE;
        }
        try {
            // JSON null parses to null.
            Cost told = header.length() > MAX_COST_CHARS ? null : ProtocolJson.MAPPER.readValue(header, Cost.class);
            return Require.present(COST, told);
        } catch (JsonProcessingException | BerthException e) {
            throw bad(COST, "must be {\"usd\",\"inputTokens\",\"outputTokens\"} of numbers from 0", header);
        }
    }

    private static String json(Cost cost) {
        try {
            return ProtocolJson.MAPPER.writeValueAsString(cost);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a cost has no JSON form", e);
        }
    }

    private static BerthException bad(String header, String right, String value) {
        return new BerthException(
                ErrorCode.INVALID_ARGUMENT,
                "the header " + header + " " + right + ", not '" + Truncation.ellipsis(value, MAX_SHOWN_CHARS) + "'");
    }
}
