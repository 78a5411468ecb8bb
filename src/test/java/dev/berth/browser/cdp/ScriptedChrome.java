package dev.berth.browser.cdp;

import dev.berth.pipe.ChildPipe;
import dev.berth.pipe.ChildPipe.PipeChannel;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** Chrome's end of a pipe, as far as sessions go: it attaches, detaches, and answers all commands, when it is told to. */
public class ScriptedChrome implements ChildPipe, PipeChannel {
    private final Random random = new Random(7);
    /** Those that there are, with the session that each is below. */
    public final Map<String, String> parents = new LinkedHashMap<>();
    /** All that there ever were, with the session that was given to no session. */
    public final Map<String, String> roots = new LinkedHashMap<>();
    /** What it got, in order. */
    public final List<JsonObject> got = new ArrayList<>();

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Deque<JsonObject> waiting = new ArrayDeque<>();
    private final ByteArrayOutputStream says = new ByteArrayOutputStream();
    private final boolean eager;
    private volatile EventLoop loop;
    private final Deque<Runnable> unread = new ArrayDeque<>();
    private Listener listener;
    private int leaves;
    private boolean isStill;
    private long unreadBytes;

    /** @param eager whether it answers at once */
    public ScriptedChrome(boolean eager) {
        this.eager = eager;
    }

    /** Does something where it is read, and gives what comes of it. */
    public <T> T on(Callable<T> call) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        attempt(call, result);
        return result.get(10, TimeUnit.SECONDS);
    }

    private <T> void attempt(Callable<T> call, CompletableFuture<T> result) {
        EventLoop at = loop;
        at.execute(() -> {
            if (listener == null || at != loop) {
                attempt(call, result);
                return;
            }
            try {
                result.complete(call.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
    }

    @Override
    public Optional<PipeChannel> take(EventLoop by) {
        loop = by;
        return Optional.of(this);
    }

    @Override
    public void opened() {}

    @Override
    public void close() {}

    @Override
    public void start(Listener hears) {
        listener = hears;
    }

    @Override
    public boolean write(byte[] bytes, int length, LongConsumer onWritten) {
        if (isStill) {
            unreadBytes += length;
            unread.add(() -> {
                unreadBytes -= length;
                written.write(bytes, 0, length);
                read();
                onWritten.accept(length);
            });
            return true;
        }
        written.write(bytes, 0, length);
        read();
        return false;
    }

    /** Reads nothing until {@link #readOne}. */
    public void standStill() {
        isStill = true;
    }

    /** Reads the first write that waits; whether there was one. */
    public boolean readOne() {
        Runnable first = unread.poll();
        if (first != null) {
            first.run();
        }
        return first != null;
    }

    public long unreadBytes() {
        return unreadBytes;
    }

    @Override
    public void writeLater(ByteBuf bytes, LongConsumer onWritten) {
        byte[] copy = new byte[bytes.readableBytes()];
        bytes.readBytes(copy);
        long size = bytes.capacity();
        bytes.release();
        written.writeBytes(copy);
        read();
        onWritten.accept(size);
    }

    @Override
    public boolean isWritten() {
        return true;
    }

    @Override
    public void leave() {
        listener = null;
        leaves++;
    }

    public int leaves() {
        return leaves;
    }

    public EventLoop loop() {
        return loop;
    }

    private void read() {
        String all = written.toString(StandardCharsets.UTF_8);
        int end = all.lastIndexOf('\0');
        if (end >= 0) {
            for (String message : all.substring(0, end).split("\0")) {
                waiting.add(new JsonObject(message));
            }
            written.reset();
            written.writeBytes(all.substring(end + 1).getBytes(StandardCharsets.UTF_8));
        }
        if (eager) {
            loop.execute(this::answerAll);
        }
    }

    private void answerAll() {
        if (listener == null) {
            loop.execute(this::answerAll);
            return;
        }
        while (answerNext()) {
            // Until there is none left.
        }
    }

    /** Whether there was a command. */
    public boolean answerNext() {
        JsonObject command = waiting.poll();
        if (command != null) {
            got.add(command);
            answer(command);
            speak();
        }
        return command != null;
    }

    private void answer(JsonObject command) {
        String session = command.getString("sessionId", "");
        JsonObject params = command.getJsonObject("params", new JsonObject());
        if (!session.isEmpty() && !parents.containsKey(session)) {
            say(
                    "",
                    new JsonObject()
                            .put("id", command.getInteger("id"))
                            .put(
                                    "error",
                                    new JsonObject()
                                            .put("code", -32001)
                                            .put("message", "Session with given id not found.")));
            return;
        }
        JsonObject answer = new JsonObject().put("id", command.getInteger("id"));
        Optional<JsonObject> scripted = script(command);
        if (scripted.isPresent()) {
            say(session, answer.mergeIn(scripted.get()));
            return;
        }
        JsonObject result = new JsonObject();
        switch (command.getString("method")) {
            case "Target.attachToBrowserTarget", "Target.attachToTarget" -> result.put("sessionId", attach(session));
            case "Target.detachFromTarget" -> {
                if (session.equals(parents.get(params.getString("sessionId", "")))) {
                    detach(params.getString("sessionId"));
                }
            }
            default -> result.put("echo", params);
        }
        say(session, answer.put("result", result));
    }

    /** What a test has it answer: a {@code result} or an {@code error}; empty where it does as usual. */
    protected Optional<JsonObject> script(JsonObject command) {
        return Optional.empty();
    }

    protected String newId() {
        return String.format("%016X%016X", random.nextLong(), random.nextLong());
    }

    private String attach(String parent) {
        String id = newId();
        parents.put(id, parent);
        roots.put(id, parent.isEmpty() ? id : roots.get(parent));
        JsonObject target = new JsonObject().put("targetId", "target-" + id).put("type", "page");
        say(
                parent,
                event(
                        "Target.attachedToTarget",
                        new JsonObject()
                                .put("sessionId", id)
                                .put("targetInfo", target)
                                .put("waitingForDebugger", false)));
        return id;
    }

    /** A session ends, and all below it. */
    public void detach(String id) {
        String parent = parents.remove(id);
        List.copyOf(parents.entrySet()).stream()
                .filter(below -> below.getValue().equals(id))
                .forEach(below -> drop(below.getKey()));
        say(parent, event("Target.detachedFromTarget", new JsonObject().put("sessionId", id)));
        speak();
    }

    private void drop(String id) {
        parents.remove(id);
        List.copyOf(parents.entrySet()).stream()
                .filter(below -> below.getValue().equals(id))
                .forEach(below -> drop(below.getKey()));
    }

    public static JsonObject event(String method, JsonObject params) {
        return new JsonObject().put("method", method).put("params", params);
    }

    /** Is heard with the next {@link #speak}. */
    public void say(String session, JsonObject message) {
        JsonObject all = session.isEmpty() ? message : message.put("sessionId", session);
        says.writeBytes((all.encode() + '\0').getBytes(StandardCharsets.UTF_8));
    }

    /** In chunks of any size. */
    public void speak() {
        byte[] all = says.toByteArray();
        says.reset();
        for (int from = 0; from < all.length; ) {
            int length = Math.min(all.length - from, 1 + random.nextInt(1 << random.nextInt(17)));
            byte[] chunk = new byte[length + 10];
            System.arraycopy(all, from, chunk, 0, length);
            listener.read(chunk, length);
            from += length;
        }
    }

    public void die() {
        listener.closed(Optional.empty());
    }
}
