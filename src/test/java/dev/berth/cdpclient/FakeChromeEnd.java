package dev.berth.cdpclient;

import dev.berth.cdpclient.command.CdpMessage;
import dev.berth.cdpclient.command.CommandText;
import io.vertx.core.Future;
import java.util.Optional;

/** A connection to a Chrome that takes everything and says nothing; a test overrides what it is about. */
class FakeChromeEnd implements ChromeEnd {
    @Override
    public String targetId() {
        return "";
    }

    @Override
    public void start(Listener listener) {}

    @Override
    public boolean owns(String sessionId) {
        return true;
    }

    @Override
    public boolean send(CdpMessage message, CommandText text) {
        return true;
    }

    @Override
    public void pointed(String pageId, double x, double y, boolean pressed) {}

    @Override
    public Future<Void> uses(String pageId) {
        return Future.succeededFuture();
    }

    @Override
    public Optional<String> failure(String url) {
        return Optional.empty();
    }

    @Override
    public Optional<String> serverAddress(String url) {
        return Optional.empty();
    }

    @Override
    public boolean flush() {
        return false;
    }

    @Override
    public boolean isFull() {
        return false;
    }

    @Override
    public long unwrittenBytes() {
        return 0;
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void close() {}
}
