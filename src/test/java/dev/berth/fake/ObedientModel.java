package dev.berth.fake;

import dev.berth.agent.model.PromptMessage.ToolCall;
import dev.berth.fake.ScriptedModelServer.Request;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A model that does whatever a page tells it to, one order after another, and then calls its last tool. */
public final class ObedientModel implements ModelAnswer {
    private static final Pattern ORDER = Pattern.compile("obey:([A-Za-z0-9_-]+):");

    private static final AtomicInteger ORDERS = new AtomicInteger();

    private final ToolCall last;
    private final Set<String> obeyed = ConcurrentHashMap.newKeySet();

    public ObedientModel(ToolCall last) {
        this.last = last;
    }

    /** The text that a page shows to have this done once. */
    public static String order(String tool, JsonObject arguments) {
        String call = new JsonObject()
                .put("order", ORDERS.incrementAndGet())
                .put("tool", tool)
                .put("arguments", arguments)
                .encode();
        return "obey:" + Base64.getUrlEncoder().withoutPadding().encodeToString(call.getBytes(StandardCharsets.UTF_8))
                + ":";
    }

    @Override
    public void send(Request request, HttpServerResponse response) {
        ToolCall next = ORDER.matcher(request.body().encode())
                .results()
                .map(MatchResult::group)
                .filter(obeyed::add)
                .findFirst()
                .map(ObedientModel::call)
                .orElse(last);
        ModelAnswer.calls(next).send(request, response);
    }

    private static ToolCall call(String order) {
        String call = order.substring(order.indexOf(':') + 1, order.length() - 1);
        JsonObject wished = new JsonObject(new String(Base64.getUrlDecoder().decode(call), StandardCharsets.UTF_8));
        return ModelAnswer.call(wished.getString("tool"), wished.getJsonObject("arguments"));
    }

    /** How many orders it has followed. */
    public int obeyed() {
        return obeyed.size();
    }
}
