package dev.berth.session.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.PageAct;
import dev.berth.fake.HandScheduler;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionElement;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.Cost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordedActsTest {
    private final HandScheduler clock = new HandScheduler();
    private final List<ActionEntry> entries = new ArrayList<>();
    private final RecordedActs acts = new RecordedActs(clock, entries::add);

    private PageAct act(String type, String selector, Map<String, Object> details) {
        ActionElement element = ActionElement.of(Map.of("selectors", List.of(selector)));
        return new PageAct("page", ActionSource.LIVE, type, Optional.of(element), details, clock.now());
    }

    private void told(String type, String selector, Map<String, Object> details) {
        acts.told(act(type, selector, details));
    }

    private void filled(String selector, String value) {
        told("fill", selector, Map.of("value", value, "secret", value.isEmpty()));
    }

    private ActionEntry entry(String type, ActionSource source) {
        return new ActionEntry(
                ActionEntry.newId(),
                type,
                clock.now(),
                true,
                Map.of("pageId", "page", "x", 1),
                0,
                source,
                Optional.empty(),
                Cost.NONE);
    }

    private List<String> log() {
        return entries.stream()
                .map(entry -> entry.type() + " "
                        + entry.details().getOrDefault("value", entry.details().get("clickCount")) + " "
                        + entry.details().get("selector"))
                .toList();
    }

    @Test
    void aFieldIsOneEntryWithItsLastValue() throws Exception {
        filled("#a", "A");
        clock.advance(4_000);
        filled("#a", "An");
        filled("#b", "x");
        assertThat(log()).containsExactly("fill An #a");
        assertThat(entries.get(0).duration()).isEqualTo(4_000);
        clock.advance(5_000);
        assertThat(log()).containsExactly("fill An #a", "fill x #b");
    }

    @Test
    void aSecretIsInNoEntry() {
        filled("#p", "");
        acts.close();
        assertThat(log()).containsExactly("fill [redacted] #p");
    }

    @Test
    void aDoubleClickIsOneEntry() throws Exception {
        told("click", "#a", Map.of("clickCount", 1));
        told("click", "#a", Map.of("clickCount", 2));
        told("click", "#a", Map.of("clickCount", 1));
        clock.advance(2_000);
        assertThat(log()).containsExactly("click 2 #a", "click 1 #a");
    }

    @Test
    void aDoubleClickLastsNoLessThanNothing() {
        PageAct first = act("click", "#a", Map.of("clickCount", 1));
        acts.told(first);
        acts.told(new PageAct(
                first.pageId(),
                first.source(),
                first.type(),
                first.element(),
                Map.of("clickCount", 2),
                first.at().minusMillis(3)));
        acts.close();
        assertThat(entries).hasSize(1);
        assertThat(entries.get(0).duration()).isZero();
    }

    @Test
    void aScrollIsOneEntryWithItsSum() throws Exception {
        told("scroll", "#a", Map.of("x", 0, "y", 30));
        told("scroll", "#a", Map.of("x", 1, "y", 40));
        clock.advance(1_000);
        assertThat(entries).hasSize(1);
        assertThat(entries.get(0).details()).containsEntry("y", 70.0).containsEntry("x", 1.0);
    }

    @Test
    void whatIsPastedIntoASecretFieldIsInNoEntry() {
        told("paste", "#p", Map.of("text", "", "secret", true));
        assertThat(entries.get(0).details()).containsEntry("text", "[redacted]").doesNotContainKey("secret");
    }

    @Test
    void filesAreOneEntryWhetherThePageTellsOfThemOrNot() throws Exception {
        ActionEntry given = entry("upload", ActionSource.CDP);
        PageAct upload = act("upload", "#file", Map.of("files", List.of("a.txt")));
        acts.uploading(upload);
        acts.did(given);
        assertThat(log()).as("the iframes of the field are not named yet").isEmpty();
        acts.told(upload);
        assertThat(log()).containsExactly("upload null #file");
        clock.advance(1);
        acts.did(entry("upload", ActionSource.CDP));
        clock.advance(1_000);
        assertThat(log()).as("a field outside the document").containsExactly("upload null #file", "upload null null");
    }

    @Test
    void filesAreOneEntryIfThePageTellsOfThemAfterItsClientHasItsAnswer() throws Exception {
        acts.did(entry("upload", ActionSource.CDP));
        PageAct upload = act("upload", "#file", Map.of("files", List.of("a.txt")));
        acts.uploading(upload);
        acts.told(upload);
        clock.advance(1_000);
        assertThat(log()).containsExactly("upload null #file");
    }

    @Test
    void filesComeBeforeWhatIsDoneAfterThem() {
        acts.did(entry("upload", ActionSource.CDP));
        acts.did(entry("copy", ActionSource.LIVE));
        assertThat(entries).extracting(ActionEntry::type).containsExactly("upload", "copy");
        acts.did(entry("upload", ActionSource.CDP));
        acts.close();
        assertThat(entries).hasSize(3);
        assertThat(clock.timers()).isZero();
    }

    @Test
    void atTheEndNothingWaits() {
        filled("#a", "A");
        acts.close();
        told("click", "#b", Map.of("clickCount", 1));
        acts.did(entry("copy", ActionSource.LIVE));
        assertThat(entries).extracting(ActionEntry::type).containsExactly("fill", "click", "copy");
        assertThat(clock.timers()).isZero();
    }

    @Test
    void aConsequenceComesAfterWhatLedToIt() {
        told("click", "#a", Map.of("clickCount", 1));
        acts.before(entry("download", ActionSource.LIVE));
        assertThat(log()).containsExactly("click 1 #a");
        filled("#b", "x");
        acts.before(entry("screenshot", ActionSource.REST));
        assertThat(entries).as("a person still types").hasSize(1);
    }
}
