package dev.berth.browser.watch.target;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.watch.target.TargetSteps.SetupCommand;
import dev.berth.protocol.BrowserAction.Emulate;
import dev.berth.protocol.Emulation;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The emulation that targets see (viewport, locale, network…): those that are attached, and those to come. Lives on the browser's context.
 */
public final class TargetEmulation {
    private static final Logger log = LoggerFactory.getLogger(TargetEmulation.class);
    /** For a page in the background, or an iframe, whose script may run for ever. It gets the change when the script ends. */
    private static final long PATIENCE_MILLIS = 500;

    private final CdpConnection connection;
    private final TargetSteps first;
    /** Chrome's types of targets, by the eyes' session. */
    private final Map<String, String> types = new LinkedHashMap<>();

    private TargetSteps now;

    public TargetEmulation(CdpConnection connection, TargetSteps first) {
        this.connection = connection;
        this.first = first;
        this.now = first;
    }

    /** A change that was sent to a target. */
    private record Sent(SetupCommand step, Future<?> answer) {}

    /** How to set up the next target. */
    public TargetSteps steps() {
        return now;
    }

    public void attached(String sessionId, String type) {
        types.put(sessionId, type);
    }

    public void detached(String sessionId) {
        types.remove(sessionId);
    }

    /**
     * The eyes' page has another document. A process that Chrome begins for a document takes the media type of CSS from the session that was
     * attached last, although that one has set none (Chromium 156).
     */
    void navigated(String sessionId) {
        now.media().ifPresent(step -> send(sessionId, step, PATIENCE_MILLIS));
    }

    /**
     * Completes with the emulation that holds now. Fails where Chrome refuses a part of it for all pages; the rest holds. The refusal of a
     * single page is no failure: pages that share a process share its locale and time zone, which one of them sets for all.
     *
     * @param active the eyes' session of the page that is waited for
     */
    public Future<Emulation> change(Emulate change, Optional<String> active, Deadline deadline) {
        TargetSteps before = now;
        Emulation wanted = (change.reset() ? first : before).emulation().with(change);
        now = before.with(wanted);
        List<Sent> sent = new ArrayList<>();
        types.forEach((session, type) -> {
            boolean isActive = active.filter(session::equals).isPresent();
            long millis = isActive ? deadline.left() : Math.min(PATIENCE_MILLIS, deadline.left());
            List<Sent> here = now.changesSince(before, type).stream()
                    .map(step -> new Sent(step, send(session, step, millis)))
                    .toList();
            if (!TargetSteps.WORKERS.contains(type)) {
                sent.addAll(here);
            }
        });
        return Future.join(sent.stream().map(Sent::answer).toList())
                .transform(all -> refusal(sent))
                .recover(deadline::told)
                .map(done -> wanted);
    }

    private Future<?> send(String session, SetupCommand step, long millis) {
        return connection
                .send(session, step.method(), step.params(), millis)
                .onFailure(e -> log.debug("{} refused: {}", step.method(), e.getMessage()));
    }

    private static Future<Void> refusal(List<Sent> sent) {
        return sent.stream()
                .filter(one -> one.answer().failed())
                .filter(one -> sent.stream()
                        .noneMatch(other -> other.answer().succeeded()
                                && other.step().method().equals(one.step().method())))
                .findFirst()
                .map(one -> Failures.<Void>told(one.answer().cause()))
                .orElseGet(Future::succeededFuture);
    }
}
