package dev.berth.mcp;

import dev.berth.mcp.Catalogue.Offer;
import dev.berth.mcp.McpEndpoint.LiveSession;
import dev.berth.mcp.McpEndpoint.LiveSessions;
import dev.berth.mcp.Workbench.Caller;
import dev.berth.protocol.ProfileUse;
import dev.berth.protocol.ProfileUse.SaveProfile;
import dev.berth.protocol.SessionCommand.AwaitRunning;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The browser sessions that calls without a session of MCP made, by the API key of their clients. Such a session ends by its timeouts, or
 * by {@code end_session}. For any thread.
 */
final class KeySessions {
    private static final Map<String, String> LABELS = Map.of("client", "mcp", "mcp", "stateless");

    private final LiveSessions live;
    // Guarded by this. Calls that run at the same time share the session that the first one makes.
    private final Map<Choice, Future<SessionId>> making = new HashMap<>();

    private record Choice(long keyId, Optional<String> profile) {}

    KeySessions(LiveSessions live) {
        this.live = live;
    }

    /** The only live session of the key, of those with {@code profile}. Fails with {@code invalid_argument} where there are several. */
    Future<Optional<SessionId>> find(Caller caller, Optional<String> profile) {
        return live.of(caller.userId(), caller.keyId(), LABELS).map(all -> {
            List<SessionId> found = all.stream()
                    .filter(one -> profile.isEmpty() || one.profile().equals(profile))
                    .map(LiveSession::id)
                    .toList();
            if (found.size() > 1) {
                throw Offer.invalid("session must name one of your sessions: "
                        + found.stream().map(SessionId::toString).collect(Collectors.joining(", ")));
            }
            return found.stream().findFirst();
        });
    }

    /** The same, or a new session where there is none. */
    synchronized Future<SessionId> findOrMake(Workbench bench, Caller caller, Optional<String> profile) {
        Choice choice = new Choice(caller.keyId(), profile);
        Future<SessionId> under = making.get(choice);
        if (under != null) {
            return under;
        }
        Future<SessionId> found = find(caller, profile)
                .compose(known -> known.map(
                                id -> bench.ask(id, new AwaitRunning()).map(id))
                        .orElseGet(() -> make(bench, with(bench.defaults(), profile))));
        making.put(choice, found);
        return found.onComplete(over -> made(choice));
    }

    private synchronized void made(Choice choice) {
        making.remove(choice);
    }

    private static SessionOptions with(SessionOptions defaults, Optional<String> profile) {
        return defaults.toBuilder()
                .profile(profile.map(name -> new ProfileUse(name, SaveProfile.ALWAYS, Optional.empty())))
                .build();
    }

    Future<SessionId> make(Workbench bench, SessionOptions options) {
        var command = bench.command(options, LABELS);
        SessionId id = command.sessionId();
        return bench.client()
                .create(command)
                .compose(accepted -> bench.ask(id, new AwaitRunning()))
                .map(id);
    }
}
