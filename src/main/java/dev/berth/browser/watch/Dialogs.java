package dev.berth.browser.watch;

import dev.berth.browser.BrowserListener.Dialog;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.protocol.CdpClientCommand;
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
public final class Dialogs {
    private static final Logger log = LoggerFactory.getLogger(Dialogs.class);

    private final Vertx vertx;
    private final CdpConnection connection;
    private final Pages pages;
    private final Consumer<Dialog> onAnswered;
    /** Those that are left to clients for a while, by session. */
    private final Map<String, Left> left = new HashMap<>();

    /** The sessions of those that are open. */
    private final Set<String> open = new HashSet<>();
    /** Nothing is told yet where it is empty. */
    private Optional<Boolean> accept = Optional.empty();

    private Optional<String> promptText = Optional.empty();
    private Set<String> claimed = Set.of();

    /** @param timer ends the patience with who may answer it */
    private record Left(long timer, JsonObject event) {}

    Dialogs(Vertx vertx, CdpConnection connection, Pages pages, Consumer<Dialog> onAnswered) {
        this.vertx = vertx;
        this.connection = connection;
        this.pages = pages;
        this.onAnswered = onAnswered;
    }

    /** How they are answered from now on. */
    public void answer(boolean acceptAll, Optional<String> text) {
        accept = Optional.of(acceptAll);
        promptText = text;
    }

    /** Of which pages they are clients' to answer; those that are left to one who is gone are answered. */
    public void leaveToClients(Set<String> pageIds) {
        claimed = Set.copyOf(pageIds);
        Map.copyOf(left).forEach((sessionId, dialog) -> {
            if (!isClaimed(sessionId)) {
                vertx.cancelTimer(dialog.timer());
                left.remove(sessionId);
                answer(sessionId, dialog.event());
            }
        });
    }

    private boolean isClaimed(String sessionId) {
        return claimed.contains(pages.idOf(sessionId));
    }

    void opened(String sessionId, JsonObject event) {
        open.add(sessionId);
        if (isClaimed(sessionId)) {
            long timer = vertx.setTimer(CdpClientCommand.DIALOG_PATIENCE_MILLIS, ignored -> {
                left.remove(sessionId);
                answer(sessionId, event);
            });
            left.put(sessionId, new Left(timer, event));
        } else {
            answer(sessionId, event);
        }
    }

    /** Whether one is open: nothing else happens in its page meanwhile. */
    public boolean isOpen(String sessionId) {
        return open.contains(sessionId);
    }

    /** Somebody answered, or the page is gone. */
    void closed(String sessionId) {
        open.remove(sessionId);
        Left dialog = left.remove(sessionId);
        if (dialog != null) {
            vertx.cancelTimer(dialog.timer());
        }
    }

    void stop() {
        left.values().forEach(dialog -> vertx.cancelTimer(dialog.timer()));
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
