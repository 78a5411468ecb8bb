package dev.berth.http.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ProtocolSamples;
import dev.berth.protocol.SessionReply.NamedFile;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is refused before a byte is read. That files are kept is tried by {@code ReportsIT}. */
class LateFilesTest {
    private static Future<NamedFile> give(SessionDescription session) {
        return new LateFiles(null, null, null).receive(null, session, "trace.zip", Optional.empty());
    }

    @Test
    void aSessionThatEndedLongAgoTakesNoFiles() {
        Future<NamedFile> late = give(ProtocolSamples.ENDED_SESSION);
        assertThat(ErrorCode.SESSION_ENDED.isOf(late.cause())).isTrue();
        assertThat(late.cause()).hasMessageContaining("10 minutes ago");
    }

    /** Its row is not written yet. */
    @Test
    void aSessionThatIsEndingIsWorthAnotherTry() {
        SessionDescription ending = ProtocolSamples.ALL.stream()
                .filter(SessionDescription.class::isInstance)
                .map(SessionDescription.class::cast)
                .filter(session -> session.endedAt().isEmpty())
                .findFirst()
                .orElseThrow();
        assertThat(give(ending).cause())
                .isInstanceOfSatisfying(
                        BerthException.class,
                        refused -> assertThat(refused.code().retryable()).isTrue());
    }
}
