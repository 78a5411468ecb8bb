package dev.berth.session.act;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The pages whose dialogs are CDP clients' to answer, each client's and together. On the session's context. */
public final class ClaimedDialogs {
    private final Consumer<Set<String>> onChange;
    private final Map<String, Set<String>> byClient = new HashMap<>();

    /** @param onChange is told all of them, each time that a client's change */
    public ClaimedDialogs(Consumer<Set<String>> onChange) {
        this.onChange = onChange;
    }

    public void claim(String clientId, Set<String> pageIds) {
        byClient.put(clientId, pageIds);
        tell();
    }

    public void left(String clientId) {
        if (byClient.remove(clientId) != null) {
            tell();
        }
    }

    private void tell() {
        onChange.accept(byClient.values().stream().flatMap(Collection::stream).collect(Collectors.toSet()));
    }
}
