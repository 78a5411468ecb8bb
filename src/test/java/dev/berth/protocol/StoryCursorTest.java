package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.SessionEvent.LogAppended;
import dev.berth.protocol.SessionEvent.PageNavigated;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionEvent.SessionStarted;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoryCursorTest {
    private static final SessionId ID = SessionId.random();

    private static PageNavigated navigated(long offset) {
        return new PageNavigated(ID, offset, new NavigationEntry("https://a.b", "", Instant.EPOCH));
    }

    @Test
    void eachKindGoesOnFromItsOwnOffset() {
        StoryCursor cursor = StoryCursor.START
                .after(new SessionStarted(ID, Instant.EPOCH))
                .after(navigated(7))
                .after(new LogAppended(
                        ID, LogKind.NETWORK, 40, LogLines.of(List.of(LogLines.line(1), LogLines.line(2)))));
        assertThat(cursor).hasToString("2.8.0.0.42.0");
        assertThat(cursor.next(StoryKind.NETWORK)).isEqualTo(42);
        assertThat(cursor.isPast(navigated(7))).isTrue();
        assertThat(cursor.isPast(navigated(8))).isFalse();
        assertThat(cursor.isPast(new SessionEnded(ID, SessionStatus.COMPLETED, EndReason.CLIENT, Instant.EPOCH)))
                .isFalse();
    }

    @Test
    void itNeverGoesBack() {
        assertThat(StoryCursor.START.after(navigated(7)).after(navigated(3))).hasToString("0.8.0.0.0.0");
    }

    @Test
    void itsTextIsParsed() {
        StoryCursor cursor = StoryCursor.START.with(StoryKind.ARTIFACT, 999_999_999_999_999L);
        assertThat(StoryCursor.parse(cursor.toString())).contains(cursor);
    }

    @Test
    void malformedCursorsAreRefused() {
        for (String text : List.of(
                "",
                "0",
                "1.2.3.4.5",
                "1.2.3.4.5.6.7",
                "1.2.3.4.5.-6",
                "1.2.3.4.5.x",
                "1.2.3.4.5.",
                "1.2.3.4.5.1000000000000000",
                " 1.2.3.4.5.6")) {
            assertThat(StoryCursor.parse(text)).as(text).isEmpty();
        }
    }
}
