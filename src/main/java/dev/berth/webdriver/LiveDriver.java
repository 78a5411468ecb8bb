package dev.berth.webdriver;

import dev.berth.browser.WebDrivers.Driver;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CdpClientCommand.RecordCdpActions;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.OwnSession;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionStatus.EndReason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chromedriver of one session, and the session's end: whichever of session, driver and idle time-out ends first ends the rest. For any
 * event loop; ends on the context that made it.
 */
public final class LiveDriver {
    private static final Logger log = LoggerFactory.getLogger(LiveDriver.class);
    private static final String SESSION = "/session";
    private static final long BEGIN_SECONDS = 60;
    /** Requests of a client that are under way; chromedriver carries out one at a time. */
    static final int MAX_UNDER_WAY = 16;

    /** Limit for a command, before its driver is asked whether it is alive: a busy one answers at once. */
    private static final long DOUBT_NANOS = TimeUnit.SECONDS.toNanos(15);

    private static final long PROBE_SECONDS = 10;

    /** Limit for answers that are read for the action log; pages decide how much there is to find. Longer ones pass unread. */
    private static final int MAX_READ_BYTES = 256 << 10;

    /** The command that types into an element; into a file input, it types paths. */
    private static final String KEYS = "POST /element/value";

    /** In chromedriver's errors: of its own, and of the policy of CDP clients. */
    private static final Pattern OF_FILES = Pattern.compile("File not found|read files of your machine");

    private static final BerthException NO_FILES = BerthException.invalid(
            "a file input takes no path of the server: let your client send the file (LocalFileDetector, or setFileDetector)");

    /** Any 16 bytes: chromedriver's answer is not checked. */
    private static final String SOCKET_KEY = "QmVydGggYW5kIEJpRGkuLg==";

    private static final Pattern PATH = Pattern.compile("(?<![\\w.])/[^\\s\"'`,;()\\[\\]<>]+");

    private final Context context;
    private final HttpClientAgent http;
    private final Driver driver;
    private final OwnSession session;
    private final SessionClient client;
    private final FailedCommands failures;
    private final long userId;
    private final long idleNanos;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final AtomicBoolean probing = new AtomicBoolean();
    private final Promise<Void> over = Promise.promise();
    /** When the driver was last known to be alive, or has begun to work after a rest. */
    private volatile long aliveAtNanos = System.nanoTime();

    private volatile long usedAtNanos = System.nanoTime();
    private volatile String id = "";
    private volatile boolean bidi;

    /**
     * @param client with the rights of the session's user
     * @param idleMillis ends the session where no request has come for so long
     */
    LiveDriver(
            Context context,
            HttpClientAgent http,
            Driver driver,
            OwnSession session,
            SessionClient client,
            long userId,
            long idleMillis) {
        this.context = context;
        this.http = http;
        this.driver = driver;
        this.session = session;
        this.client = client;
        this.failures = new FailedCommands(this::record);
        this.userId = userId;
        this.idleNanos = TimeUnit.MILLISECONDS.toNanos(idleMillis);
    }

    /** The owner of the session. */
    public long userId() {
        return userId;
    }

    /** A client uses the session in another way than by commands: the session's idle time begins anew. */
    public void used() {
        usedAtNanos = System.nanoTime();
    }

    /** Completes when session and driver have ended, and nothing of them is left. */
    Future<Void> over() {
        return over.future();
    }

    /** Has the driver begin its own session, with the Chrome of this one; gives its answer. */
    Future<JsonObject> begin(JsonObject capabilities) {
        JsonObject chrome = capabilities.getJsonObject("goog:chromeOptions");
        // Chrome's real command line is Berth's; this argument alone makes the driver speak CDP over a pipe.
        chrome.put("binary", driver.chrome()).put("args", new JsonArray().add("--remote-debugging-pipe"));
        JsonObject wanted = new JsonObject().put("capabilities", new JsonObject().put("alwaysMatch", capabilities));
        return ask(HttpMethod.POST, SESSION, wanted.toBuffer())
                .compose(answer -> answer.body().map(body -> begun(answer.statusCode(), body)))
                .timeout(BEGIN_SECONDS, TimeUnit.SECONDS);
    }

    private JsonObject begun(int status, Buffer body) {
        JsonObject value = new JsonObject(body).getJsonObject("value");
        if (status != 200) {
            throw refused(value);
        }
        id = value.getString("sessionId");
        JsonObject capabilities = value.getJsonObject("capabilities");
        bidi = capabilities.containsKey("webSocketUrl");
        // Clients offer what is Chrome's alone by this name, whichever build of Chrome it is.
        capabilities.put("browserName", "chrome");
        capabilities.remove("goog:processID");
        capabilities.getJsonObject("chrome", new JsonObject()).remove("userDataDir");
        // WebdriverIO offers the commands of Chrome only where the answer has this; what chromedriver tells here is its
        // port.
        capabilities.put("goog:chromeOptions", new JsonObject());
        return new JsonObject().put("capabilities", capabilities);
    }

    /** Users must not learn the folders of this machine. */
    private static BerthException refused(JsonObject value) {
        String message = PATH.matcher(value.getString("message", "")).replaceAll("…");
        boolean argument = "invalid argument".equals(value.getString("error"));
        return new BerthException(
                argument ? ErrorCode.INVALID_ARGUMENT : ErrorCode.UPSTREAM, "chromedriver: " + message);
    }

    /** A session that is ending may miss an entry, which does no harm. */
    private void record(ActionEntry entry) {
        client.ask(session.id(), new RecordCdpActions(List.of(entry)))
                .onFailure(e -> log.debug("{}: {}", session.id(), e.getMessage()));
    }

    /**
     * Passes a command on, and chromedriver's answer to {@code response}, as it comes.
     *
     * @param path below {@code /session/ID}, as it stands in a URL; empty or with a slash at its beginning
     */
    public Future<Void> pass(HttpMethod method, String path, Buffer body, HttpServerResponse response) {
        return use(() -> passOn(method, path, body, response));
    }

    /** Carries out a client's command, which keeps the session from its idle time-out. Fails where too many are under way. */
    public <T> Future<T> use(Supplier<Future<T>> command) {
        int before = underWay.getAndIncrement();
        if (before >= MAX_UNDER_WAY) {
            underWay.decrementAndGet();
            return Future.failedFuture(new BerthException(
                    ErrorCode.LIMIT_REACHED, MAX_UNDER_WAY + " commands of this session are already under way"));
        } else if (before == 0) {
            aliveAtNanos = System.nanoTime();
        }
        return Future.succeededFuture().compose(now -> command.get()).onComplete(done -> {
            aliveAtNanos = System.nanoTime();
            usedAtNanos = System.nanoTime();
            underWay.decrementAndGet();
        });
    }

    private Future<Void> passOn(HttpMethod method, String path, Buffer body, HttpServerResponse response) {
        boolean closesWindow = method.equals(HttpMethod.DELETE) && path.equals("/window");
        Future<HttpClientResponse> asked = ask(method, SESSION + "/" + id + path, body);
        DriverCommand command = DriverCommand.of(method, path, body);
        Instant start = Instant.now();
        return closesWindow
                ? closed(asked, response)
                : asked.recover(e -> Future.failedFuture(gone()))
                        .compose(answer -> answered(command, start, answer, response));
    }

    private Future<Void> answered(
            DriverCommand command, Instant start, HttpClientResponse answer, HttpServerResponse response) {
        boolean failed = answer.statusCode() >= 400;
        boolean refusedKeys = failed && command.name().equals(KEYS);
        if (!failed && !command.finds() || !refusedKeys && bytes(answer) > MAX_READ_BYTES) {
            context.runOnContext(now -> failures.succeeded(command, Buffer.buffer()));
            return answer(answer, response);
        }
        return answer.body().compose(body -> {
            // chromedriver looks for a file before it asks Chrome: neither the answer nor the log may tell which files
            // this machine has.
            boolean ofFiles = refusedKeys && OF_FILES.matcher(body.toString()).find();
            context.runOnContext(now -> {
                if (failed) {
                    String error = ofFiles ? NO_FILES.getMessage() : FailedCommands.error(body);
                    failures.failed(command, error, start, Instant.now());
                } else {
                    failures.succeeded(command, body);
                }
            });
            return ofFiles
                    ? Future.failedFuture(NO_FILES)
                    : response.setStatusCode(answer.statusCode()).end(body);
        });
    }

    /** The length of an answer, which chromedriver gives with each; a long one where it does not. */
    private static long bytes(HttpClientResponse answer) {
        String length = answer.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? Long.MAX_VALUE : Long.parseLong(length);
    }

    /** The session is over with its last window, and its end may come before the driver's answer. */
    private Future<Void> closed(Future<HttpClientResponse> asked, HttpServerResponse response) {
        return asked.compose(answer -> {
                    response.setStatusCode(answer.statusCode());
                    return answer.body();
                })
                .recover(e -> ending.get()
                        ? Future.succeededFuture(Buffer.buffer("{\"value\":[]}"))
                        : Future.failedFuture(gone()))
                .compose(body -> (isLastWindow(body) ? end(EndReason.CLIENT) : Future.succeededFuture())
                        .transform(ended -> response.end(body)));
    }

    private static BerthException gone() {
        return new BerthException(ErrorCode.SESSION_ENDED, "chromedriver has ended, and the session with it");
    }

    /** A connection to the driver's WebSocket for WebDriver BiDi, paused, from where on both speak in frames. */
    Future<NetSocket> openBidi() {
        if (!bidi) {
            return Future.failedFuture(BerthException.invalid(
                    "this session has no WebDriver BiDi: ask for it with the capability webSocketUrl, true"));
        }
        return http.request(to(HttpMethod.GET, SESSION + "/" + id))
                .compose(request -> quiet(request)
                        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE)
                        .putHeader(HttpHeaders.UPGRADE, "websocket")
                        .putHeader("Sec-WebSocket-Version", "13")
                        .putHeader("Sec-WebSocket-Key", SOCKET_KEY)
                        .connect())
                .recover(e -> Future.failedFuture(gone()))
                // The driver refuses where it has ended its session, by which Berth ends, too.
                .compose(answer -> answer.statusCode() == 101
                        ? Future.succeededFuture(answer.netSocket().pause())
                        : Future.failedFuture(gone()));
    }

    /** The future tells of errors, too; without a handler they would count as errors of the server. */
    private static HttpClientRequest quiet(HttpClientRequest request) {
        return request.exceptionHandler(e -> log.debug("a chromedriver: {}", e.toString()));
    }

    private RequestOptions to(HttpMethod method, String uri) {
        return new RequestOptions()
                .setServer(driver.http())
                .setHost("localhost")
                .setPort(80)
                .setMethod(method)
                .setURI(uri);
    }

    private Future<HttpClientResponse> ask(HttpMethod method, String uri, Buffer body) {
        return http.request(to(method, uri)).compose(request -> {
            if (body.length() > 0) {
                request.putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8");
            }
            return quiet(request).send(body);
        });
    }

    private static Future<Void> answer(HttpClientResponse answer, HttpServerResponse response) {
        response.setStatusCode(answer.statusCode());
        String length = answer.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null) {
            response.setChunked(true);
        } else {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, length);
        }
        return answer.pipeTo(response);
    }

    private static boolean isLastWindow(Buffer body) {
        try {
            return new JsonObject(body).getValue("value") instanceof JsonArray left && left.isEmpty();
        } catch (DecodeException e) {
            return false;
        }
    }

    /** Ends the session of a client that sends nothing any more, and of a driver that does not answer. To be called every few seconds. */
    void check() {
        long now = System.nanoTime();
        if (underWay.get() == 0 && now - usedAtNanos > idleNanos) {
            end(EndReason.IDLE_TIMEOUT);
        } else if (underWay.get() > 0 && now - aliveAtNanos > DOUBT_NANOS && probing.compareAndSet(false, true)) {
            probe().onSuccess(alive -> aliveAtNanos = System.nanoTime())
                    .onFailure(e -> end(EndReason.DRIVER_CRASHED))
                    .onComplete(done -> probing.set(false));
        }
    }

    /** The driver has left its Chrome. One that lives does so when a client ends the session by {@code session.end} of BiDi. */
    void leftChrome() {
        if (!ending.get()) {
            probe().onSuccess(alive -> end(EndReason.CLIENT)).onFailure(e -> end(EndReason.DRIVER_CRASHED));
        }
    }

    private Future<Buffer> probe() {
        return ask(HttpMethod.GET, "/status", Buffer.buffer())
                .compose(HttpClientResponse::body)
                .timeout(PROBE_SECONDS, TimeUnit.SECONDS);
    }

    /** Ends session and driver. Completes when both are over; never fails. */
    public Future<Void> end(EndReason reason) {
        if (ending.compareAndSet(false, true)) {
            context.runOnContext(now -> {
                failures.flush();
                Future.join(session.end(reason), driver.end())
                        .<Void>mapEmpty()
                        .otherwiseEmpty()
                        .onComplete(over);
            });
        }
        return over.future();
    }
}
