package dev.berth.relay;

import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The pages whose dialogs a client hears of, as it has CDP's Page domain enabled there: these are its own to answer. */
final class ClaimedPages {
    private static final String ENABLE = "Page.enable";
    private static final String DISABLE = "Page.disable";
    /** Of more sessions, nothing is known. */
    private static final int MAX_SESSIONS = 2_000;

    private final Function<String, Optional<String>> pageOf;
    private final Function<Set<String>, Future<?>> claim;
    private final Map<String, String> bySession = new LinkedHashMap<>();
    private Set<String> claimed = Set.of();

    /**
     * @param pageOf the page that a session of the client's is of
     * @param claim completes when the session knows
     */
    ClaimedPages(Function<String, Optional<String>> pageOf, Function<Set<String>, Future<?>> claim) {
        this.pageOf = pageOf;
        this.claim = claim;
    }

    static boolean concern(String method) {
        return method.equals(ENABLE) || method.equals(DISABLE);
    }

    /** Gives what Chrome is to wait for with it: a dialog may open at once. */
    Optional<Future<?>> pass(String method, String session) {
        if (method.equals(DISABLE)) {
            bySession.remove(session);
        } else if (bySession.size() < MAX_SESSIONS) {
            pageOf.apply(session).ifPresent(page -> bySession.put(session, page));
        }
        return tell();
    }

    /** Sessions may be gone. */
    void review() {
        if (bySession.keySet().removeIf(session -> pageOf.apply(session).isEmpty())) {
            tell();
        }
    }

    private Optional<Future<?>> tell() {
        Set<String> now = Set.copyOf(bySession.values());
        if (now.equals(claimed)) {
            return Optional.empty();
        }
        claimed = now;
        return Optional.of(claim.apply(now));
    }
}
