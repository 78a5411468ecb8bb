package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a task needs of hands: small pages of {@code small-tasks.txt}, solved by the REST verbs alone. */
class SmallTasksIT extends InOneSession {
    /** {@code dragging} calls {@code move} with where the element's box would be as it is dragged by the mouse. */
    private static final String HEAD = """
            <style>body { margin: 0 }</style><script>
              const done = () => document.title = 'done'
              function dragging(element, move) {
                let grip
                element.addEventListener('mousedown', e => {
                  const box = element.getBoundingClientRect()
                  grip = {x: e.clientX - box.left, y: e.clientY - box.top}
                  e.preventDefault()
                })
                addEventListener('mousemove', e => grip && e.buttons === 1 && move(element, {left: e.clientX - grip.x, top: e.clientY - grip.y}))
                addEventListener('mouseup', () => grip = null)
              }
            </script>""";

    record Task(String name, String page, List<String> steps) {
        static Task of(String text) {
            List<String> lines = text.lines().toList();
            return new Task(
                    lines.get(0).strip(),
                    lines.stream()
                            .skip(1)
                            .filter(line -> !line.startsWith("> "))
                            .collect(Collectors.joining("\n")),
                    lines.stream()
                            .filter(line -> line.startsWith("> "))
                            .map(line -> line.substring(2))
                            .toList());
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Task> tasks() throws IOException {
        try (InputStream in = SmallTasksIT.class.getResourceAsStream("/small-tasks.txt")) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(all.split("(?m)^== ")).skip(1).map(Task::of);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tasks")
    void isSolved(Task task) {
        open(HEAD + task.page());
        assertThat(script("document.title")).isNotEqualTo("done");
        for (String step : task.steps()) {
            String[] verbAndBody = step.split(" ", 2);
            act(verbAndBody[0], new JsonObject(verbAndBody[1]).put("timeout", 5_000));
        }
        assertThat(script("document.title")).isEqualTo("done");
    }
}
