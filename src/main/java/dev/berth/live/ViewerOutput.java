package dev.berth.live;

import dev.berth.browser.ScreenState;
import dev.berth.browser.Screencast.ScreenFrame;
import dev.berth.live.StateMessages.ShownPages;
import dev.berth.metrics.ViewerCounts;
import dev.berth.websocket.ClientSocket;
import dev.berth.websocket.FrameWriter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The output to a viewer: messages in order, then the changes of the screen, then the latest frame, each only when the socket
 * takes it. So a slow viewer has one frame and one state that wait for it, not a queue of them. On the viewer's event loop.
 */
final class ViewerOutput {
    /** Limit for waiting messages that are no state, such as errors: a viewer takes them, or causes no more. */
    private static final int MAX_MESSAGES = 100;
    /** Limit for these messages together, in bytes: a copied text may have some megabytes. */
    private static final int MAX_MESSAGE_BYTES = 8 << 20;
    /** The pause between two states: a page may change its title without end. */
    private static final long STATE_REST_MILLIS = 50;

    private final Vertx vertx;
    private final Context context;
    private final ClientSocket socket;
    private final SessionScreen screen;
    private final ViewerCounts counts;
    private final Runnable onBehind;
    private final Latest<ScreenFrame> frames = new Latest<>();
    private final Latest<ScreenState> states = new Latest<>();
    private final StateMessages changes = new StateMessages();
    private final Queue<Buffer> messages = new ArrayDeque<>();
    /** The waiting messages of which only the latest of a name matters, by name. */
    private final Map<String, JsonObject> latest = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, JsonObject> eldest) {
            return size() > MAX_MESSAGES;
        }
    };

    private ScreenState state = ScreenState.EMPTY;
    private Optional<String> chosen = Optional.empty();
    private long messageBytes;
    /** Whether the viewer has chosen another page since it was told which one it sees. */
    private boolean untold;

    private Runnable unwatch = () -> {};
    private Runnable unlisten = () -> {};
    private boolean resting;
    private boolean over;

    /** @param onBehind called where the viewer does not take its messages */
    ViewerOutput(Vertx vertx, ClientSocket socket, SessionScreen screen, ViewerCounts counts, Runnable onBehind) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.socket = socket;
        this.screen = screen;
        this.counts = counts;
        this.onBehind = onBehind;
    }

    void start(boolean interactive) {
        unlisten = screen.listen(interactive, states::offer);
        watch();
    }

    /** Ends the output: from now on nothing is sent. */
    void end() {
        over = true;
        unwatch.run();
        unlisten.run();
        messages.clear();
        latest.clear();
        messageBytes = 0;
    }

    private void watch() {
        unwatch.run();
        frames.take();
        unwatch = screen.watch(chosen, this::offer);
    }

    /** Takes a frame, on the session's thread. */
    private void offer(ScreenFrame frame) {
        if (frames.offer(frame)) {
            counts.skipped();
        }
    }

    // The shown page

    /** Shows one page, as long as it is open. */
    void show(String pageId) {
        choose(Optional.of(pageId));
    }

    /** Shows the active page, whichever that is. */
    void follow() {
        choose(Optional.empty());
    }

    private void choose(Optional<String> page) {
        if (!chosen.equals(page)) {
            chosen = page;
            watch();
            untold = true;
            pump();
        }
    }

    ScreenState state() {
        return state;
    }

    /** The page that the viewer sees. */
    Optional<String> shown() {
        return chosen.or(state::activePage);
    }

    // Sending

    /** Sends a message after those before it. */
    void tell(JsonObject message) {
        if (over) {
            return;
        }
        add(message);
        if (messages.size() > MAX_MESSAGES || messageBytes > MAX_MESSAGE_BYTES) {
            onBehind.run();
        } else {
            pump();
        }
    }

    /** Sends a message unless another of this name replaces it before the socket takes it. */
    void tellLatest(String name, JsonObject message) {
        if (!over) {
            latest.put(name, message);
            pump();
        }
    }

    private void add(JsonObject message) {
        Buffer frame = FrameWriter.text(message.encode());
        messages.add(frame);
        messageBytes += frame.length();
    }

    /** Sends what the socket takes. To be called when it takes more. */
    void pump() {
        while (!over && !socket.isFull() && sendNext()) {
            // The outputs are sent one after the other, since each may fill the socket.
        }
    }

    private boolean sendNext() {
        if (!messages.isEmpty()) {
            Buffer next = messages.remove();
            messageBytes -= next.length();
            socket.write(next);
            return true;
        }
        return takeLatest() || takeState() || tellChoice() || sendFrame();
    }

    private boolean takeLatest() {
        Optional<String> name = latest.keySet().stream().findFirst();
        name.map(latest::remove).ifPresent(this::add);
        return name.isPresent();
    }

    private boolean takeState() {
        Optional<ScreenState> latest = resting ? Optional.empty() : states.take();
        latest.ifPresent(now -> {
            state = now;
            rest();
            if (chosen.filter(page -> !state.has(page)).isPresent()) {
                chosen = Optional.empty();
                watch();
            }
            tellState();
        });
        return latest.isPresent();
    }

    private boolean tellChoice() {
        boolean due = untold;
        if (due) {
            tellState();
        }
        return due;
    }

    private void rest() {
        resting = true;
        vertx.setTimer(STATE_REST_MILLIS, ignored -> {
            resting = false;
            pump();
        });
    }

    private void tellState() {
        untold = false;
        changes.changes(state, new ShownPages(shown(), chosen.isEmpty())).forEach(this::add);
    }

    private boolean sendFrame() {
        Optional<ScreenFrame> latest = frames.take();
        // A frame that was on its way when the viewer chose another page is not sent.
        latest.filter(frame -> chosen.orElse(frame.pageId()).equals(frame.pageId()))
                .ifPresent(this::send);
        return latest.isPresent();
    }

    private void send(ScreenFrame frame) {
        JsonObject head = StateMessages.message("frame")
                .put("pageId", frame.pageId())
                .put("timestamp", frame.at().toEpochMilli())
                .put("width", frame.width())
                .put("height", frame.height())
                .put("bytes", frame.jpeg().length());
        socket.write(FrameWriter.text(head.encode())
                .appendBuffer(FrameWriter.binaryHeader(frame.jpeg().length())));
        socket.write(frame.jpeg());
        counts.sent();
    }

    /**
     * A place for the latest value of a kind that the session's thread makes faster than the viewer takes it. A newer value replaces a
     * value that was not taken.
     */
    private final class Latest<T> {
        private final AtomicReference<T> value = new AtomicReference<>();

        /** Offers the latest value, on any thread. Tells whether it replaces one that was not taken. */
        boolean offer(T latest) {
            boolean replaces = value.getAndSet(latest) != null;
            if (!replaces) {
                context.runOnContext(ignored -> pump());
            }
            return replaces;
        }

        Optional<T> take() {
            return Optional.ofNullable(value.getAndSet(null));
        }
    }
}
