package dev.berth.browser.cdp;

import io.netty.channel.EventLoop;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Decides which event loop reads a pipe: that of the first client, which waits for answers, and then that of the client which gets the
 * most. Others get what is theirs a moment later.
 */
final class HomeChoice {
    static final int WINDOW = 16;

    private int messages;

    /** Counts a message for a party; gives whether it is time to ask {@link #busiest}. */
    boolean counts(Party party) {
        return isClient(party) && ++messages % WINDOW == 0;
    }

    /** The event loop whose clients got three of the last four messages; empty where none did. */
    Optional<EventLoop> busiest(Collection<Party> parties) {
        Map<EventLoop, Integer> sums = new HashMap<>();
        int all = 0;
        for (Party party : parties.stream().filter(HomeChoice::isClient).toList()) {
            int recent = party.delivery().takeRecent();
            all += recent;
            sums.merge(party.loop(), recent, Integer::sum);
        }
        int enough = all - all / 4;
        return sums.entrySet().stream()
                .filter(loop -> loop.getValue() >= enough)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The event loop for the pipe once a party has come or gone. */
    static EventLoop settled(Collection<Party> parties, EventLoop present) {
        boolean clientsHere = parties.stream().anyMatch(party -> isClient(party) && party.loop() == present);
        return clientsHere
                ? present
                : parties.stream()
                        .filter(HomeChoice::isClient)
                        .findFirst()
                        .or(() -> parties.stream().findFirst())
                        .map(Party::loop)
                        .orElse(present);
    }

    private static boolean isClient(Party party) {
        return party.kind() == Party.Kind.CLIENT;
    }
}
