package dev.berth.cluster;

import static dev.berth.cluster.Registration.Verdict.REFUSE;
import static dev.berth.cluster.Registration.Verdict.TAKE;
import static dev.berth.cluster.Registration.Verdict.WATCH;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.history.NodeRepository.Applicant;
import dev.berth.history.NodeRow;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who may be a node, and with which clock. */
class RegistrationTest {
    private static final LeaseTerms TERMS = LeaseTerms.USUAL;

    private final Registration here =
            new Registration(null, null, "a", new Applicant("here", "127.0.0.1", 7_802, "1.0"), TERMS);

    private static Optional<NodeRow> row(String place, long renewals, boolean lost) {
        NodeRow row = LeaseWorld.row("a", 1, renewals, 0);
        return Optional.of(new NodeRow(
                "a",
                row.epoch(),
                place,
                renewals,
                0,
                row.host(),
                row.requestPort(),
                row.version(),
                row.status(),
                row.registeredAt(),
                row.renewedAt(),
                lost ? Optional.of(Instant.EPOCH) : Optional.empty(),
                Optional.empty()));
    }

    private Registration.Verdict judge(Optional<NodeRow> first, Optional<NodeRow> now, long watched) {
        return here.judge(first, now, watched);
    }

    @Test
    void whatNobodyIsCanBeTaken() {
        assertThat(judge(Optional.empty(), Optional.empty(), 0)).isEqualTo(TAKE);
        assertThat(judge(row("copy", 3, true), row("copy", 3, true), 0)).isEqualTo(TAKE);
    }

    /** Whoever asks has locked the data directory, so that its earlier process is dead. */
    @Test
    void anEarlierProcessOfTheSameDirectoryIsTakenOverWithinItsLease() {
        assertThat(judge(row("here", 3, false), row("here", 3, false), 0)).isEqualTo(TAKE);
    }

    @Test
    void aCopyIsRefusedOnceTheOtherRenewsAndTakesOverIfItDoesNot() {
        assertThat(judge(row("copy", 3, false), row("copy", 3, false), 0)).isEqualTo(WATCH);
        assertThat(judge(row("copy", 3, false), row("copy", 4, false), 1)).isEqualTo(REFUSE);
        assertThat(judge(row("copy", 3, false), row("copy", 3, false), TERMS.lease()))
                .isEqualTo(TAKE);
        assertThat(judge(row("copy", 3, false), row("copy", 3, true), 1)).isEqualTo(TAKE);
        // It appeared meanwhile.
        assertThat(judge(Optional.empty(), row("copy", 0, false), 1)).isEqualTo(REFUSE);
        assertThat(judge(row("copy", 3, true), row("copy", 0, false), 1)).isEqualTo(REFUSE);
    }

    @Test
    void clocksMayBeApartByLessThanALease() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(NodeLease.apart(now, now.plusSeconds(9), now.plusMillis(3))).isEmpty();
        assertThat(NodeLease.apart(now, now.minusSeconds(9), now.plusMillis(3))).isEmpty();
        // Postgres was asked for long.
        assertThat(NodeLease.apart(now, now.plusSeconds(14), now.plusSeconds(5)))
                .isEmpty();
        assertThat(NodeLease.apart(now, now.plusSeconds(60), now).orElseThrow())
                .hasMessageContaining("60 s behind the clock of Postgres");
        assertThat(NodeLease.apart(now, now.minusSeconds(60), now).orElseThrow())
                .hasMessageContaining("60 s ahead of the clock of Postgres");
    }
}
