package dev.berth.browser;

import dev.berth.browser.BrowserListener.Dialog;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers JavaScript dialogs: one that nobody answers would hang its page for ever. */
final class Dialogs {
    private static final Logger log = LoggerFactory.getLogger(Dialogs.class);
    /** A CDP client may want to answer it itself. */
    private static final long PATIENCE_WITH_CLIENTS_MILLIS = 5_000;

    private final Vertx vertx;
    private final CdpConnection connection;
    private final Pages pages;
    private final Consumer<Dialog> onAnswered;
    /** Those that are left to clients for a while, by session. */
    private final Map<String, Long> left = new HashMap<>();

    /** The sessions of those that are open. */
    private final Set<String> open = new HashSet<>();
    /** Nothing is told yet where it is empty. */
    private Optional<Boolean> accept = Optional.empty();

    private Optional<String> promptText = Optional.empty();
    private boolean leftToClients;

    Dialogs(Vertx vertx, CdpConnection connection, Pages pages, Consumer<Dialog> onAnswered) {
        this.vertx = vertx;
        this.connection = connection;
        this.pages = pages;
        this.onAnswered = onAnswered;
    }

    /** How they are answered from now on. */
    void answer(boolean acceptAll, Optional<String> text) {
        accept = Optional.of(acceptAll);
        promptText = text;
    }

    /** Whether somebody is connected who may answer them. */
    void leaveToClients(boolean connected) {
        leftToClients = connected;
    }

    void opened(String sessionId, JsonObject event) {
        open.add(sessionId);
        if (leftToClients) {
            left.put(sessionId, vertx.setTimer(PATIENCE_WITH_CLIENTS_MILLIS, ignored -> {
                left.remove(sessionId);
                answer(sessionId, event);
            }));
        } else {
            answer(sessionId, event);
        }
    }

    /** Whether one is open: nothing else happens in its page meanwhile. */
    boolean isOpen(String sessionId) {
        return open.contains(sessionId);
    }

    /** Somebody answered, or the page is gone. */
    void closed(String sessionId) {
        open.remove(sessionId);
        Long timer = left.remove(sessionId);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }

    void stop() {
        left.values().forEach(vertx::cancelTimer);
        left.clear();
    }

    private void answer(String sessionId, JsonObject event) {
        boolean leaving = "beforeunload".equals(event.getString("type"));
        // Whoever sends a page elsewhere means it, until told otherwise.
        boolean accepted = accept.orElse(leaving);
        JsonObject parameters = new JsonObject().put("accept", accepted);
        if (accepted && "prompt".equals(event.getString("type"))) {
            parameters.put("promptText", promptText.orElse(event.getString("defaultPrompt", "")));
        }
        connection
                .send(sessionId, "Page.handleJavaScriptDialog", parameters)
                .onSuccess(done -> onAnswered.accept(new Dialog(
                        pages.idOf(sessionId),
                        event.getString("type"),
                        event.getString("message", ""),
                        event.getString("url", ""),
                        accepted)))
                .onFailure(e -> log.debug("dialog was already answered: {}", e.getMessage()));
    }
}
