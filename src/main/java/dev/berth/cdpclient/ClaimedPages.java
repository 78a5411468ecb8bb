package dev.berth.cdpclient;

import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The pages whose dialogs a client answers: those for which it has enabled CDP's Page domain, so that it hears of dialogs. */
final class ClaimedPages {
    private static final String ENABLE = "Page.enable";
    private static final String DISABLE = "Page.disable";
    /** Limit for CDP sessions; further ones are ignored. */
    private static final int MAX_SESSIONS = 2_000;

    private final Function<String, Optional<String>> pageOf;
    private final Function<Set<String>, Future<?>> claim;
    private final Map<String, String> bySession = new LinkedHashMap<>();
    private Set<String> claimed = Set.of();

    /**
     * @param pageOf the page to which a CDP session of the client belongs
     * @param claim completes when the session has confirmed it
     */
    ClaimedPages(Function<String, Optional<String>> pageOf, Function<Set<String>, Future<?>> claim) {
        this.pageOf = pageOf;
        this.claim = claim;
    }

    static boolean concern(String method) {
        return method.equals(ENABLE) || method.equals(DISABLE);
    }

    /** Gives what must complete before Chrome gets the command, since a dialog may open at once. */
    Optional<Future<?>> pass(String method, String session) {
        if (method.equals(DISABLE)) {
            bySession.remove(session);
        } else if (bySession.size() < MAX_SESSIONS) {
            pageOf.apply(session).ifPresent(page -> bySession.put(session, page));
        }
        return tell();
    }

    /** CDP sessions may have ended. */
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
