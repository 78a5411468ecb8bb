package dev.berth.http.webdriver;

import dev.berth.http.request.Authentication;
import dev.berth.http.request.BodyReceiver;
import dev.berth.http.request.DriverTokens;
import dev.berth.http.request.IgnoredFields;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.request.SessionRequest;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.OwnSession;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.webdriver.LiveDriver;
import dev.berth.webdriver.WebDriverSessions;
import dev.berth.webdriver.WebDriverSessions.Made;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** New sessions, commands and ends of sessions, for clients of WebDriver. For any event loop. */
public final class WebDriverApi {
    /** Paths below a session: segments in the characters of a URL, none of which is empty, {@code .} or {@code ..}. */
    private static final Pattern PATH = Pattern.compile("(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._~!$&'()*+,;=:@%-]+)*");

    /** An encoded slash or dot would be a path of its own after chromedriver has decoded it. */
    private static final Pattern DISGUISED = Pattern.compile("%2[eEfF]|%5[cC]|%00");

    private static final int MAX_PATH_CHARS = 4_096;

    /** The path of the socket for CDP, below a session. */
    private static final String SOCKET = "/se/cdp";

    /** The paths of the command that gives the entries of a log, below a session. */
    private static final Set<String> LOGS = Set.of("/log", "/se/log");

    /** The body of that command, for a log of pages. */
    private static final Pattern OTHER_LOG =
            Pattern.compile("\\s*\\{\\s*\"type\"\\s*:\\s*\"(browser|performance)\"\\s*}\\s*");

    private final WebDriverSessions drivers;
    private final SessionClient client;
    private final String machineId;
    private final SessionRequest requests;
    private final SessionLinks links;
    private final Capabilities.Server server;
    private final DriverFiles files;

    /**
     * @param client makes sessions on this node
     * @param server what capabilities are judged by
     * @param files of the sessions
     */
    public WebDriverApi(
            WebDriverSessions drivers,
            SessionClient client,
            String machineId,
            SessionRequest requests,
            SessionLinks links,
            Capabilities.Server server,
            DriverFiles files) {
        this.drivers = drivers;
        this.client = client;
        this.machineId = machineId;
        this.requests = requests;
        this.links = links;
        this.server = server;
        this.files = files;
    }

    void status(RoutingContext ctx) {
        client.describe(machineId)
                .map(node -> GridStatus.of(node, links.base(ctx.request()), server.maxLifetimeMillis()))
                .compose(value -> answer(ctx.response(), value))
                .onFailure(ctx::fail);
    }

    void create(RoutingContext ctx) {
        Capabilities wanted = Capabilities.of(JsonBody.of(ctx), server);
        CreateSession command = command(ctx, wanted);
        SessionClient own = client.as(Authentication.user(ctx));
        OwnSession session = new OwnSession(ctx.vertx(), own, command.sessionId());
        ctx.response().closeHandler(left -> endUnlessAnswered(ctx, session));
        drivers.create(own, session, command, wanted.driver())
                .onSuccess(made -> SessionRequest.logged(ctx, command.sessionId()))
                .compose(made -> new IgnoredFields(wanted.ignored())
                        .tell(own, command.sessionId())
                        .transform(told -> answer(ctx.response(), made(ctx, made, wanted))))
                .onFailure(ctx::fail);
    }

    /** A client that left never learns the session's id. */
    private static void endUnlessAnswered(RoutingContext ctx, OwnSession session) {
        if (!ctx.response().ended()) {
            session.end(EndReason.CLIENT_DISCONNECTED);
        }
    }

    private CreateSession command(RoutingContext ctx, Capabilities wanted) {
        JsonObject body = new JsonObject().put("options", wanted.options()).put("metadata", wanted.metadata());
        wanted.name().ifPresent(name -> body.put("name", name));
        try {
            return requests.read(ctx, body, Optional.empty(), Optional.empty());
        } catch (BerthException e) {
            throw Capabilities.renamed(e);
        }
    }

    private JsonObject made(RoutingContext ctx, Made made, Capabilities wanted) {
        SessionId id = made.session().sessionId();
        String driverId = links.driverId(
                Authentication.key(ctx).keyId(), id, made.session().expiresAt());
        JsonObject value = made.value();
        JsonObject capabilities = value.getJsonObject("capabilities");
        capabilities
                .put("berth:sessionId", id.value())
                .put("se:cdp", links.driverSocketUrl(ctx.request(), driverId, SOCKET))
                .put("se:cdpVersion", capabilities.getString("browserVersion"))
                .mergeIn(wanted.echoed());
        if (capabilities.containsKey(Capabilities.BIDI)) {
            capabilities.put(Capabilities.BIDI, links.driverSocketUrl(ctx.request(), driverId, ""));
        }
        return value.put("sessionId", driverId);
    }

    void command(RoutingContext ctx) {
        long user = Authentication.user(ctx);
        SessionId id =
                DriverTokens.session(ctx.pathParam(DriverTokens.PARAMETER)).orElseThrow(WebDriverApi::unknown);
        String path = below(ctx.request().path());
        drivers.get(client.as(user), id, user)
                .compose(driver -> carryOut(ctx, driver, id, path))
                .onFailure(ctx::fail);
    }

    private Future<?> carryOut(RoutingContext ctx, LiveDriver driver, SessionId id, String path) {
        if (ctx.request().method().equals(HttpMethod.DELETE) && path.isEmpty()) {
            return driver.end(EndReason.CLIENT).compose(over -> answer(ctx.response(), null));
        }
        return OutcomeScript.read(path, BodyReceiver.of(ctx))
                .map(outcome ->
                        client.as(driver.userId()).ask(id, outcome).compose(told -> answer(ctx.response(), null)))
                .orElseGet(() -> pass(ctx, driver, id, path));
    }

    private Future<Void> pass(RoutingContext ctx, LiveDriver driver, SessionId id, String path) {
        if (DriverFiles.has(path)) {
            return driver.use(() -> files.answer(ctx, id, path));
        }
        if (LOGS.contains(path) && isOfDriver(BodyReceiver.of(ctx))) {
            throw BerthException.invalid("type: '" + Capabilities.DRIVER_LOG
                    + "' is chromedriver's own log, which Berth keeps to itself; browser and performance are there");
        }
        typed(ctx.response());
        return driver.pass(ctx.request().method(), path, BodyReceiver.of(ctx), ctx.response());
    }

    /** Whether a command for the entries of a log may be for chromedriver's own: whatever does not plainly name another one. */
    private static boolean isOfDriver(Buffer body) {
        return !OTHER_LOG.matcher(body.toString()).matches();
    }

    private static BerthException unknown() {
        return new BerthException(ErrorCode.SESSION_NOT_FOUND, "you have no session with this id");
    }

    /** The part of a request's path below the session. Throws where Berth has no such command. */
    static String below(String whole) {
        String path = whole.replaceFirst("^(?:/wd/hub)?/session/[^/]*", "").replaceFirst("/$", "");
        if (path.length() > MAX_PATH_CHARS
                || !PATH.matcher(path).matches()
                || DISGUISED.matcher(path).find()) {
            throw new BerthException(ErrorCode.NOT_FOUND, "WebDriver has no such command");
        }
        if (path.equals(SOCKET)) {
            throw BerthException.invalid("/se/cdp is a WebSocket: connect a client of CDP to it");
        }
        return path;
    }

    static Future<Void> answer(HttpServerResponse response, Object value) {
        return typed(response).end(new JsonObject().put("value", value).toBuffer());
    }

    /** Uncompressed, as pictures are most of the bytes. */
    static HttpServerResponse typed(HttpServerResponse response) {
        return response.putHeader("Content-Type", "application/json; charset=utf-8")
                .putHeader("Cache-Control", "no-cache")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Content-Encoding", "identity");
    }
}
