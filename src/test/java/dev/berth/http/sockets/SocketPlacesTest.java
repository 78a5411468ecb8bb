package dev.berth.http.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.berth.http.sockets.SocketPlaces.Kind;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SocketPlacesTest {
    private static final SessionId SESSION = SessionId.random();
    private final SocketPlaces places = new SocketPlaces(40);

    private void assertFull(SessionId session, long keyId, String why) {
        assertThatExceptionOfType(BerthException.class)
                .isThrownBy(() -> places.take(session, keyId, Kind.CLIENT))
                .withMessage(why)
                .matches(e -> e.code() == ErrorCode.LIMIT_REACHED);
    }

    @Test
    void aSessionsLimitCountsClientsOfAllKeys() {
        List<Runnable> taken = new ArrayList<>();
        for (int i = 0; i < Kind.CLIENT.maxOfSession; i++) {
            taken.add(places.take(SESSION, i, Kind.CLIENT));
        }
        assertFull(SESSION, 99, "a session may have at most 16 clients");
        taken.get(0).run();
        taken.get(0).run();
        taken.set(0, places.take(SESSION, 99, Kind.CLIENT));
        assertFull(SESSION, 99, "a session may have at most 16 clients");
        taken.forEach(Runnable::run);
        assertThat(places.isEmpty()).as("refused ones have no place").isTrue();
    }

    @Test
    void viewersDoNotTakeThePlacesOfClients() {
        List<Runnable> taken = new ArrayList<>();
        for (int i = 0; i < Kind.VIEWER.maxOfSession; i++) {
            taken.add(places.take(SESSION, i, Kind.VIEWER));
        }
        assertThatExceptionOfType(BerthException.class)
                .isThrownBy(() -> places.take(SESSION, 99, Kind.VIEWER))
                .withMessage("a session may have at most 32 viewers");
        taken.add(places.take(SESSION, 99, Kind.CLIENT));
        taken.forEach(Runnable::run);
        assertThat(places.isEmpty()).isTrue();
    }

    @Test
    void aKeyMayUseHalfOfTheConnections() {
        List<Runnable> taken = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            taken.add(places.take(SessionId.random(), 1, Kind.CLIENT));
        }
        assertFull(SessionId.random(), 1, "an API key may have at most 20 sockets");
        taken.add(places.take(SessionId.random(), 2, Kind.CLIENT));
        taken.forEach(Runnable::run);
        assertThat(places.isEmpty()).isTrue();
    }
}
