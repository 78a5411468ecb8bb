package dev.berth.webdriver;

import dev.berth.browser.WebDrivers.Driver;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.OwnSession;
import dev.berth.protocol.SessionStatus.EndReason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
    private static final int MAX_UNDER_WAY = 16;

    /** The command that types into an element; into a file input, it types paths. */
    private static final Pattern KEYS = Pattern.compile("/element/[^/]+/value");

    /** In chromedriver's errors: of its own, and of the policy of CDP clients. */
    private static final Pattern OF_FILES = Pattern.compile("File not found|read files of your machine");

    private static final BerthException NO_FILES = BerthException.invalid(
            "a file input takes no path: give it files with Berth's verb upload on the same session");

    private static final Pattern PATH = Pattern.compile("(?<![\\w.])/[^\\s\"'`,;()\\[\\]<>]+");

    private final Context context;
    private final HttpClientAgent http;
    private final Driver driver;
    private final OwnSession session;
    private final long userId;
    private final long idleNanos;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final Promise<Void> over = Promise.promise();
    private volatile long usedAtNanos = System.nanoTime();
    private volatile String id = "";

    /** @param idleMillis ends the session where no request has come for so long */
    LiveDriver(Context context, HttpClientAgent http, Driver driver, OwnSession session, long userId, long idleMillis) {
        this.context = context;
        this.http = http;
        this.driver = driver;
        this.session = session;
        this.userId = userId;
        this.idleNanos = TimeUnit.MILLISECONDS.toNanos(idleMillis);
    }

    long userId() {
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
        // Clients offer what is Chrome's alone by this name, whichever build of Chrome it is.
        capabilities.put("browserName", "chrome");
        capabilities.remove("goog:processID");
        capabilities.getJsonObject("chrome", new JsonObject()).remove("userDataDir");
        return new JsonObject().put("capabilities", capabilities);
    }

    /** Users must not learn the folders of this machine. */
    private static BerthException refused(JsonObject value) {
        String message = PATH.matcher(value.getString("message", "")).replaceAll("…");
        boolean argument = "invalid argument".equals(value.getString("error"));
        return new BerthException(
                argument ? ErrorCode.INVALID_ARGUMENT : ErrorCode.UPSTREAM, "chromedriver: " + message);
    }

    /**
     * Passes a command on, and chromedriver's answer to {@code response}, as it comes.
     *
     * @param path below {@code /session/ID}, as it stands in a URL; empty or with a slash at its beginning
     */
    public Future<Void> pass(HttpMethod method, String path, Buffer body, HttpServerResponse response) {
        if (underWay.incrementAndGet() > MAX_UNDER_WAY) {
            underWay.decrementAndGet();
            return Future.failedFuture(new BerthException(
                    ErrorCode.LIMIT_REACHED, MAX_UNDER_WAY + " commands of this session are already under way"));
        }
        boolean closesWindow = method.equals(HttpMethod.DELETE) && path.equals("/window");
        Future<HttpClientResponse> asked = ask(method, SESSION + "/" + id + path, body);
        return (closesWindow
                        ? closed(asked, response)
                        : asked.recover(e -> Future.failedFuture(gone()))
                                .compose(answer -> answer.statusCode() >= 400
                                                && KEYS.matcher(path).matches()
                                        ? refusedKeys(answer, response)
                                        : answer(answer, response)))
                .onComplete(done -> {
                    usedAtNanos = System.nanoTime();
                    underWay.decrementAndGet();
                });
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

    /** chromedriver looks for a file before it asks Chrome: a client must not learn which files this machine has. */
    private static Future<Void> refusedKeys(HttpClientResponse answer, HttpServerResponse response) {
        return answer.body()
                .compose(body -> OF_FILES.matcher(body.toString()).find()
                        ? Future.failedFuture(NO_FILES)
                        : response.setStatusCode(answer.statusCode()).end(body));
    }

    private static BerthException gone() {
        return new BerthException(ErrorCode.SESSION_ENDED, "chromedriver has ended, and the session with it");
    }

    private Future<HttpClientResponse> ask(HttpMethod method, String uri, Buffer body) {
        return http.request(new RequestOptions()
                        .setServer(driver.http())
                        .setHost("localhost")
                        .setPort(80)
                        .setMethod(method)
                        .setURI(uri))
                .compose(request -> {
                    // The future tells, too; without a handler it would count as an error of the server.
                    request.exceptionHandler(e -> log.debug("a chromedriver: {}", e.toString()));
                    if (body.length() > 0) {
                        request.putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8");
                    }
                    return request.send(body);
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

    void endIfIdle() {
        if (underWay.get() == 0 && System.nanoTime() - usedAtNanos > idleNanos) {
            end(EndReason.IDLE_TIMEOUT);
        }
    }

    /** Ends session and driver. Completes when both are over; never fails. */
    public Future<Void> end(EndReason reason) {
        if (ending.compareAndSet(false, true)) {
            context.runOnContext(now -> Future.join(session.end(reason), driver.end())
                    .<Void>mapEmpty()
                    .otherwiseEmpty()
                    .onComplete(over));
        }
        return over.future();
    }
}
