package dev.berth.browser.screen;

import dev.berth.browser.Deadline;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.OversizedEvent;
import dev.berth.browser.cdp.CdpConnection.WholeAnswer;
import dev.berth.browser.watch.page.PageTarget;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection on which frames come, and its session of each page that is watched. It is one of its own, opened on first use, so
 * that frames and the eyes' events never wait for one another; Chrome keeps it apart from the screencasts of CDP clients, too.
 */
final class CastConnection {
    private static final Logger log = LoggerFactory.getLogger(CastConnection.class);
    private static final int MAX_FRAME_BYTES = 8 << 20;
    /** A CDP client may hold a new page; Berth does not wait for it for longer than that. */
    private static final long PREPARED_MILLIS = 15_000;

    /** A page whose script does not come to rest gives no picture. Its screencast may show what it scrolls. */
    private static final long PICTURE_MILLIS = 2_000;

    /** Limit for each side of a screencast's picture: pixels. */
    static final int MAX_SIDE = 2_048;

    private static final int TALLEST = 4;
    private static final int QUALITY = 70;
    private static final JsonObject NOTHING = new JsonObject();
    /** A larger page's picture is made smaller. Every frame: the pace is that of the acknowledgements. */
    private static final JsonObject CAST = cast(MAX_SIDE, MAX_SIDE);

    private static final JsonObject PICTURE =
            new JsonObject().put("format", "jpeg").put("quality", QUALITY);

    private final Supplier<Future<CdpConnection>> connect;
    private Optional<Future<CdpConnection>> connection = Optional.empty();
    private final Map<String, CastTarget.Listener> bySession = new HashMap<>();
    private boolean over;

    /** @param connect opens a connection to the browser, on the caller's context */
    CastConnection(Supplier<Future<CdpConnection>> connect) {
        this.connect = connect;
    }

    private static JsonObject cast(int maxWidth, int maxHeight) {
        return new JsonObject()
                .put("format", "jpeg")
                .put("quality", QUALITY)
                .put("maxWidth", maxWidth)
                .put("maxHeight", maxHeight)
                .put("everyNthFrame", 1);
    }

    /** Attaches to a page, once that is watched by the eyes. */
    Future<CastTarget> attach(PageTarget page, CastTarget.Listener listener) {
        return attach(page, listener, CAST);
    }

    /** The same for a screencast whose frames are at most so wide, and at most {@value #TALLEST} times as high as that. */
    Future<CastTarget> attach(PageTarget page, CastTarget.Listener listener, int width) {
        return attach(page, listener, cast(width, TALLEST * width));
    }

    private Future<CastTarget> attach(PageTarget page, CastTarget.Listener listener, JsonObject cast) {
        return page.await(PageTarget::isPrepared, new Deadline(PREPARED_MILLIS))
                .otherwiseEmpty()
                .compose(prepared -> connected())
                .compose(made -> made.send(
                                CdpConnection.BROWSER,
                                "Target.attachToTarget",
                                new JsonObject()
                                        .put("targetId", page.targetId())
                                        .put("flatten", true))
                        .map(attached -> session(made, attached.getString("sessionId"), listener, cast)));
    }

    private CastTarget session(CdpConnection made, String sessionId, CastTarget.Listener listener, JsonObject cast) {
        bySession.put(sessionId, listener);
        return new Session(made, sessionId, cast);
    }

    private Future<CdpConnection> connected() {
        if (over) {
            return Future.failedFuture("the screencasts are over");
        }
        if (connection.isEmpty()) {
            Future<CdpConnection> connecting = connect.get();
            connection = Optional.of(connecting);
            connecting.onSuccess(this::listen).onFailure(e -> connection = Optional.empty());
            return connecting;
        }
        return connection.get();
    }

    private void listen(CdpConnection made) {
        made.onWholeEvent(FrameEvent.METHOD, MAX_FRAME_BYTES, (json, length) -> came(FrameEvent.read(json, length)));
        made.onOversizedEvent(this::lost);
        made.onEvent(event -> {
            if (event.method().equals("Target.detachedFromTarget")) {
                detached(event.params().getString("sessionId"));
            }
        });
        made.closed().onComplete(ended -> forget());
    }

    /** The next attach opens another connection. */
    private void forget() {
        connection = Optional.empty();
        Set.copyOf(bySession.keySet()).forEach(this::detached);
    }

    private void detached(String sessionId) {
        Optional.ofNullable(bySession.remove(sessionId)).ifPresent(CastTarget.Listener::detached);
    }

    private void came(FrameEvent frame) {
        Optional.ofNullable(bySession.get(frame.sessionId())).ifPresent(listener -> listener.came(frame));
    }

    private void lost(OversizedEvent event) {
        if (event.method().equals(FrameEvent.METHOD)) {
            Optional.ofNullable(bySession.get(event.sessionId())).ifPresent(CastTarget.Listener::lost);
        }
    }

    Future<Void> close() {
        over = true;
        bySession.clear();
        return connection
                .map(connecting -> connecting.transform(
                        made -> made.succeeded() ? made.result().close() : Future.<Void>succeededFuture()))
                .orElse(Future.succeededFuture());
    }

    private final class Session implements CastTarget {
        private final CdpConnection made;
        private final String id;
        private final JsonObject cast;

        Session(CdpConnection made, String id, JsonObject cast) {
            this.made = made;
            this.id = id;
            this.cast = cast;
        }

        @Override
        public void start() {
            send(id, "Page.startScreencast", cast);
        }

        @Override
        public void stop() {
            send(id, "Page.stopScreencast", NOTHING);
        }

        @Override
        public void acknowledge(int cast) {
            send(id, "Page.screencastFrameAck", new JsonObject().put("sessionId", cast));
        }

        @Override
        public Future<byte[]> picture() {
            return WholeAnswer.MEMORY.lend(share -> made.sendForAll(
                    id,
                    "Page.captureScreenshot",
                    PICTURE,
                    PICTURE_MILLIS,
                    new WholeAnswer(MAX_FRAME_BYTES, WholeAnswer.TEXT, share),
                    FrameEvent::picture));
        }

        @Override
        public void leave() {
            bySession.remove(id);
            send(CdpConnection.BROWSER, "Target.detachFromTarget", new JsonObject().put("sessionId", id));
        }

        private void send(String sessionId, String method, JsonObject params) {
            made.send(sessionId, method, params)
                    .onFailure(e -> log.debug("{} of a page that may be gone: {}", method, e.getMessage()));
        }
    }

    /** Chrome's screencast of one page. */
    interface CastTarget {
        /** Chrome sends the present picture at once. */
        void start();

        void stop();

        /** @param cast Chrome's number of the screencast. Chrome sends two frames, and then no more before one is acknowledged */
        void acknowledge(int cast);

        /** The page as it is to be seen now, as a JPEG; without a screencast. Fails where the page gives none within seconds. */
        Future<byte[]> picture();

        void leave();

        interface Listener {
            void came(FrameEvent frame);

            /** A frame that was too large, or for which there was no memory. */
            void lost();

            /** Chrome's session of the page is over, which the page need not be. No more is heard of it. */
            void detached();
        }
    }
}
