package dev.berth.http.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamPlacesTest {
    private final StreamPlaces places = new StreamPlaces(160);

    @Test
    void eachStoryAndEachKeyHasAFixedNumber() {
        List<Runnable> taken = new ArrayList<>();
        for (int i = 0; i < StreamPlaces.MAX_OF_STORY; i++) {
            taken.add(places.take("one", 1));
        }
        assertThatThrownBy(() -> places.take("one", 2)).hasMessage("there are 32 streams of these events already");
        for (int i = 0; i < 8; i++) {
            taken.add(places.take("two", 1));
        }
        assertThatThrownBy(() -> places.take("three", 1))
                .hasMessage("an API key may have at most 40 streams of events");
        taken.get(0).run();
        taken.get(0).run();
        taken.add(places.take("one", 2));
        taken.forEach(Runnable::run);
        assertThat(places.isEmpty()).as("refused ones have no place").isTrue();
    }
}
