package dev.berth.webdriver;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.websocket.CloseReason;
import dev.berth.websocket.SocketUse;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.NetSocket;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's WebSocket for WebDriver BiDi. Bytes pass unread between the client and the session's chromedriver, each as fast as the other
 * takes them: chromedriver limits messages, answers pings, and judges frames. The end of the session, and of either end, closes both. On
 * the event loop of the client.
 */
public final class BidiClient implements SocketUse {
    private static final Logger log = LoggerFactory.getLogger(BidiClient.class);
    private static final int MAX_UNWRITTEN_BYTES = 1 << 20;

    private final LiveDriver driver;
    private final Promise<Void> over = Promise.promise();
    private Optional<NetSocket> toDriver = Optional.empty();
    private boolean left;

    public BidiClient(LiveDriver driver) {
        this.driver = driver;
    }

    @Override
    public Future<Void> open() {
        return driver.openBidi().compose(socket -> {
            if (left) {
                socket.close();
                return Future.failedFuture(new BerthException(ErrorCode.CONFLICT, "the client left"));
            }
            toDriver = Optional.of(socket);
            return Future.succeededFuture();
        });
    }

    @Override
    public void abandon() {
        left = true;
        toDriver.ifPresent(NetSocket::close);
    }

    @Override
    public Future<Void> start(NetSocket client) {
        NetSocket chromedriver = toDriver.orElseThrow();
        pass(client, chromedriver, driver::used);
        pass(chromedriver, client, () -> {});
        chromedriver.resume();
        return over.future();
    }

    private void pass(NetSocket from, NetSocket to, Runnable onBytes) {
        to.setWriteQueueMaxSize(MAX_UNWRITTEN_BYTES).drainHandler(drained -> from.resume());
        from.handler(chunk -> {
                    onBytes.run();
                    // An end that closed before its handler was set does not report it again.
                    to.write(chunk).onFailure(e -> from.close());
                    if (to.writeQueueFull()) {
                        from.pause();
                    }
                })
                .exceptionHandler(e -> log.debug("a client of BiDi: {}", e.toString()))
                .closeHandler(closed -> {
                    to.close();
                    over.tryComplete();
                });
    }

    /** No close frame tells the reason, as it might stand in the middle of another frame; the session tells. */
    @Override
    public Future<Void> stop(CloseReason reason) {
        abandon();
        return over.future();
    }
}
