package dev.berth.http.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.access.LinkTokens;
import dev.berth.cluster.ClusterKeys;
import dev.berth.history.OwnerRepository;
import dev.berth.http.oneshot.OneShotKind;
import dev.berth.http.request.RequestIds;
import dev.berth.http.request.SessionLinks;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeCommand.ClusterNode;
import dev.berth.protocol.NodeCommand.NodeStatus;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskId;
import dev.berth.websocket.CloseReason;
import dev.berth.websocket.FrameWriter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.streams.WriteStream;
import io.vertx.junit5.VertxExtension;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes: the client talks to "here", the session is on "there". */
@ExtendWith(VertxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
@Order(1)
class ForwardingTest {
    private static final ClusterKeys KEYS = ClusterKeys.derive("a secret of this test");
    private static final ClusterKeys OTHER_KEYS = ClusterKeys.derive("the secret of a stranger");
    private static final SessionId THEIRS = SessionId.random();
    private static final SessionId MINE = SessionId.random();
    private static final SessionId LOST = SessionId.random();
    private static final SessionId WAITS = SessionId.random();
    private static final TaskId TASK = TaskId.random();
    private static final int MAX_REQUESTS = 10;
    private static final LinkTokens TOKENS = new LinkTokens(new byte[32]);
    private static final Credentials CREDENTIALS =
            new Credentials(key -> Future.succeededFuture(key.equals("a-key")), TOKENS);
    private static final String PATH = "/api/sessions/" + THEIRS;

    private Vertx vertx;
    private Context loop;
    private HttpServer here;
    private HttpServer there;
    private HttpClient client;
    private Forwarding forwarding;
    private final KnownOwners owners = new KnownOwners();
    private volatile List<ClusterNode> living = List.of();
    private volatile Optional<ClusterNode> placement = Optional.empty();
    private volatile boolean linked = true;
    private volatile Handler<HttpServerRequest> answer =
            request -> request.response().end("there");

    @BeforeEach
    void start(Vertx given) throws Exception {
        vertx = given;
        loop = vertx.getOrCreateContext();
        there = await(vertx.createHttpServer(
                        KEYS.server(new HttpServerOptions().setHost("127.0.0.1").setPort(0)))
                .requestHandler(request -> answer.handle(request))
                .listen());
        ClusterNode other = node("there", there.actualPort());
        living = List.of(node("here", 1), other);
        Context context = vertx.getOrCreateContext();
        Promise<HttpServer> listening = Promise.promise();
        context.runOnContext(any -> {
            forwarding = new Forwarding(vertx, neighbours(KEYS), CREDENTIALS, new RequestIds(), MAX_REQUESTS);
            vertx.createHttpServer(new HttpServerOptions()
                            .setHttp2ClearTextEnabled(false)
                            .setHandle100ContinueAutomatically(true))
                    .requestHandler(request -> forwarding.answer(request, ForwardingTest::answerHere))
                    .listen(0, "127.0.0.1")
                    .onComplete(listening);
        });
        here = await(listening.future());
        client = vertx.createHttpClient();
    }

    @AfterEach
    void stop() throws Exception {
        await(client.close());
        await(here.close());
        await(there.close());
    }

    private static ClusterNode node(String id, int port) {
        return new ClusterNode(new NodeStatus(id, 10, 0, 0, 0, 0, 0, "Chrome", true, false), "127.0.0.1", port);
    }

    private Neighbours neighbours(ClusterKeys keys) {
        return new Neighbours(
                "here",
                () -> living,
                MINE::equals,
                owners,
                id -> linked,
                () -> placement,
                new HttpServerOptions(),
                keys.client(new HttpClientOptions()));
    }

    private static final class KnownOwners extends OwnerRepository {
        private final AtomicLong asked = new AtomicLong();

        private KnownOwners() {
            super(null);
        }

        @Override
        public Future<Optional<Owner>> ofSession(SessionId id) {
            asked.incrementAndGet();
            return Future.succeededFuture(
                    Optional.of(new Owner(id.equals(LOST) ? "lost" : "there", id.equals(WAITS), false))
                            .filter(any -> Set.of(LOST, THEIRS, WAITS).contains(id)));
        }

        @Override
        public Future<Optional<Owner>> ofTask(TaskId id) {
            asked.incrementAndGet();
            return Future.succeededFuture(
                    Optional.of(new Owner("there", false, false)).filter(any -> id.equals(TASK)));
        }

        @Override
        public void forget(String id) {
            throw new AssertionError("not called");
        }

        @Override
        public Future<Optional<String>> ofPending(String objectId) {
            asked.incrementAndGet();
            return objectId.equals("broken")
                    ? Future.failedFuture(new BerthException(ErrorCode.UNAVAILABLE, "Postgres is away"))
                    : Future.succeededFuture(Optional.of("there").filter(any -> objectId.equals("pending")));
        }
    }

    private static void answerHere(HttpServerRequest request) {
        request.body().onSuccess(body -> request.response().end("here"));
        request.resume();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** On an event loop: a response that comes before its handlers are set would be lost. */
    private <T> T await(Supplier<Future<T>> work) throws Exception {
        Promise<T> done = Promise.promise();
        loop.runOnContext(now -> work.get().onComplete(done));
        return await(done.future());
    }

    private Future<HttpClientRequest> request(HttpMethod method, String path) {
        return client.request(new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(here.actualPort(), "127.0.0.1"))
                .setHost("berth.example")
                .setPort(80)
                .setMethod(method)
                .putHeader("X-API-Key", "a-key")
                .setURI(path));
    }

    /** Reads the body before the event loop goes on. */
    private static Future<HttpClientResponse> read(HttpClientResponse response) {
        return response.body().map(response);
    }

    private String get(String path) throws Exception {
        return await(() -> request(HttpMethod.GET, path)
                .compose(HttpClientRequest::send)
                .compose(HttpClientResponse::body)
                .map(Buffer::toString));
    }

    @Test
    void requestsGoToTheNodeOfTheirSubject() throws Exception {
        assertThat(get(PATH)).isEqualTo("there");
        assertThat(get("/v1/sessions/" + THEIRS + "/debug")).isEqualTo("there");
        assertThat(get(PATH + "/console?level=error")).isEqualTo("there");
        assertThat(get("/api/agent/" + TASK + "/status")).isEqualTo("there");
        assertThat(get(artifact("pending"))).isEqualTo("there");
        assertThat(get("/api/sessions/" + MINE)).isEqualTo("here");
        assertThat(get("/api/sessions/" + WAITS)).isEqualTo("here");
        assertThat(get("/api/sessions/" + LOST)).isEqualTo("here");
        assertThat(get("/api/sessions/" + SessionId.random())).isEqualTo("here");
        assertThat(get("/api/sessions/nonsense")).isEqualTo("here");
        assertThat(get("/api/sessions")).isEqualTo("here");
        assertThat(get(artifact("stored"))).isEqualTo("here");
        // Here, Postgres would be asked once more.
        assertThat(get(artifact("broken"))).contains("\"unavailable\"", "Postgres is away");
        assertThat(get("/health/ready")).isEqualTo("here");
    }

    private static String artifact(String objectId) {
        return "/artifacts/" + objectId + "?token=" + token(SessionLinks.purpose(objectId));
    }

    private static String token(String purpose) {
        return TOKENS.issue(purpose, 1, Instant.now().plusSeconds(60));
    }

    @Test
    void tokensAreAsGoodAsKeys() throws Exception {
        for (String purpose : List.of(
                SessionLinks.purpose(THEIRS), SessionLinks.livePurpose(THEIRS), SessionLinks.eventsPurpose(THEIRS))) {
            assertThat(get(PATH + "/events?token=" + token(purpose))).isEqualTo("there");
        }
        assertThat(get("/api/agent/" + TASK + "/events?token=a-key")).isEqualTo("there");
    }

    @Test
    void clientsOfWebDriverMayComeToAnyNode() throws Exception {
        placement = Optional.of(living.get(1));
        String driver = THEIRS + "." + token(SessionLinks.purpose(THEIRS));
        String forged = THEIRS + "." + token(SessionLinks.purpose(MINE));
        for (String prefix : List.of("", "/wd/hub")) {
            assertThat(post(prefix + "/session")).isEqualTo("there");
            assertThat(get(prefix + "/status")).isEqualTo("here");
            assertThat(get(prefix + "/session/" + THEIRS + "/title")).isEqualTo("there");
            assertThat(get(prefix + "/session/" + MINE)).isEqualTo("here");
            assertThat(withoutKey(prefix + "/session/" + driver + "/title")).isEqualTo("there");
            assertThat(withoutKey(prefix + "/session/" + driver)).isEqualTo("there");
            assertThat(withoutKey(prefix + "/session/" + forged + "/title")).isEqualTo("here");
            assertThat(withoutKey(prefix + "/session/" + THEIRS + "/title")).isEqualTo("here");
        }
    }

    @Test
    void aLostNodeIsToldInTheFormOfWebDriver() throws Exception {
        placement = Optional.of(living.get(1));
        answer = request -> request.connection().close();
        assertThat(get("/wd/hub/session/" + THEIRS + "/title"))
                .startsWith("{\"value\":{\"error\":\"unknown error\",\"message\":\"node there, which has to answer");
        assertThat(post("/session")).startsWith("{\"value\":{\"error\":\"session not created\",");
        assertThat(get(PATH)).startsWith("{\"error\":{\"code\":\"not_ready\"");
    }

    private String withoutKey(String path) throws Exception {
        return await(() -> request(HttpMethod.GET, path)
                .compose(request -> {
                    request.headers().remove("X-API-Key");
                    return request.send();
                })
                .compose(HttpClientResponse::body)
                .map(Buffer::toString));
    }

    /** They would keep Postgres busy. */
    @Test
    void nothingIsLookedUpForStrangers() throws Exception {
        placement = Optional.of(living.get(1));
        String stranger = "?token=" + token(SessionLinks.purpose(MINE));
        assertThat(get(PATH + stranger)).isEqualTo("here");
        assertThat(get("/api/agent/" + TASK + "/status" + stranger)).isEqualTo("here");
        assertThat(get("/artifacts/pending")).isEqualTo("here");
        assertThat(get("/artifacts/pending" + stranger)).isEqualTo("here");
        assertThat(post("/api/sessions" + stranger)).isEqualTo("here");
        assertThat(owners.asked).hasValue(0);
    }

    @Test
    void newSessionsGoWhereTheyArePlaced() throws Exception {
        assertThat(post("/api/sessions")).isEqualTo("here");
        placement = Optional.of(living.get(1));
        assertThat(post("/api/sessions")).isEqualTo("there");
        assertThat(post("/v1/sessions")).isEqualTo("there");
        assertThat(get("/v1/sessions")).isEqualTo("here");
        for (OneShotKind kind : OneShotKind.values()) {
            assertThat(post("/api/" + kind.name().toLowerCase(Locale.ROOT))).isEqualTo("there");
        }
        for (String path : List.of("/screenshot", "/chromium/pdf", "/chrome/content", "/scrape/")) {
            assertThat(post(path)).isEqualTo("there");
        }
        assertThat(post("/firefox/pdf")).isEqualTo("here");
        assertThat(get("/chromium")).isEqualTo("here");
        placement = Optional.of(living.get(0));
        assertThat(post("/api/sessions/")).isEqualTo("here");
    }

    private String post(String path) throws Exception {
        return await(() -> request(HttpMethod.POST, path)
                .compose(request -> request.send("{}"))
                .compose(HttpClientResponse::body)
                .map(Buffer::toString));
    }

    @ParameterizedTest
    @ValueSource(strings = {"there.abc, there", "here.abc, here", "gone.abc, here", "abc, here"})
    void clientsOfTheModelContextProtocolStayWhereTheyBegan(String given) throws Exception {
        String[] idAndNode = given.split(", ");
        String answered = await(() -> request(HttpMethod.POST, "/mcp")
                .compose(request ->
                        request.putHeader("Mcp-Session-Id", idAndNode[0]).send("{}"))
                .compose(HttpClientResponse::body)
                .map(Buffer::toString));
        assertThat(answered).isEqualTo(idAndNode[1]);
    }

    @Test
    void theOtherNodeSeesTheRequestAsItWasSent() throws Exception {
        List<String> seen = new ArrayList<>();
        answer = request -> request.body().onSuccess(body -> {
            seen.add(request.method() + " " + request.uri() + " " + body);
            seen.add(String.valueOf(request.authority()));
            seen.add(request.getHeader("Authorization"));
            seen.add(request.getHeader("X-Request-Id"));
            seen.add(request.getHeader("Accept-Encoding"));
            request.response()
                    .setStatusCode(422)
                    .putHeader("X-Answer", "a")
                    .putHeader("Connection", "keep-alive")
                    .end("no");
        });
        HttpClientResponse got = await(() -> request(HttpMethod.POST, PATH + "/click?x=%20y")
                .compose(request -> request.putHeader("Authorization", "Bearer a-key")
                        .putHeader("X-Request-Id", "mine")
                        .putHeader("Accept-Encoding", "gzip")
                        .send("{\"selector\":\"#a\"}"))
                .compose(response -> response.body().map(response)));
        assertThat(seen)
                .containsExactly(
                        "POST " + PATH + "/click?x=%20y {\"selector\":\"#a\"}",
                        "berth.example",
                        "Bearer a-key",
                        "mine",
                        null);
        assertThat(got.statusCode()).isEqualTo(422);
        assertThat(got.getHeader("X-Answer")).isEqualTo("a");
        assertThat(got.headers().contains("Connection")).isFalse();
        assertThat(await(got.body()).toString()).isEqualTo("no");
    }

    @Test
    void bodiesOfManyMegabytesPassBothWays() throws Exception {
        int bytes = 20 << 20;
        answer = request -> request.body().onSuccess(body -> request.response().end(body));
        Buffer sent = Buffer.buffer(new byte[bytes]);
        Buffer got = await(() -> request(HttpMethod.POST, PATH + "/upload")
                .compose(request -> request.send(sent))
                .compose(HttpClientResponse::body));
        assertThat(got).isEqualTo(sent);
    }

    @Test
    void theOtherNodeIsNotAskedWhetherTheBodyMayCome() throws Exception {
        answer = request -> request.body()
                .onSuccess(body -> request.response().end(request.getHeader("Expect") + " " + body.length()));
        HttpClientRequest asking = await(() -> request(HttpMethod.POST, PATH + "/upload"));
        asking.putHeader("Expect", "100-continue").putHeader("Content-Length", "5");
        asking.continueHandler(may -> asking.end("12345"));
        asking.sendHead();
        assertThat(await(() -> asking.response().compose(HttpClientResponse::body))
                        .toString())
                .isEqualTo("null 5");
    }

    @Test
    void aRefusalComesBeforeTheBodyHasBeenSent() throws Exception {
        answer = request -> request.response()
                .setStatusCode(413)
                .putHeader("Connection", "close")
                .end("too large");
        HttpClientRequest asking = await(() -> request(HttpMethod.POST, PATH + "/upload"));
        asking.setChunked(true).write("part");
        HttpClientResponse got = await(() -> asking.response().compose(ForwardingTest::read));
        assertThat(got.statusCode()).isEqualTo(413);
        assertThat(await(got.body()).toString()).isEqualTo("too large");
    }

    @Test
    void answersWithoutABodyHaveNone() throws Exception {
        answer = request -> request.response().setStatusCode(204).end();
        assertThat(await(() -> request(HttpMethod.DELETE, PATH).compose(HttpClientRequest::send))
                        .statusCode())
                .isEqualTo(204);
        answer = request -> request.response().putHeader("Content-Length", "7").end();
        HttpClientResponse head = await(() -> request(HttpMethod.HEAD, PATH).compose(HttpClientRequest::send));
        assertThat(head.getHeader("Content-Length")).isEqualTo("7");
        assertThat(get("/api/sessions/" + MINE)).isEqualTo("here");
    }

    @Test
    void aStreamFlowsUntilItsReaderLeaves() throws Exception {
        Promise<HttpServerResponse> opened = Promise.promise();
        CountDownLatch left = new CountDownLatch(1);
        answer = request -> {
            request.response().setChunked(true).closeHandler(closed -> left.countDown());
            request.response().write("data: 1\n\n");
            opened.complete(request.response());
        };
        List<String> got = new ArrayList<>();
        CountDownLatch second = new CountDownLatch(1);
        HttpClientResponse stream = await(() -> request(HttpMethod.GET, PATH + "/events")
                .compose(HttpClientRequest::send)
                .onSuccess(response -> response.handler(chunk -> {
                    got.add(chunk.toString());
                    if (chunk.toString().contains("data: 2")) {
                        second.countDown();
                    }
                })));
        await(opened.future()).write("data: 2\n\n");
        assertThat(second.await(10, TimeUnit.SECONDS)).as("%s", got).isTrue();
        stream.request().connection().close();
        assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aReaderThatTakesNothingHoldsTheSenderUp() throws Exception {
        CountDownLatch full = new CountDownLatch(1);
        answer = request -> {
            HttpServerResponse response = request.response().setChunked(true);
            pump(response, new AtomicLong(), full);
        };
        HttpClientResponse stream = await(() -> request(HttpMethod.GET, PATH + "/events")
                .compose(HttpClientRequest::send)
                .onSuccess(HttpClientResponse::pause));
        assertThat(full.await(20, TimeUnit.SECONDS)).isTrue();
        stream.request().connection().close();
    }

    /** Writes, of a WebSocket a frame without an end, until nothing on the way takes any more for a moment. */
    private void pump(WriteStream<Buffer> to, AtomicLong sent, CountDownLatch full) {
        if (full.getCount() == 0) {
            return;
        }
        if (!to.writeQueueFull()) {
            byte[] bytes = new byte[64 << 10];
            Arrays.fill(bytes, (byte) 0x7f);
            to.write(Buffer.buffer(bytes));
            sent.addAndGet(64 << 10);
            vertx.runOnContext(next -> pump(to, sent, full));
            return;
        }
        long timer = vertx.setTimer(500, late -> full.countDown());
        to.drainHandler(drained -> {
            vertx.cancelTimer(timer);
            vertx.runOnContext(next -> pump(to, sent, full));
        });
    }

    private Future<HttpClientRequest> upgrade(String path) {
        return request(HttpMethod.GET, path)
                .map(request -> request.putHeader("Connection", "Upgrade").putHeader("Upgrade", "websocket"));
    }

    @Test
    void upgradedConnectionsAreJoined() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        answer = request -> {
            request.response()
                    .putHeader("Connection", "Upgrade")
                    .putHeader("Upgrade", "websocket")
                    .putHeader("Sec-WebSocket-Accept", "yes");
            request.toNetSocket().onSuccess(socket -> {
                socket.closeHandler(any -> closed.countDown());
                socket.handler(bytes -> socket.write("echo " + bytes));
                socket.write("hello");
            });
        };
        Buffer got = Buffer.buffer();
        Promise<Void> echoed = Promise.promise();
        HttpClientResponse answered = await(() -> upgrade(PATH + "/cdp")
                .compose(HttpClientRequest::connect)
                .onSuccess(response -> response.netSocket().handler(bytes -> {
                    got.appendBuffer(bytes);
                    if (got.toString().equals("hello")) {
                        response.netSocket().write("frame");
                    } else if (got.toString().equals("helloecho frame")) {
                        echoed.complete();
                    }
                })));
        assertThat(answered.statusCode()).isEqualTo(101);
        assertThat(answered.getHeader("Sec-WebSocket-Accept")).isEqualTo("yes");
        await(echoed.future());
        answered.netSocket().close();
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    /** An upgraded connection with the other node, whose end is given to {@code there}. */
    private NetSocket joined(Handler<NetSocket> there) throws Exception {
        answer = request -> {
            request.response().putHeader("Connection", "Upgrade").putHeader("Upgrade", "websocket");
            request.toNetSocket().onSuccess(there::handle);
        };
        return await(() -> upgrade(PATH + "/cdp")
                .compose(HttpClientRequest::connect)
                .map(response -> response.netSocket().pause()));
    }

    @Test
    void aSocketThatTakesNothingHoldsTheSenderUpAndLosesNothing() throws Exception {
        CountDownLatch full = new CountDownLatch(1);
        AtomicLong sent = new AtomicLong();
        Promise<NetSocket> sender = Promise.promise();
        NetSocket taker = joined(there -> {
            sender.complete(there);
            pump(there, sent, full);
        });
        assertThat(full.await(20, TimeUnit.SECONDS)).isTrue();
        NetSocket there = await(sender.future());
        there.drainHandler(null);
        long got = await(() -> {
            Promise<Long> whole = Promise.promise();
            AtomicLong taken = new AtomicLong();
            taker.handler(bytes -> taken.addAndGet(bytes.length()));
            taker.closeHandler(closed -> whole.complete(taken.get()));
            taker.resume();
            there.close();
            return whole.future();
        });
        assertThat(got).isEqualTo(sent.get());
    }

    @Test
    void joinedConnectionsEndTogether() throws Exception {
        for (boolean clientLeaves : List.of(true, false)) {
            Promise<NetSocket> opened = Promise.promise();
            Promise<Void> ended = Promise.promise();
            NetSocket here = joined(socket -> {
                if (clientLeaves) {
                    socket.closeHandler(ended::tryComplete);
                }
                opened.complete(socket);
            });
            NetSocket there = await(opened.future());
            if (!clientLeaves) {
                await(() -> Future.succeededFuture(
                        here.closeHandler(ended::tryComplete).resume()));
            }
            await((clientLeaves ? here : there).close());
            await(ended.future());
        }
    }

    /** What its client gets of a socket, whose node is lost or dies after it has sent these bytes. */
    private Buffer framesUntilTheLossAfter(Buffer sent, boolean dies) throws Exception {
        Promise<NetSocket> there = Promise.promise();
        NetSocket here = joined(there::complete);
        Buffer got = Buffer.buffer();
        await(there.future()).write(sent);
        return await(() -> {
            Promise<Buffer> over = Promise.promise();
            here.closeHandler(closed -> over.complete(got)).handler(bytes -> {
                got.appendBuffer(bytes);
                if (got.length() == sent.length()) {
                    living = dies ? living : List.of();
                    there.future()
                            .onSuccess(socket -> vertx.runOnContext(now -> {
                                if (dies) {
                                    socket.close();
                                }
                            }));
                }
            });
            here.resume();
            return over.future();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void socketsOfALostNodeAreClosedWithTheReason(boolean dies) throws Exception {
        for (int bytes : List.of(0, 125, 126, 70_000)) {
            living = List.of(node("here", 1), node("there", there.actualPort()));
            Buffer frame = FrameWriter.binaryHeader(bytes).appendBytes(new byte[bytes]);
            CloseReason why = new CloseReason(
                    CloseReason.TRY_AGAIN_LATER, "node there, which has to answer this request, is not responding");
            assertThat(framesUntilTheLossAfter(frame, dies))
                    .isEqualTo(Buffer.buffer().appendBuffer(frame).appendBuffer(FrameWriter.close(why)));
        }
    }

    /** A frame that is not whole would end with the close frame's bytes; and a socket is closed once. */
    @Test
    void socketsAreNotClosedTwiceNorInTheMiddleOfAFrame() throws Exception {
        Buffer whole = FrameWriter.text("some text");
        Buffer closing = FrameWriter.close(new CloseReason(1000, "bye"));
        for (Buffer sent : List.of(whole.getBuffer(0, 1), whole.getBuffer(0, 5), closing)) {
            assertThat(framesUntilTheLossAfter(sent, true)).isEqualTo(sent);
        }
    }

    /** As many as there may be connections, and one more. */
    @Test
    void refusedUpgradesLeaveNoConnectionBehind() throws Exception {
        answer = request -> request.response().setStatusCode(404).end("no");
        for (int i = 0; i <= MAX_REQUESTS; i++) {
            HttpClientResponse refused = await(() ->
                    upgrade(PATH + "/cdp").compose(HttpClientRequest::connect).compose(ForwardingTest::read));
            assertThat(refused.statusCode()).isEqualTo(404);
        }
    }

    @Test
    void onlyWebSocketsAreUpgraded() throws Exception {
        answer = request -> request.response().end(String.valueOf(request.getHeader("Upgrade")));
        assertThat(await(() -> upgrade(PATH)
                                .onSuccess(request -> request.putHeader("Upgrade", "h2c"))
                                .compose(HttpClientRequest::send)
                                .compose(HttpClientResponse::body))
                        .toString())
                .isEqualTo("null");
    }

    @Test
    void aRefusedUpgradeSaysWhy() throws Exception {
        answer = request -> request.response()
                .setStatusCode(410)
                .putHeader("Connection", "close")
                .end("it has ended");
        CountDownLatch closed = new CountDownLatch(1);
        HttpClientResponse refused = await(() -> upgrade(PATH + "/cdp")
                .onSuccess(request -> request.connection().closeHandler(any -> closed.countDown()))
                .compose(HttpClientRequest::connect)
                .compose(ForwardingTest::read));
        assertThat(refused.statusCode()).isEqualTo(410);
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(await(refused.body()).toString()).isEqualTo("it has ended");
    }

    @Test
    void anUpgradeWithABodyIsRefused() throws Exception {
        for (Map.Entry<String, String> header :
                Map.of("Content-Length", "60", "Transfer-Encoding", "chunked").entrySet()) {
            HttpClientResponse refused = await(() -> upgrade(PATH + "/cdp")
                    .map(request -> request.putHeader(header.getKey(), header.getValue()))
                    .compose(HttpClientRequest::connect)
                    .compose(ForwardingTest::read));
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(await(refused.body()).toString()).contains("has no body", header.getKey());
        }
    }

    @Test
    void aConnectionCarriesNothingAfterARefusedUpgrade() throws Exception {
        Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
        answer = request -> {
            connections.add(request.connection());
            request.response().end(String.valueOf(request.getHeader("Content-Length")));
        };
        HttpClientResponse refused = await(() -> upgrade(PATH + "/cdp")
                .map(request -> request.putHeader("Content-Length", "0"))
                .compose(HttpClientRequest::connect)
                .compose(ForwardingTest::read));
        assertThat(await(refused.body()).toString()).isEqualTo("null");
        get(PATH);
        assertThat(connections).hasSize(2);
    }

    @Test
    void aNodeThatCanNotBeConnectedToIsAnsweredFor() throws Exception {
        await(there.close());
        assertThat(get(PATH)).isEqualTo("here");
        placement = Optional.of(living.get(1));
        Buffer made = await(() -> request(HttpMethod.POST, "/api/sessions")
                .compose(request -> request.send("{}"))
                .compose(HttpClientResponse::body));
        assertThat(made.toString()).isEqualTo("here");
    }

    @Test
    void whatOnlyTheNodeCanAnswerIsRefused() throws Exception {
        await(there.close());
        HttpClientResponse refused = await(() -> request(HttpMethod.POST, "/mcp")
                .map(request -> request.putHeader("Mcp-Session-Id", "there.1"))
                .compose(request -> request.send("{}"))
                .compose(ForwardingTest::read));
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(await(refused.body()).toString())
                .contains("\"not_ready\"", "node there, which has to answer this request, is not responding", "true");
    }

    @Test
    void whatWaitsForALostNodeIsTold() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        answer = request -> asked.countDown();
        Future<HttpClientResponse> answered =
                request(HttpMethod.POST, PATH + "/navigate").compose(request -> request.send("{}"));
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        living = List.of();
        assertThat(await(answered).statusCode()).isEqualTo(503);
    }

    @Test
    void whatWaitsForANodeThatCanNotBeReachedIsTold() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        answer = request -> asked.countDown();
        Future<HttpClientResponse> answered =
                request(HttpMethod.POST, PATH + "/navigate").compose(request -> request.send("{}"));
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        linked = false;
        assertThat(await(answered).statusCode()).isEqualTo(503);
    }

    /** What its client gets of a stream of events, whose node is lost after it has sent this. */
    private String eventsUntilTheLossAfter(String sent) throws Exception {
        answer = request -> request.response()
                .setChunked(true)
                .putHeader("Content-Type", "text/event-stream; charset=utf-8")
                .write(sent);
        Buffer got = Buffer.buffer();
        return await(() -> {
            Promise<String> over = Promise.promise();
            request(HttpMethod.GET, PATH + "/events")
                    .compose(HttpClientRequest::send)
                    .onSuccess(stream -> stream.handler(bytes -> {
                                got.appendBuffer(bytes);
                                living = List.of();
                            })
                            .exceptionHandler(e -> over.tryComplete(got + "broken off"))
                            .endHandler(end -> over.tryComplete(got.toString())));
            return over.future();
        });
    }

    @Test
    void streamsOfALostNodeEndWithTheReason() throws Exception {
        assertThat(eventsUntilTheLossAfter("data: 1\n\n"))
                .isEqualTo(
                        "data: 1\n\nevent: error\ndata: {\"code\":\"not_ready\",\"message\":\"node there, which has to answer this"
                                + " request, is not responding: connect again with Last-Event-ID\",\"retryable\":true}\n\n");
    }

    /** An event more would be a part of the one that is not whole, or end that one early. */
    @Test
    void streamsOfALostNodeBreakOffInTheMiddleOfAnEvent() throws Exception {
        assertThat(eventsUntilTheLossAfter("id: 12\ndata: {")).isEqualTo("id: 12\ndata: {broken off");
    }

    @Test
    void streamsWhoseNodeDiesEndWithTheReason() throws Exception {
        answer = request -> request.response()
                .setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .write("data: 1\n\n")
                .onSuccess(sent -> request.connection().close());
        assertThat(get(PATH + "/events")).contains("event: error", "node there");
    }

    @Test
    void strangersAreLetInByNobody() throws Exception {
        HttpClient stranger = vertx.createHttpClient(OTHER_KEYS.client(new HttpClientOptions()));
        HttpClient anonymous = vertx.createHttpClient(
                new HttpClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false));
        for (HttpClient unknown : List.of(stranger, anonymous)) {
            Future<HttpClientResponse> refused = unknown.request(HttpMethod.GET, there.actualPort(), "127.0.0.1", PATH)
                    .compose(HttpClientRequest::send);
            Future<Boolean> failed = refused.transform(done -> Future.succeededFuture(done.failed()));
            assertThat(await(failed).booleanValue()).isTrue();
        }
    }

    /** They share a connection: one that breaks off leaves the others. */
    @Test
    void requestsOfHttp2ArePassedOnToo() throws Exception {
        HttpServer entrance = await(() -> vertx.createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(true))
                .requestHandler(request -> forwarding.answer(request, ForwardingTest::answerHere))
                .listen(0, "127.0.0.1"));
        HttpClient http2 = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false),
                new PoolOptions().setHttp2MaxSize(1));
        RequestOptions request = new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(entrance.actualPort(), "127.0.0.1"))
                .setHost("berth.example")
                .setPort(80)
                .putHeader("X-API-Key", "a-key")
                .setURI(PATH);
        answer = asked -> asked.body()
                .onSuccess(body -> asked.response().end(asked.method() + " " + asked.getHeader("Host") + " " + body));
        String posted = await(() -> http2.request(new RequestOptions(request).setMethod(HttpMethod.POST))
                .compose(post -> {
                    post.setChunked(true).write("of no declared length");
                    post.end(".");
                    return post.response().compose(HttpClientResponse::body);
                })
                .map(Buffer::toString));
        assertThat(posted).isEqualTo("POST berth.example of no declared length.");
        answer = asked -> asked.response()
                .setChunked(true)
                .write("some")
                .onSuccess(sent -> asked.connection().close());
        assertThatThrownBy(() -> await(() ->
                        http2.request(request).compose(HttpClientRequest::send).compose(HttpClientResponse::body)))
                .isNotNull();
        answer = asked -> asked.response().putHeader("Connection", "close").end("there");
        String afterwards = await(() -> http2.request(request)
                .compose(HttpClientRequest::send)
                .compose(HttpClientResponse::body)
                .map(Buffer::toString));
        assertThat(afterwards).isEqualTo("there");
        await(http2.close());
        await(entrance.close());
    }
}
