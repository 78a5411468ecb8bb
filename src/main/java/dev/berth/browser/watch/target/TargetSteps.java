package dev.berth.browser.watch.target;

import dev.berth.browser.watch.console.CallStack;
import dev.berth.browser.watch.network.AddedHeaders;
import dev.berth.browser.watch.network.ResponseBodies;
import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.Emulation;
import dev.berth.protocol.Emulation.NetworkCondition;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The commands that set up a target: for the events that it reports, and for the emulation that it sees.
 *
 * @param bodies whether Chrome keeps the bodies of responses until they are read
 * @param headers that requests send besides
 * @param defaultUserAgent Chrome's own
 */
public record TargetSteps(
        Emulation emulation, boolean bodies, AddedHeaders headers, Supplier<String> defaultUserAgent) {
    /** For a session without options. */
    public static final TargetSteps PLAIN = new TargetSteps(
            new Emulation(
                    Viewport.DEFAULT,
                    1,
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    NetworkCondition.ONLINE,
                    1,
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty()),
            false,
            AddedHeaders.NONE,
            () -> "");

    static final JsonObject NOTHING = new JsonObject();
    static final JsonObject AUTO_ATTACH = new JsonObject()
            .put("autoAttach", true)
            .put("waitForDebuggerOnStart", true)
            .put("flatten", true);
    static final Set<String> WORKERS = Set.of("worker", "shared_worker", "service_worker");
    private static final Set<String> DOCUMENTS = Set.of("page", "iframe");
    /** Parameters for a session without bodies: Chrome keeps none, nor reports the contents of requests. */
    private static final JsonObject NO_BODIES = new JsonObject()
            .put("maxTotalBufferSize", 0)
            .put("maxResourceBufferSize", 0)
            .put("maxPostDataSize", 1);
    /** Chrome holds bodies until they are read, which is at once. */
    private static final JsonObject BODIES = new JsonObject()
            .put("maxTotalBufferSize", 20 << 20)
            .put("maxResourceBufferSize", ResponseBodies.MAX_BYTES)
            .put("maxPostDataSize", 64 << 10);

    /**
     * Chrome captures 200 frames by default, for each console entry and request, of which only these are kept. CDP clients that
     * enable {@code Runtime} themselves still get all.
     */
    private static final JsonObject FRAMES = new JsonObject().put("size", CallStack.MAX_FRAMES);

    private static final SetupCommand LIFECYCLE =
            new SetupCommand("Page.setLifecycleEventsEnabled", new JsonObject().put("enabled", true), true);

    /** @param essential whether the target can't be watched if Chrome refuses the command */
    record SetupCommand(String method, JsonObject params, boolean essential) {}

    public static TargetSteps of(SessionOptions options, Supplier<String> defaultUserAgent) {
        return new TargetSteps(
                Emulation.of(options), options.bodies(), new AddedHeaders(options.headers()), defaultUserAgent);
    }

    TargetSteps with(Emulation other) {
        return new TargetSteps(other, bodies, headers, defaultUserAgent);
    }

    /** The commands for a target, in the order in which they are to be sent. */
    List<SetupCommand> of(JsonObject target) {
        String type = target.getString("type");
        List<SetupCommand> steps = new ArrayList<>();
        if (DOCUMENTS.contains(type)) {
            steps.add(new SetupCommand("Page.enable", NOTHING, true));
            steps.add(LIFECYCLE);
            watch(steps, true);
        } else if (WORKERS.contains(type)) {
            watch(steps, false);
        }
        // A popup of a script has the size that the script gave it.
        steps.addAll(emulationSteps(type, !target.getBoolean("canAccessOpener", false)));
        return steps;
    }

    /**
     * The commands that a target gets before its session comes. When lifecycle events are enabled, Chrome repeats those that a document has
     * had: the target's session is to hear them.
     */
    static List<SetupCommand> inAdvance(JsonObject target) {
        List<SetupCommand> steps = PLAIN.of(target);
        steps.remove(LIFECYCLE);
        return steps;
    }

    /** The commands that a target lacks after {@link #inAdvance}. */
    List<SetupCommand> afterAdvance(JsonObject target) {
        List<SetupCommand> steps = of(target);
        steps.removeAll(inAdvance(target));
        return steps;
    }

    /** The commands that turn a target of this type, set up as {@code before}, into one that is set up as these steps say. */
    List<SetupCommand> changesSince(TargetSteps before, String type) {
        return EmulationSteps.changes(before.emulationSteps(type, true), emulationSteps(type, true));
    }

    /** The command for the media type of CSS; empty where none is emulated. */
    Optional<SetupCommand> media() {
        return emulation.media().map(type -> new EmulationSteps(emulation, defaultUserAgent).media());
    }

    private List<SetupCommand> emulationSteps(String type, boolean ownSize) {
        EmulationSteps steps = new EmulationSteps(emulation, defaultUserAgent);
        return WORKERS.contains(type)
                ? steps.worker()
                : DOCUMENTS.contains(type) ? steps.document(type.equals("page"), ownSize) : List.of();
    }

    private void watch(List<SetupCommand> steps, boolean essential) {
        steps.add(new SetupCommand("Network.enable", bodies ? BODIES : NO_BODIES, essential));
        headers.all()
                .ifPresent(all -> steps.add(new SetupCommand(
                        "Network.setExtraHTTPHeaders", new JsonObject().put("headers", all), essential)));
        steps.add(new SetupCommand("Log.enable", NOTHING, essential));
        steps.add(new SetupCommand("Runtime.enable", NOTHING, true));
        steps.add(new SetupCommand("Runtime.setMaxCallStackSizeToCapture", FRAMES, false));
        steps.add(new SetupCommand("Target.setAutoAttach", AUTO_ATTACH, false));
    }
}
