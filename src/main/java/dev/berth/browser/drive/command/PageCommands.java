package dev.berth.browser.drive.command;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.WholeAnswer;
import dev.berth.browser.drive.command.CommandMethod.Answer;
import dev.berth.browser.drive.command.PageSessions.PageSession;
import dev.berth.limits.MemoryBudget;
import io.vertx.core.json.JsonObject;
import io.webfolder.cdp.command.DOM;
import io.webfolder.cdp.command.Input;
import io.webfolder.cdp.command.Page;
import io.webfolder.cdp.command.Runtime;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;

/**
 * cdp4j's typed commands for one page. Used on a thread of the session's lane: each command blocks until Chrome has answered.
 * Commands throw {@link dev.berth.browser.cdp.CdpConnection.ChromeRefusal} if Chrome refuses, and {@link
 * java.util.concurrent.CancellationException} if the thread is interrupted.
 */
public final class PageCommands {
    /** Commands time out later than the deadline: the lane, which ends late calls itself, has the better error message. */
    private static final long GRACE_MILLIS = 1_000;

    private final PageSession session;
    private final Deadline deadline;
    private final long graceMillis;
    private final MemoryBudget budget;
    private final int maxBytes;

    PageCommands(PageSession session, Deadline deadline) {
        this(session, deadline, GRACE_MILLIS, WholeAnswer.MEMORY, Failures.MAX_RESULT_BYTES);
    }

    private PageCommands(PageSession session, Deadline deadline, long graceMillis, MemoryBudget budget, int maxBytes) {
        this.session = session;
        this.deadline = deadline;
        this.graceMillis = graceMillis;
        this.budget = budget;
        this.maxBytes = maxBytes;
    }

    /**
     * The same commands, for answers whose memory is already reserved.
     *
     * @param maxBytes the largest JSON of an answer
     */
    public PageCommands withRoomFor(int maxBytes) {
        MemoryBudget reserved = new MemoryBudget((long) WholeAnswer.TREE * maxBytes);
        return new PageCommands(session, deadline, graceMillis, reserved, maxBytes);
    }

    /** The same commands, for a step that may take only a part of the time: they time out at its deadline. */
    public PageCommands within(Deadline step) {
        return new PageCommands(session, step, 0, budget, maxBytes);
    }

    /** The commands for an iframe of another site, which has a target of its own. Blocks until the hands are attached to it. */
    public PageCommands at(String targetId) {
        return new PageCommands(session.all().await(targetId), deadline, graceMillis, budget, maxBytes);
    }

    /** Blocks for what is known on the browser's context. */
    public <T> T ask(Supplier<T> question) {
        return session.all().ask(question);
    }

    public DOM dom() {
        return of(DOM.class);
    }

    public Input input() {
        return of(Input.class);
    }

    public Page page() {
        return of(Page.class);
    }

    public Runtime runtime() {
        return of(Runtime.class);
    }

    /** Sends a command that cdp4j does not have, or not with all its fields. */
    public void send(String method, JsonObject params) {
        if (deadline.over()) {
            throw deadline.late();
        }
        try (MemoryBudget.Share share = budget.share()) {
            Answer answer = session.sendAndWait(
                    method, params, deadline.left() + graceMillis, new WholeAnswer(maxBytes, WholeAnswer.TREE, share));
            // Throws where Chrome refuses.
            CdpConnection.result(answer.json(), answer.length());
        } catch (IOException e) {
            throw new IllegalStateException("Chrome's answer to " + method + " can't be read", e);
        }
    }

    private <D> D of(Class<D> domain) {
        return domain.cast(Proxy.newProxyInstance(domain.getClassLoader(), new Class<?>[] {domain}, this::invoke));
    }

    private Object invoke(Object proxy, Method method, Object[] arguments)
            throws IllegalAccessException, InvocationTargetException {
        return method.getDeclaringClass() == Object.class
                ? method.invoke(this, arguments)
                : send(CommandMethod.of(method), arguments);
    }

    private Object send(CommandMethod method, Object[] arguments) {
        if (deadline.over()) {
            throw deadline.late();
        }
        JsonObject params = method.params(arguments);
        try (MemoryBudget.Share share = budget.share()) {
            return method.read(session.sendAndWait(
                    method.name(),
                    params,
                    deadline.left() + graceMillis,
                    new WholeAnswer(maxBytes, WholeAnswer.TREE, share)));
        }
    }
}
