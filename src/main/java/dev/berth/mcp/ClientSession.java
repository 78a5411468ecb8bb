package dev.berth.mcp;

import dev.berth.protocol.SessionStatus.EndReason;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** A client's session of MCP: its requests that are under way, and its browser session. On its own context. */
final class ClientSession {
    private static final Logger log = LoggerFactory.getLogger(ClientSession.class);
    private static final int MAX_REQUESTS = 16;

    private final McpStreamableServerSession protocol;
    private final Context context;
    private final ClientWorkbench workbench;
    private final Map<Object, Running> running = new ConcurrentHashMap<>();
    private volatile long usedAtNanos = System.nanoTime();

    private record Running(Disposable work, ResponseTransport transport) {}

    ClientSession(McpStreamableServerSession protocol, Context context, ClientWorkbench workbench) {
        this.protocol = protocol;
        this.context = context;
        this.workbench = workbench;
    }

    String id() {
        return protocol.getId();
    }

    long userId() {
        return workbench.userId();
    }

    Context context() {
        return context;
    }

    ClientWorkbench workbench() {
        return workbench;
    }

    void used() {
        usedAtNanos = System.nanoTime();
    }

    long usedAtNanos() {
        return usedAtNanos;
    }

    /** For any thread. */
    boolean isIdle() {
        return running.isEmpty();
    }

    /** Answers a request by its transport, which refuses it where too many are under way. */
    void request(JSONRPCRequest request, ResponseTransport transport) {
        used();
        if (running.size() >= MAX_REQUESTS || running.containsKey(request.id())) {
            transport.refuse(
                    request.id(), "at most " + MAX_REQUESTS + " requests at the same time, each with its own id");
            return;
        }
        Disposable.Swap work = Disposables.swap();
        running.put(request.id(), new Running(work, transport));
        work.update(protocol.responseStream(request, transport)
                .doFinally(over -> context.runOnContext(any -> over(request.id(), transport)))
                .subscribe(none -> {}, e -> transport.refuse(request.id(), reason(e))));
    }

    private static String reason(Throwable e) {
        if (e instanceof JacksonMapper.NotOfThisForm) {
            log.debug("a request of MCP was refused", e);
            return e.getMessage();
        }
        log.warn("an MCP request failed unexpectedly", e);
        return "the server failed";
    }

    private void over(Object id, ResponseTransport transport) {
        Running one = running.get(id);
        if (one != null && one.transport == transport) {
            running.remove(id);
        }
        used();
    }

    /** Gives up a request, and what the browser does for it. */
    void cancel(Object requestId) {
        Running cancelled = running.remove(requestId);
        if (cancelled != null) {
            cancelled.work.dispose();
            cancelled.transport.abandon();
        }
    }

    void notify(JSONRPCNotification notification) {
        used();
        protocol.accept(notification)
                .subscribe(none -> {}, e -> log.debug("a notification of MCP failed: {}", e.toString()));
    }

    Future<?> close(EndReason reason) {
        List.copyOf(running.keySet()).forEach(this::cancel);
        protocol.close();
        return workbench.close(reason);
    }
}
