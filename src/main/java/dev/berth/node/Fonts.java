package dev.berth.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Finds the scripts for which no font is installed: screenshots would show empty boxes. Blocks. */
public final class Fonts {
    private static final long PATIENCE_SECONDS = 5;
    /** Name of each script, by the fontconfig code of a language whose fonts cover it. */
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

    /** The missing scripts; empty if fontconfig's {@code fc-list} is not installed. */
    public static List<String> missing() {
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

    /** @param languages output of {@code fc-list}, one line per font: {@code :lang=en|fr|…} */
    static List<String> missing(String languages) {
        Set<String> known = Arrays.stream(languages.split("[\\s|=:,]+")).collect(Collectors.toSet());
        return SCRIPTS.entrySet().stream()
                .filter(script -> !known.contains(script.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }
}
