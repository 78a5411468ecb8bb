package dev.berth.browser.watch.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.ConsoleEntry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConsoleGroupsTest {
    private static final String PAGE = "page";

    private final ConsoleGroups groups = new ConsoleGroups();

    private Optional<Integer> call(String session, String type) {
        return groups.called(
                        session,
                        new JsonObject().put("type", type).put("timestamp", 1.0).put("args", new JsonArray()))
                .map(ConsoleEntry::group);
    }

    @Test
    void linesAreWithinTheGroupsThatAreOpen() {
        assertThat(call(PAGE, "startGroup")).contains(0);
        assertThat(call(PAGE, "log")).contains(1);
        assertThat(call(PAGE, "startGroupCollapsed")).contains(1);
        assertThat(call(PAGE, "error")).contains(2);
        assertThat(call("worker", "log")).contains(0);
        assertThat(call(PAGE, "endGroup")).as("an end is no line").isEmpty();
        assertThat(groups.within(PAGE, ConsoleFormatter.ofBerth("x")).group()).isEqualTo(1);
        call(PAGE, "endGroup");
        call(PAGE, "endGroup");
        assertThat(call(PAGE, "log")).contains(0);
    }

    @Test
    void aNewDocumentAndAClearedConsoleHaveNoGroups() {
        call(PAGE, "startGroup");
        call(PAGE, "clear");
        assertThat(call(PAGE, "log")).contains(0);
        call(PAGE, "startGroup");
        groups.left(PAGE);
        assertThat(call(PAGE, "log")).contains(0);
    }

    @Test
    void theDepthIsBounded() {
        for (int i = 0; i < 200; i++) {
            call(PAGE, "startGroup");
        }
        assertThat(call(PAGE, "log")).contains(100);
    }
}
