package dev.berth.browser.watch.network;

import dev.berth.browser.BrowserRoutes;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import dev.berth.browser.watch.network.Routes.Route;
import dev.berth.protocol.AddRoute;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.RouteEntry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Holds requests of all pages, frames and workers of a browser before they are sent, those of CDP clients too: as few as its logins and
 * routes need, and none where there are none. It is the last one to be asked: where a client intercepts a page's requests itself, Chrome
 * asks here once the client let the request go on. Lives on the browser's context.
 */
public final class Interception implements BrowserRoutes {
    /** A page may send any number: those beyond are not delayed. */
    private static final int MAX_DELAYED = 1_000;
    /** Memory that a header takes besides its texts, as characters of two bytes. */
    private static final int PAIR_CHARS = 200;

    private final Vertx vertx;
    private final CdpConnection connection;
    private final HttpLogins logins;
    private final NetworkTracker network;
    private final AddedHeaders headers;
    private final Supplier<Future<Void>> renewal;
    private final Routes routes = new Routes();
    private final LargeAnswers largeAnswers;
    private int delayed;

    /**
     * @param headers hides what routes add
     * @param renewal makes Chrome ask about the requests of documents and workers that run already
     */
    public Interception(
            Vertx vertx,
            CdpConnection connection,
            HttpLogins logins,
            NetworkTracker network,
            AddedHeaders headers,
            Supplier<Future<Void>> renewal) {
        this.vertx = vertx;
        this.connection = connection;
        this.logins = logins;
        this.network = network;
        this.headers = headers;
        this.renewal = renewal;
        this.largeAnswers = new LargeAnswers(connection);
    }

    /** To be called before there is a page that loads something. */
    public Future<?> start() {
        return logins.isEmpty() ? Future.succeededFuture() : hold();
    }

    @Override
    public Future<RouteEntry> add(AddRoute rule) {
        boolean first = routes.isEmpty();
        Route route = routes.add(rule);
        headers.hide(rule.setHeaders().keySet());
        return hold().compose(held -> first ? renewal.get() : Future.succeededFuture())
                .onFailure(e -> routes.remove(route.entry().routeId()))
                .map(done -> route.entry());
    }

    @Override
    public Future<Void> remove(String routeId) {
        return routes.remove(routeId)
                ? hold().mapEmpty()
                : Future.failedFuture(new BerthException(ErrorCode.NOT_FOUND, "the session has no route " + routeId));
    }

    @Override
    public List<RouteEntry> list() {
        return routes.list();
    }

    private Future<?> hold() {
        JsonArray patterns = logins.patterns().addAll(routes.patterns());
        return patterns.isEmpty()
                ? connection.send(CdpConnection.BROWSER, "Fetch.disable", new JsonObject())
                : connection.send(
                        CdpConnection.BROWSER,
                        "Fetch.enable",
                        new JsonObject().put("patterns", patterns).put("handleAuthRequests", !logins.isEmpty()));
    }

    /** {@code Fetch.authRequired}. */
    public void asked(CdpEvent event) {
        answer("Fetch.continueWithAuth", logins.answer(event));
    }

    /** {@code Fetch.requestPaused} of the browser's session. */
    public void paused(CdpEvent event) {
        JsonObject params = event.params();
        JsonObject request = params.getJsonObject("request");
        Optional<String> preflight = preflight(request);
        String method = preflight.orElse(request.getString("method", ""));
        routes.find(request.getString("url", ""), method, params.getString("resourceType", ""))
                .ifPresentOrElse(
                        route -> apply(route, params, request, preflight.isPresent()),
                        () -> pass(params, new JsonObject()));
    }

    /** The method that a CORS preflight asks for. */
    private static Optional<String> preflight(JsonObject request) {
        return request.getString("method", "").equals("OPTIONS")
                ? header(request, "access-control-request-method")
                : Optional.empty();
    }

    private static Optional<String> header(JsonObject request, String name) {
        JsonObject all = request.getJsonObject("headers", new JsonObject());
        return all.fieldNames().stream()
                .filter(each -> each.toLowerCase(Locale.ROOT).equals(name))
                .map(all::getString)
                .findFirst();
    }

    private void apply(Route route, JsonObject params, JsonObject request, boolean preflight) {
        network.routed(params.getString("networkId", ""), request.getString("url", ""), route.applied());
        AddRoute rule = route.rule();
        switch (rule.action()) {
            case BLOCK -> fail(params, "BlockedByClient");
            case FAIL -> fail(params, rule.error().orElseThrow().cdpName());
            case MOCK -> mock(params, request, rule, preflight);
            case CONTINUE -> change(params, request, rule, preflight);
            case DELAY -> delay(params, preflight ? 0 : rule.delay().orElseThrow());
        }
        if (!preflight && routes.use(route)) {
            hold().otherwiseEmpty();
        }
    }

    private void fail(JsonObject params, String reason) {
        answer("Fetch.failRequest", request(params).put("errorReason", reason));
    }

    private void mock(JsonObject params, JsonObject request, AddRoute mock, boolean preflight) {
        boolean open = mock.headers().keySet().stream().noneMatch("access-control-allow-origin"::equalsIgnoreCase);
        Optional<String> origin = open ? header(request, "origin") : Optional.empty();
        if (preflight) {
            answer("Fetch.fulfillRequest", permission(request, origin).mergeIn(request(params)));
        } else {
            JsonObject answered = request(params);
            sendLarge(params, 0, () -> answer("Fetch.fulfillRequest", answered.mergeIn(mocked(mock, origin))));
        }
    }

    private static JsonObject mocked(AddRoute mock, Optional<String> origin) {
        JsonArray pairs = new JsonArray();
        mock.headers().forEach((name, value) -> pairs.add(pair(name, value)));
        origin.ifPresent(from -> allow(from, pairs));
        return new JsonObject()
                .put("responseCode", mock.status().orElseThrow())
                .put("responseHeaders", pairs)
                .put("body", mock.bodyBase64().orElseThrow());
    }

    private static JsonObject permission(JsonObject preflight, Optional<String> origin) {
        JsonArray pairs = new JsonArray();
        origin.ifPresent(from -> allow(from, pairs));
        pairs.add(pair("access-control-allow-methods", preflight(preflight).orElse("*")));
        header(preflight, "access-control-request-headers")
                .ifPresent(names -> pairs.add(pair("access-control-allow-headers", names)));
        return new JsonObject()
                .put("responseCode", 204)
                .put("responseHeaders", pairs)
                .put("body", "");
    }

    private void sendLarge(JsonObject params, long headerChars, Runnable answer) {
        if (!largeAnswers.send(headerChars, answer)) {
            fail(params, "Failed");
        }
    }

    /** Without these, scripts of another origin could not read what a mock says. */
    private static void allow(String origin, JsonArray pairs) {
        pairs.add(pair("access-control-allow-origin", origin));
        pairs.add(pair("access-control-allow-credentials", "true"));
        pairs.add(pair("vary", "Origin"));
    }

    private static JsonObject pair(String name, String value) {
        return new JsonObject().put("name", name).put("value", value);
    }

    /** Chrome takes all headers or none. A redirect that follows does not take them along: it is held on its own. */
    private void change(JsonObject params, JsonObject request, AddRoute rule, boolean preflight) {
        if (preflight) {
            pass(params, new JsonObject());
            return;
        }
        JsonObject answered = request(params);
        JsonArray kept = kept(request.getJsonObject("headers", new JsonObject()), rule);
        sendLarge(params, chars(kept), () -> {
            rule.setHeaders().forEach((name, value) -> kept.add(pair(name, value)));
            answer("Fetch.continueRequest", answered.put("headers", kept));
        });
    }

    private static JsonArray kept(JsonObject sent, AddRoute rule) {
        JsonArray pairs = new JsonArray();
        for (String name : sent.fieldNames()) {
            // Chrome adds the cookies that hold when it sends the request.
            if (!name.equalsIgnoreCase("cookie")
                    && rule.setHeaders().keySet().stream().noneMatch(name::equalsIgnoreCase)
                    && rule.removeHeaders().stream().noneMatch(name::equalsIgnoreCase)) {
                pairs.add(pair(name, sent.getString(name)));
            }
        }
        return pairs;
    }

    private static long chars(JsonArray pairs) {
        return pairs.stream()
                .map(JsonObject.class::cast)
                .mapToLong(pair -> PAIR_CHARS
                        + pair.getString("name").length()
                        + pair.getString("value").length())
                .sum();
    }

    private void delay(JsonObject params, int millis) {
        if (millis == 0 || delayed >= MAX_DELAYED) {
            pass(params, new JsonObject());
            return;
        }
        delayed++;
        vertx.setTimer(millis, over -> {
            delayed--;
            pass(params, new JsonObject());
        });
    }

    private void pass(JsonObject params, JsonObject changes) {
        answer("Fetch.continueRequest", request(params).mergeIn(changes));
    }

    private static JsonObject request(JsonObject params) {
        return new JsonObject().put("requestId", params.getString("requestId"));
    }

    /** Is refused where the request is over already, or where Chrome does not take an answer: nothing may wait for ever. */
    private void answer(String method, JsonObject params) {
        connection
                .send(CdpConnection.BROWSER, method, params)
                .recover(refused -> connection.send(
                        CdpConnection.BROWSER,
                        "Fetch.failRequest",
                        request(params).put("errorReason", "Failed")))
                .otherwiseEmpty();
    }
}
