package dev.berth.cdpclient;

import dev.berth.cdpclient.command.CdpMessage;
import dev.berth.cdpclient.command.CommandText;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Handles a client's commands on targets in which Berth takes part: targets that wait for the client, targets that the client hears of, and
 * pages whose dialogs the client answers.
 */
final class TargetCommands {
    private static final String LET_RUN = "Runtime.runIfWaitingForDebugger";
    private static final String DETACH = "Target.detachFromTarget";
    private static final String ATTACH = "Target.setAutoAttach";
    private static final String DISCOVER = "Target.setDiscoverTargets";
    private static final String ENABLE = "Page.enable";
    private static final String DISABLE = "Page.disable";
    private static final Set<String> METHODS = Set.of(LET_RUN, DETACH, ATTACH, DISCOVER, ENABLE, DISABLE);
    /** Limit for the CDP sessions of {@link #enabled}; further ones are ignored. */
    private static final int MAX_ENABLED = 2_000;

    private final CdpLink link;
    private final ClientTargets targets;
    private final String ownTarget;
    private final Consumer<String> tell;
    /** The page of each CDP session for which the client has enabled the domain Page, so that the client hears of dialogs. */
    private final Map<String, String> enabled = new HashMap<>();

    private Set<String> claimed = Set.of();
    /** The types of targets that each CDP session of the browser has wait, and all of them. */
    private final Map<String, Set<String>> waiting = new HashMap<>();

    private Set<String> held = Set.of();
    private boolean toldOfItself;

    /**
     * @param ownTarget the target of the client's own connection
     * @param tell sends the client an event that Chrome does not send
     */
    TargetCommands(CdpLink link, ClientTargets targets, String ownTarget, Consumer<String> tell) {
        this.link = link;
        this.targets = targets;
        this.ownTarget = ownTarget;
        this.tell = tell;
    }

    static boolean concern(String method) {
        return METHODS.contains(method);
    }

    /**
     * The handling of a command.
     *
     * @param until must complete before Chrome gets the command
     * @param params replace those of the command; empty where it is unchanged
     * @param onSent runs once the command is on its way to Chrome
     */
    record Handling(Optional<Future<?>> until, Optional<JsonObject> params, Runnable onSent) {
        private static final Runnable NOTHING = () -> {};
        static final Handling AS_IT_IS = new Handling(Optional.empty(), Optional.empty(), NOTHING);

        static Handling after(Future<?> until) {
            return new Handling(Optional.of(until), Optional.empty(), NOTHING);
        }

        static Handling with(JsonObject params) {
            return new Handling(Optional.empty(), Optional.of(params), NOTHING);
        }
    }

    /** @param holding whether messages are held anyway, until the session watches all targets */
    Handling pass(CdpMessage message, CommandText text, boolean holding) {
        if (message.method().equals(LET_RUN)) {
            return letRun(message.session(), holding);
        }
        if (message.method().equals(ENABLE) || message.method().equals(DISABLE)) {
            return enable(message.session(), message.method().equals(ENABLE));
        }
        if (!text.isSmall()) {
            return Handling.AS_IT_IS; // no real client sends longer ones: they pass unread
        }
        JsonObject params = params(text);
        return switch (message.method()) {
            case DETACH -> detach(params);
            case ATTACH ->
                isOfBrowser(message) || targets.isBrowser(message.session())
                        ? autoAttach(message.session(), params)
                        : Handling.AS_IT_IS;
            default -> discover(isOfBrowser(message), params);
        };
    }

    private boolean isOfBrowser(CdpMessage message) {
        return message.session().isEmpty() && targets.ofBrowser();
    }

    private static JsonObject params(CommandText text) {
        try {
            return Buffer.buffer(text.array())
                                    .getBuffer(0, text.length())
                                    .toJsonObject()
                                    .getValue("params")
                            instanceof JsonObject params
                    ? params
                    : new JsonObject();
        } catch (DecodeException e) {
            return new JsonObject(); // Chrome reports the error
        }
    }

    /**
     * A new page starts as soon as one of Chrome's clients lets it, which must not be before the session watches it. Where the
     * page waits for this client, the client's own command starts it, after all commands with which the client prepared it. The
     * session is told afterwards.
     */
    private Handling letRun(String session, boolean holding) {
        if (targets.isRunning(session)) {
            return Handling.AS_IT_IS;
        }
        Optional<String> target = targets.run(session);
        if (target.isEmpty()) {
            return holding ? Handling.AS_IT_IS : Handling.after(link.watchTargets());
        }
        return new Handling(Optional.of(link.watchTargets()), Optional.empty(), () -> link.started(target.get()));
    }

    /** Chrome gets the command once the session knows: a dialog may open at once. */
    private Handling enable(String session, boolean enables) {
        if (!enables) {
            enabled.remove(session);
        } else if (enabled.size() < MAX_ENABLED) {
            targets.pageOf(session).ifPresent(page -> enabled.put(session, page));
        }
        return claim().map(Handling::after).orElse(Handling.AS_IT_IS);
    }

    private Optional<Future<?>> claim() {
        Set<String> pages = Set.copyOf(enabled.values());
        if (pages.equals(claimed)) {
            return Optional.empty();
        }
        claimed = pages;
        return Optional.of(link.claimDialogs(pages));
    }

    /**
     * Reads an event of targets.
     *
     * @param head the first bytes of a message from Chrome
     */
    void read(byte[] head, int length) {
        boolean ended = targets.read(head, length);
        if (ended
                && enabled.keySet().removeIf(session -> targets.pageOf(session).isEmpty())) {
            claim();
        }
    }

    private Handling detach(JsonObject params) {
        if (params.getValue("sessionId") instanceof String session) {
            targets.leave(session).forEach(target -> link.abandoned(target));
            waiting.remove(session);
            return holdWaiting();
        }
        return Handling.AS_IT_IS;
    }

    private Handling autoAttach(String session, JsonObject params) {
        boolean waits = Boolean.TRUE.equals(params.getValue("autoAttach"))
                && Boolean.TRUE.equals(params.getValue("waitForDebuggerOnStart"));
        waiting.put(session, waits ? TargetFilter.of(params).held() : Set.of());
        return holdWaiting();
    }

    private Handling holdWaiting() {
        waiting.keySet().removeIf(each -> !each.isEmpty() && !targets.isBrowser(each));
        Set<String> types = waiting.values().stream().flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
        if (types.equals(held)) {
            return Handling.AS_IT_IS;
        }
        held = types;
        return Handling.after(link.holdTargets(types));
    }

    /**
     * Targets of type browser are connections to Chrome. A client hears only of its own: the others belong to the session and
     * to other clients.
     */
    private Handling discover(boolean ofBrowser, JsonObject params) {
        boolean discovers = Boolean.TRUE.equals(params.getValue("discover"));
        TargetFilter filter = TargetFilter.of(params);
        boolean browsers = discovers && filter.includesBrowsers();
        if (ofBrowser) {
            targets.discovers(discovers);
            if (browsers && !toldOfItself) {
                tell.accept(ClientTargets.created(ownTarget));
            }
            toldOfItself = browsers;
        }
        return browsers ? Handling.with(params.put("filter", filter.withoutBrowsers())) : Handling.AS_IT_IS;
    }
}
