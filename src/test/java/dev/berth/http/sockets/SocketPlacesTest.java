package dev.berth.http.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.http.sockets.SocketPlaces.Kind;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.junit.jupiter.api.Test;

class SocketPlacesTest {
    private final SocketPlaces places = new SocketPlaces(200);
    private final Promise<Void> over = Promise.promise();

    private Future<Void> take(long keyId, Kind kind, String about) {
        return places.during(keyId, kind, about, over::future);
    }

    private void fill(Kind kind, String about) {
        for (int keyId = 0; keyId < kind.max; keyId++) {
            assertThat(take(keyId, kind, about).failed()).isFalse();
        }
    }

    private static void assertFull(Future<Void> refused, String why) {
        assertThat(refused.cause())
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_REACHED))
                .hasMessage(why);
    }

    @Test
    void eachKindHasPlacesOfItsOwnForTheClientsOfAllKeys() {
        fill(Kind.CLIENT, "session");
        assertFull(take(999, Kind.CLIENT, "session"), "a session can have at most 16 clients");
        fill(Kind.VIEWER, "session");
        assertFull(take(999, Kind.VIEWER, "session"), "a session can have at most 32 viewers");
        fill(Kind.STREAM, "session");
        assertFull(take(999, Kind.STREAM, "session"), "32 streams of these events are already open");
        assertThat(take(999, Kind.CLIENT, "another").failed()).isFalse();
        over.complete();
        assertThat(places.isEmpty()).as("refused ones have no place").isTrue();
    }

    @Test
    void aKeyHasHalfOfTheConnectionsForSocketsAndAQuarterForStreams() {
        for (int i = 0; i < 100; i++) {
            take(1, Kind.CLIENT, "session" + i);
        }
        assertFull(take(1, Kind.VIEWER, "session"), "an API key can have at most 100 sockets");
        for (int i = 0; i < 50; i++) {
            take(1, Kind.STREAM, "session" + i);
        }
        assertFull(take(1, Kind.STREAM, "session"), "an API key can have at most 50 streams of events");
        assertThat(take(2, Kind.CLIENT, "session").failed()).isFalse();
        over.complete();
        assertThat(places.isEmpty()).isTrue();
    }
}
