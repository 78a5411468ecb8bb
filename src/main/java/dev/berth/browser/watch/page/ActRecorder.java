package dev.berth.browser.watch.page;

import dev.berth.browser.BrowserListener;
import dev.berth.browser.InputSources;
import dev.berth.browser.PageAct;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import dev.berth.protocol.ActionEntry.ActionElement;
import dev.berth.protocol.ActionEntry.ActionSource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from a script of Berth's in each document what people and CDP clients do there. The script is installed when one of them uses
 * mouse or keys for the first time: a session that only verbs drive has none. Lives on the browser's context, but for {@link #uses}.
 */
public final class ActRecorder implements InputSources {
    /** The binding (CDP {@code Runtime.addBinding}) in Berth's world by which the script reports acts. */
    public static final String BINDING = "berthTell";

    private static final Logger log = LoggerFactory.getLogger(ActRecorder.class);
    private static final Set<String> DOCUMENTS = Set.of("page", "iframe");
    /** A page that is busy gets the script when it is free: who acts does not wait for that. */
    private static final long INSTALL_MILLIS = 1_000;

    /** The script tells shorter texts. */
    private static final int MAX_CHARS = 128 << 10;

    private static final int MAX_FRESH = 1_000;
    /** The name of an iframe takes some round trips; a client may act faster than that. */
    private static final int MAX_WAITING = 500;

    /** A page's script can make some events that count as a person's: a page that nobody uses is not heard. */
    private static final long HEEDED_NANOS = TimeUnit.SECONDS.toNanos(5);

    /**
     * A page whose scripts are busy tells of an act later: the greatest age of an act that is believed. An act that a page reports later
     * than this age and {@link #HEEDED_NANOS} together is not heard, if nobody has used the page since.
     */
    private static final long MAX_AGE_MILLIS = 60_000;

    private final Context context;
    private final CdpConnection connection;
    private final PageParts parts;
    private final Pages pages;
    private final Script script;
    private final BrowserListener listener;
    /** The sessions of the eyes that have documents. */
    private final Set<String> sessions = new LinkedHashSet<>();

    private final HeldFrames frames;
    /** Frames that have not navigated yet. */
    private final Set<String> fresh = new HashSet<>();

    /** The last user of each page, by its target id. */
    private final Map<String, LastUse> uses = new ConcurrentHashMap<>();

    private volatile Optional<Future<Void>> installed = Optional.empty();
    /** The acts that wait for the names of their iframes, and those that come after them. */
    private final Deque<WaitingAct> waiting = new ArrayDeque<>();

    private int dropped;

    private record LastUse(ActionSource source, long nanos) {}

    /**
     * @param recorder see {@code recorder.js}
     * @param describe a function declaration that describes its {@code this}, an element, as the recorder does
     */
    public record Script(String recorder, String describe) {}

    public ActRecorder(
            Context context,
            CdpConnection connection,
            PageParts parts,
            Pages pages,
            Script script,
            BrowserListener listener) {
        this.context = context;
        this.connection = connection;
        this.parts = parts;
        this.pages = pages;
        this.script = script;
        this.listener = listener;
        this.frames = new HeldFrames(connection, parts, script.describe());
    }

    @Override
    public Future<Void> uses(String pageId, ActionSource source) {
        uses.put(pageId, new LastUse(source, System.nanoTime()));
        Optional<Future<Void>> known = installed;
        if (known.isPresent()) {
            return known.get();
        }
        Promise<Void> begun = Promise.promise();
        context.runOnContext(ignored -> begin().onComplete(begun));
        return begun.future();
    }

    private Future<Void> begin() {
        if (installed.isEmpty()) {
            installed =
                    Optional.of(Future.join(sessions.stream().map(this::install).toList())
                            .<Void>mapEmpty()
                            .otherwiseEmpty());
        }
        return installed.get();
    }

    /** To be called before the target may run. */
    public void attached(String sessionId, JsonObject target) {
        String type = target.getString("type");
        if (DOCUMENTS.contains(type)) {
            sessions.add(sessionId);
            if (installed.isPresent()) {
                opened(target.getString("targetId"));
                // Before that, Chrome gives the worlds that it makes no bindings.
                connection.send(sessionId, "Runtime.enable", new JsonObject()).otherwiseEmpty();
                install(sessionId);
            }
        }
    }

    public void detached(String sessionId) {
        uses.remove(pages.idOf(sessionId));
        sessions.remove(sessionId);
        frames.detached(sessionId);
    }

    private Future<?> install(String sessionId) {
        JsonObject binding = new JsonObject().put("name", BINDING).put("executionContextName", BerthWorld.NAME);
        JsonObject source = new JsonObject()
                .put("source", script.recorder())
                .put("worldName", BerthWorld.NAME)
                .put("runImmediately", true);
        return Future.join(
                        connection.send(sessionId, "Runtime.addBinding", binding, INSTALL_MILLIS),
                        connection.send(sessionId, "Page.addScriptToEvaluateOnNewDocument", source, INSTALL_MILLIS))
                .onFailure(e -> log.debug("a document does not tell what is done there: {}", e.getMessage()));
    }

    /** {@code Runtime.bindingCalled}. */
    public void called(CdpEvent event) {
        String payload = event.params().getString("payload", "");
        if (BINDING.equals(event.params().getString("name")) && payload.length() <= MAX_CHARS) {
            parts.ofSession(event.sessionId())
                    .flatMap(pages::byTarget)
                    .filter(page -> !page.isInVerb())
                    .ifPresent(page -> told(page, event, payload));
        }
    }

    /** Other events. */
    public void handle(CdpEvent event) {
        if (installed.isEmpty()) {
            return;
        } else if (event.method().equals("Runtime.executionContextCreated")) {
            frames.contextCreated(event);
        } else if (event.method().equals("Page.frameNavigated")) {
            String frame = event.params().getJsonObject("frame").getString("id", "");
            if (fresh.remove(frame)) {
                runIn(event.sessionId(), frame);
            }
        }
    }

    /** A frame is new. */
    public void opened(String frame) {
        if (installed.isPresent() && fresh.size() < MAX_FRESH) {
            fresh.add(frame);
        }
    }

    /**
     * The first document of a frame takes over the window of the blank one before where both are of one origin, without its listeners: and Chrome
     * does not run the script again.
     */
    private void runIn(String sessionId, String frame) {
        JsonObject world = new JsonObject().put("frameId", frame).put("worldName", BerthWorld.NAME);
        connection
                .send(sessionId, "Page.createIsolatedWorld", world, INSTALL_MILLIS)
                .compose(made -> connection.send(
                        sessionId,
                        "Runtime.evaluate",
                        new JsonObject()
                                .put("expression", script.recorder())
                                .put("contextId", made.getInteger("executionContextId")),
                        INSTALL_MILLIS))
                .onFailure(e -> log.debug("a document does not tell what is done there: {}", e.getMessage()));
    }

    private void told(PageTarget page, CdpEvent event, String payload) {
        LastUse use = uses.get(page.targetId());
        if (use == null) {
            return;
        }
        Optional<ReportedAct> read = read(page.targetId(), use.source(), payload)
                .filter(act -> System.nanoTime() - act.ageNanos() - use.nanos() <= HEEDED_NANOS);
        if (read.isEmpty()) {
            return;
        }
        ReportedAct act = read.get();
        Future<List<String>> outer = act.outer()
                ? frames.holders(event.sessionId(), event.params().getInteger("executionContextId", 0))
                : Future.succeededFuture(List.of());
        if (waiting.size() == MAX_WAITING) {
            dropped++;
            return;
        }
        waiting.add(new WaitingAct(act.act(), outer));
        if (act.act().type().equals("upload")) {
            listener.uploading(act.act());
        }
        outer.onComplete(named -> passOn());
    }

    private void passOn() {
        while (!waiting.isEmpty() && waiting.peek().outer().isComplete()) {
            WaitingAct next = waiting.remove();
            try {
                listener.acted(within(next.outer().result(), next.act()));
            } catch (RuntimeException e) {
                log.error("an action of a person could not be logged", e);
            }
        }
        if (waiting.isEmpty() && dropped > 0) {
            log.warn(
                    "{} actions of people in iframes are missing from the action log, because they arrived too fast",
                    dropped);
            dropped = 0;
        }
    }

    /** @param outer never fails */
    private record WaitingAct(PageAct act, Future<List<String>> outer) {}

    /**
     * @param ageNanos how long ago it was that the page got the act
     * @param outer whether iframes hold the element that the document has no access to
     */
    private record ReportedAct(PageAct act, long ageNanos, boolean outer) {}

    private static PageAct within(List<String> outer, PageAct act) {
        return new PageAct(
                act.pageId(),
                act.source(),
                act.type(),
                act.element().map(element -> element.within(outer)),
                act.details(),
                act.at());
    }

    private static Optional<ReportedAct> read(String pageId, ActionSource source, String payload) {
        try {
            JsonObject told = new JsonObject(payload);
            String type = told.getString("type", "");
            // A client gives files by a script of its own, too; for a person, only the page's scripts would do that.
            boolean byPage = told.getBoolean("scripted", false) && source != ActionSource.CDP;
            if (byPage || !PageAct.TYPES.contains(type)) {
                return Optional.empty();
            }
            Map<String, Object> details = new LinkedHashMap<>(told.getMap());
            details.keySet().removeAll(Set.of("type", "element", "age", "scripted"));
            long ageMillis = Math.max(0, Math.min(told.getLong("age", 0L), MAX_AGE_MILLIS));
            Optional<JsonObject> element = Optional.ofNullable(told.getJsonObject("element"));
            PageAct act = new PageAct(
                    pageId,
                    source,
                    type,
                    element.map(JsonObject::getMap).map(ActionElement::of),
                    details,
                    Instant.now().minusMillis(ageMillis));
            return Optional.of(new ReportedAct(
                    act,
                    TimeUnit.MILLISECONDS.toNanos(ageMillis),
                    element.filter(named -> named.getBoolean("outer", false)).isPresent()));
        } catch (DecodeException | ClassCastException e) {
            log.debug("a document told something else: {}", e.getMessage());
            return Optional.empty();
        }
    }
}
