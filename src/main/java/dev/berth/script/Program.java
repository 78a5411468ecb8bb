package dev.berth.script;

import dev.berth.protocol.Device.Viewport;
import dev.berth.script.ProgramInputs.Input;
import dev.berth.script.ProgramInputs.Words;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A program in no language yet.
 *
 * @param about the origin of the program, in a sentence
 * @param viewport the viewport of the first page
 */
record Program(String about, String berthUrl, Viewport viewport, List<Input> inputs, List<ScriptStep> steps) {
    Program {
        inputs = List.copyOf(inputs);
        steps = List.copyOf(steps);
    }

    /**
     * One step of a program, and the consequences for which the program waits.
     *
     * @param page the number of the page on which the step acts, from 1 on
     * @param opens the number of the page that the step opens
     * @param downloads whether the step downloads a file
     * @param follows whether another document follows in the page
     * @param place a {@link PlacePattern} of the next document's URL; empty where the pattern is that of the document before
     */
    record ScriptStep(
            int page, Act act, Optional<Integer> opens, boolean downloads, boolean follows, Optional<Words> place) {
        static ScriptStep of(int page, Act act) {
            return new ScriptStep(page, act, Optional.empty(), false, false, Optional.empty());
        }

        /** The variable of a page. */
        static String variable(int page) {
            return "page" + page;
        }

        /** The variables of the pages that the program found before this one. */
        List<String> earlierPages() {
            return IntStream.range(1, page).mapToObj(ScriptStep::variable).toList();
        }
    }

    /** The numbers of a session's pages in a program, from 1 on. */
    static final class PageNumbers {
        private final Map<String, Integer> numbers = new LinkedHashMap<>();
        private int latest = 1;

        /** The page of an entry; the latest page where the entry names none. */
        int at(Optional<String> id) {
            latest = id.map(numbers::get).orElse(latest);
            return latest;
        }

        boolean knows(String id) {
            return numbers.containsKey(id);
        }

        boolean none() {
            return numbers.isEmpty();
        }

        /** @return the number of the page */
        int add(String id) {
            return numbers.computeIfAbsent(id, unknown -> numbers.size() + 1);
        }
    }

    /** A function that only programs with a call of it have. */
    record Helper(String name, String text) {
        /** The name of a function stands in a comment before the function. */
        private static final Pattern SECTION = Pattern.compile("(?m)^(?://|#)-- (?=\\w+$)");

        /** The functions of a file beside this class. */
        static List<Helper> of(String file) {
            try (InputStream in = Helper.class.getResourceAsStream(file)) {
                return SECTION.splitAsStream(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                        .skip(1)
                        .map(section -> section.split("\n", 2))
                        .map(parts -> new Helper(parts[0], parts[1]))
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The function of a name. */
        static String text(List<Helper> helpers, String name) {
            return helpers.stream()
                    .filter(helper -> helper.name().equals(name))
                    .map(Helper::text)
                    .collect(Collectors.joining());
        }

        /** The functions that the body calls, each after a blank line. */
        static String used(List<Helper> helpers, String body) {
            return helpers.stream()
                    .filter(helper -> body.matches("(?s).*\\b" + helper.name() + "[( ].*"))
                    .map(helper -> "\n" + helper.text())
                    .collect(Collectors.joining());
        }

        static String indented(String indent, List<String> lines) {
            return lines.stream().map(line -> indent + line + "\n").collect(Collectors.joining());
        }
    }
}
