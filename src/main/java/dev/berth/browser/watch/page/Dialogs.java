package dev.berth.browser.watch.page;

import dev.berth.browser.BrowserListener.Dialog;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.protocol.CdpClientCommand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
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
    /** The dialogs that are left to CDP clients or people for a while, by session. */
    private final Map<String, PendingDialog> left = new LinkedHashMap<>();

    /** Chrome's event of each open dialog, by session. */
    private final Map<String, JsonObject> open = new LinkedHashMap<>();

    private final List<Runnable> onChange = new ArrayList<>();
    /** Whether people see dialogs and can answer them, and whether a verb runs, which waits for nobody. */
    private boolean attended;

    private BooleanSupplier verbRuns = () -> false;
    /** Empty until {@link #answer} has been called. */
    private Optional<Boolean> accept = Optional.empty();

    private Optional<String> promptText = Optional.empty();
    private Set<String> claimed = Set.of();

    /**
     * A dialog that waits for an answer.
     *
     * @param type {@code alert}, {@code confirm}, {@code prompt} or {@code beforeunload}
     */
    public record Open(String pageId, String type, String message, String defaultPrompt) {}

    /** @param timer answers the dialog if nobody does in time */
    private record PendingDialog(long timer, JsonObject event) {}

    public Dialogs(Vertx vertx, CdpConnection connection, Pages pages, Consumer<Dialog> onAnswered) {
        this.vertx = vertx;
        this.connection = connection;
        this.pages = pages;
        this.onAnswered = onAnswered;
    }

    public void answer(boolean acceptAll, Optional<String> text) {
        accept = Optional.of(acceptAll);
        promptText = text;
    }

    /** Sets the pages whose dialogs CDP clients answer; open dialogs that are nobody's are answered at once. */
    public void leaveToClients(Set<String> pageIds) {
        claimed = Set.copyOf(pageIds);
        answerUnawaited();
    }

    /** Sets whether people see dialogs and can answer them; open ones that are nobody's are answered at once. */
    public void attend(boolean people) {
        attended = people;
        answerUnawaited();
    }

    /** @param running whether a verb runs. Dialogs that open meanwhile wait for CDP clients alone */
    public void whileVerbs(BooleanSupplier running) {
        verbRuns = running;
    }

    /** A verb begins, which an open dialog would hold up. */
    public void verbBegins() {
        answerUnawaited();
    }

    /** @param handler is called after a dialog has opened or closed */
    public void onChange(Runnable handler) {
        onChange.add(handler);
    }

    public List<Open> open() {
        return left.entrySet().stream()
                .map(dialog -> open(dialog.getKey(), dialog.getValue().event()))
                .toList();
    }

    private Open open(String sessionId, JsonObject event) {
        return new Open(
                pages.idOf(sessionId),
                event.getString("type"),
                event.getString("message", ""),
                event.getString("defaultPrompt", ""));
    }

    private void answerUnawaited() {
        Map.copyOf(left).forEach((sessionId, dialog) -> {
            if (!isAwaited(sessionId)) {
                vertx.cancelTimer(dialog.timer());
                left.remove(sessionId);
                answer(sessionId, dialog.event());
            }
        });
    }

    private boolean isAwaited(String sessionId) {
        return claimed.contains(pages.idOf(sessionId)) || attended && !verbRuns.getAsBoolean();
    }

    public void opened(String sessionId, JsonObject event) {
        open.put(sessionId, event);
        if (isAwaited(sessionId)) {
            long timer = vertx.setTimer(CdpClientCommand.DIALOG_PATIENCE_MILLIS, ignored -> {
                left.remove(sessionId);
                answer(sessionId, event);
            });
            left.put(sessionId, new PendingDialog(timer, event));
        } else {
            answer(sessionId, event);
        }
        onChange.forEach(Runnable::run);
    }

    /** Whether the page has an open dialog, and so does nothing else. */
    public boolean isOpen(String sessionId) {
        return open.containsKey(sessionId);
    }

    /** The dialog was answered, or the page is gone. */
    public void closed(String sessionId) {
        open.remove(sessionId);
        PendingDialog dialog = left.remove(sessionId);
        if (dialog != null) {
            vertx.cancelTimer(dialog.timer());
        }
        onChange.forEach(Runnable::run);
    }

    public Future<Void> answer(PageTarget page, boolean accepted, Optional<String> text) {
        JsonObject event = open.get(page.sessionId());
        return event == null
                ? Future.failedFuture(Failures.failed("the page has no dialog open"))
                : answer(page.sessionId(), event, accepted, text).recover(Failures::told);
    }

    public void stop() {
        left.values().forEach(dialog -> vertx.cancelTimer(dialog.timer()));
        left.clear();
    }

    private void answer(String sessionId, JsonObject event) {
        // Without a setting, pages may be left: a client that navigates means it.
        boolean accepted = accept.orElse("beforeunload".equals(event.getString("type")));
        answer(sessionId, event, accepted, promptText)
                .onFailure(e -> log.debug("dialog was already answered: {}", e.getMessage()));
    }

    private Future<Void> answer(String sessionId, JsonObject event, boolean accepted, Optional<String> text) {
        JsonObject parameters = new JsonObject().put("accept", accepted);
        if (accepted && "prompt".equals(event.getString("type"))) {
            parameters.put("promptText", text.orElse(event.getString("defaultPrompt", "")));
        }
        return connection
                .send(sessionId, "Page.handleJavaScriptDialog", parameters)
                .onSuccess(done -> onAnswered.accept(new Dialog(
                        pages.idOf(sessionId),
                        event.getString("type"),
                        event.getString("message", ""),
                        event.getString("url", ""),
                        accepted)))
                .mapEmpty();
    }
}
