package dev.berth.browser.screen;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.LiveCommand.Mouse;
import dev.berth.protocol.LiveCommand.MouseAction;
import dev.berth.protocol.LiveCommand.Paste;
import dev.berth.protocol.LiveCommand.Wheel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The input of people to one page, in order. A page takes some commands ahead of its answers; the others wait, and moves of the mouse and
 * turns of its wheel are merged there: a page answers these once a frame at most. A paste is first told to what has the focus, which earlier
 * commands may give: it waits for all of them.
 */
final class PageInput {
    static final int MAX_WAITING = 200;
    private static final int MAX_UNANSWERED = 8;

    private final Page page;
    private final Deque<Job> waiting = new ArrayDeque<>();
    private int unanswered;
    private boolean preparing;
    private boolean moving;

    /** The page that takes the commands. */
    interface Page {
        /** Does what must be done before the page gets the command. Never fails. */
        Future<Void> prepare(LiveCommand<?> command);

        /** Completes when the page has taken it. */
        Future<Void> send(LiveCommand<?> command);
    }

    private record Job(LiveCommand<?> command, Promise<Void> done) {
        /** Whether a page takes the command with its next frame, so that only one is sent at a time. */
        boolean isContinuous() {
            return command instanceof Wheel || command instanceof Mouse mouse && mouse.action() == MouseAction.MOVE;
        }
    }

    PageInput(Page page) {
        this.page = page;
    }

    Future<Void> add(LiveCommand<?> command) {
        Job job = new Job(command, Promise.promise());
        Optional<Job> merged = Optional.ofNullable(waiting.peekLast()).flatMap(last -> merged(last, job));
        if (merged.isEmpty() && waiting.size() >= MAX_WAITING) {
            return Future.failedFuture(new BerthException(
                    ErrorCode.LIMIT_REACHED, "the page is not taking input; too much input is waiting already"));
        }
        if (merged.isPresent()) {
            waiting.removeLast().done().complete();
        }
        waiting.add(merged.orElse(job));
        next();
        return job.done().future();
    }

    private static Optional<Job> merged(Job last, Job next) {
        if (last.command() instanceof Mouse before
                && next.command() instanceof Mouse after
                && last.isContinuous()
                && next.isContinuous()
                && before.buttons() == after.buttons()
                && before.modifiers() == after.modifiers()) {
            return Optional.of(next);
        } else if (last.command() instanceof Wheel before
                && next.command() instanceof Wheel after
                && before.modifiers() == after.modifiers()) {
            return Optional.of(new Job(before.and(after), next.done()));
        }
        return Optional.empty();
    }

    private void next() {
        while (mayGo()) {
            Job job = waiting.remove();
            preparing = true;
            page.prepare(job.command()).onComplete(prepared -> {
                preparing = false;
                send(job);
                next();
            });
        }
    }

    private boolean mayGo() {
        return !preparing
                && !waiting.isEmpty()
                && unanswered < MAX_UNANSWERED
                && !(moving && waiting.peek().isContinuous())
                && !(unanswered > 0 && waiting.peek().command() instanceof Paste);
    }

    private void send(Job job) {
        unanswered++;
        moving = moving || job.isContinuous();
        page.send(job.command()).onComplete(taken -> {
            unanswered--;
            moving = moving && !job.isContinuous();
            job.done().handle(taken);
            next();
        });
    }

    void close(BerthException why) {
        waiting.forEach(job -> job.done().fail(why));
        waiting.clear();
    }
}
