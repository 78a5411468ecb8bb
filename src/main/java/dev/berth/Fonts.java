package dev.berth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Which scripts a picture of a page would show as empty boxes. Blocks. */
final class Fonts {
    private static final long PATIENCE_SECONDS = 5;
    /** By one of the languages, as fontconfig names them, that a font of the script says it has. */
    private static final Map<String, String> SCRIPTS = new LinkedHashMap<>();

    static {
        SCRIPTS.put("zh-cn", "Chinese");
        SCRIPTS.put("ja", "Japanese");
        SCRIPTS.put("ko", "Korean");
        SCRIPTS.put("hi", "Hindi");
        SCRIPTS.put("ar", "Arabic");
        SCRIPTS.put("th", "Thai");
        SCRIPTS.put("und-zsye", "emoji");
    }

    private Fonts() {}

    /** None where fontconfig's own tool is not there to ask. */
    static List<String> missing() {
        try {
            Process list = new ProcessBuilder("fc-list", ":", "lang")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            list.getOutputStream().close();
            String languages = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return list.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && list.exitValue() == 0
                    ? missing(languages)
                    : List.of();
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** @param languages a line for each font: {@code :lang=en|fr|…} */
    static List<String> missing(String languages) {
        Set<String> known = Arrays.stream(languages.split("[\\s|=:,]+")).collect(Collectors.toSet());
        return SCRIPTS.entrySet().stream()
                .filter(script -> !known.contains(script.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }
}
