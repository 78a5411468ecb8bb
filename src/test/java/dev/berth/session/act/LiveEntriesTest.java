package dev.berth.session.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.HandScheduler;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.Cost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LiveEntriesTest {
    private final HandScheduler clock = new HandScheduler();
    private final List<ActionEntry> logged = new ArrayList<>();
    private final LiveEntries entries = LiveEntries.ofPeople(clock, logged::add);

    private void add(int count, String type) {
        for (int i = 0; i < count; i++) {
            entries.add(new ActionEntry(
                    ActionEntry.newId(),
                    type,
                    clock.now(),
                    true,
                    Map.of("x", i),
                    0,
                    ActionSource.LIVE,
                    Optional.empty(),
                    Cost.NONE));
        }
    }

    private List<String> types() {
        return logged.stream().map(ActionEntry::type).distinct().toList();
    }

    @Test
    void whatAPersonDoesIsLoggedOneByOne() throws Exception {
        for (int minute = 0; minute < 5; minute++) {
            add(LiveEntries.BURST, "click");
            clock.advance(60_000);
        }
        assertThat(logged).hasSize(5 * LiveEntries.BURST);
        assertThat(types()).containsExactly("click");
    }

    @Test
    void whatComesTooFastIsCountedInOneEntry() throws Exception {
        add(LiveEntries.BURST + 30, "click");
        clock.advance(1_000);
        add(7, "type");
        assertThat(logged).hasSize(LiveEntries.BURST);
        clock.advance(LiveEntries.COUNTED_MILLIS);
        assertThat(logged).hasSize(LiveEntries.BURST + 1);
        ActionEntry sum = logged.get(LiveEntries.BURST);
        assertThat(sum.type()).isEqualTo("input");
        assertThat(sum.details()).isEqualTo(Map.of("counts", Map.of("click", 30, "type", 7)));
        assertThat(sum.duration()).isEqualTo(LiveEntries.COUNTED_MILLIS);
        assertThat(sum.source()).isEqualTo(ActionSource.LIVE);
        add(1, "click");
        assertThat(logged.get(logged.size() - 1).type()).isEqualTo("click");
    }

    @Test
    void inTheLongRunNoMoreThanTwoASecondAreLoggedAndNoneIsLost() throws Exception {
        int seconds = 600;
        for (int i = 0; i < seconds; i++) {
            add(50, "click");
            clock.advance(1_000);
        }
        entries.flush();
        assertThat(logged.size()).isLessThanOrEqualTo(LiveEntries.BURST + 2 * seconds + 2);
        assertThat(logged.stream().mapToInt(LiveEntriesTest::count).sum()).isEqualTo(50 * seconds);
    }

    private static int count(ActionEntry entry) {
        return entry.details().get("counts") instanceof Map<?, ?> counts ? (int) counts.get("click") : 1;
    }

    @Test
    void theEndTellsWhatIsCounted() {
        add(LiveEntries.BURST + 1, "click");
        entries.flush();
        entries.flush();
        assertThat(logged).hasSize(LiveEntries.BURST + 1);
        assertThat(clock.timers()).isZero();
    }
}
