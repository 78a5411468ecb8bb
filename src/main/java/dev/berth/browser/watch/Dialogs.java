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

/** Answers JavaScript dialogs, which block their page until they are answered. Lives on the browser's context. */
public final class Dialogs {
    private static final Logger log = LoggerFactory.getLogger(Dialogs.class);

    private final Vertx vertx;
    private final CdpConnection connection;
    private final Pages pages;
    private final Consumer<Dialog> onAnswered;
    /** The dialogs that are left to CDP clients for a while, by session. */
    private final Map<String, Left> left = new HashMap<>();

    /** The sessions with an open dialog. */
    private final Set<String> open = new HashSet<>();
    /** Empty until {@link #answer} has been called. */
    private Optional<Boolean> accept = Optional.empty();

    private Optional<String> promptText = Optional.empty();
    private Set<String> claimed = Set.of();

    /** @param timer answers the dialog if no client does in time */
    private record Left(long timer, JsonObject event) {}

    Dialogs(Vertx vertx, CdpConnection connection, Pages pages, Consumer<Dialog> onAnswered) {
        this.vertx = vertx;
        this.connection = connection;
        this.pages = pages;
        this.onAnswered = onAnswered;
    }

    /** Sets how dialogs are answered from now on. */
    public void answer(boolean acceptAll, Optional<String> text) {
        accept = Optional.of(acceptAll);
        promptText = text;
    }

    /** Sets the pages whose dialogs CDP clients answer; open dialogs of other pages are answered at once. */
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

    /** Whether the page has an open dialog, and so does nothing else. */
    public boolean isOpen(String sessionId) {
        return open.contains(sessionId);
    }

    /** The dialog was answered, or the page is gone. */
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
        // Without a setting, pages may be left: a client that navigates means it.
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
