package dev.berth.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A selector of Berth, taken apart: each part searches within the elements of the part before. {@code page.js} defines the selectors. */
record ScriptSelector(String text, List<Part> parts) {
    private static final Pattern ENGINE = Pattern.compile("\\s*(?:([a-z]+)=)?(.*)", Pattern.DOTALL);
    private static final Pattern XPATH = Pattern.compile("\\(*//.*", Pattern.DOTALL);
    private static final Pattern FREE = Pattern.compile("\\s*(?:text|label|placeholder|testid)=\\s*");
    private static final Pattern ROLE = Pattern.compile("\\s*([a-z]+)\\s*(.*)", Pattern.DOTALL);
    /** Possessive repetitions, as other repetitions recurse once for each character. */
    private static final Pattern ATTRIBUTE =
            Pattern.compile("\\[\\s*([\\w-]+)\\s*(?:=\\s*(" + "\"(?:[^\"\\\\]++|\\\\.)*+\"\\s*[is]?"
                    + "|'(?:[^'\\\\]++|\\\\.)*+'\\s*[is]?|/(?:[^/\\\\]++|\\\\.)++/[a-z]*|[^\\]\"'/]+?))?\\s*]\\s*");

    private static final Pattern QUOTED = Pattern.compile("([\"'])(.*)\\1\\s*([isIS]?)", Pattern.DOTALL);
    private static final Pattern REGEX = Pattern.compile("/(.+)/([a-z]*)", Pattern.DOTALL);
    private static final Set<String> ENGINES =
            Set.of("css", "xpath", "text", "role", "label", "placeholder", "testid", "nth");

    private static final Pattern ANY = Pattern.compile(".*", Pattern.DOTALL);
    /** The forms of values that programs contain without quotes. */
    private static final Map<String, Pattern> FORMS =
            Map.of("nth", Pattern.compile("\\s*-?\\d{1,9}\\s*"), "role", ROLE);

    /** The ways in which a text can match. */
    enum How {
        /** The element's text contains the wanted one, in any case of letters. */
        CONTAINS,
        IS,
        /** The element's text matches the regular expression. */
        FITS
    }

    /** @param flags of a regular expression */
    record Wanted(How how, String text, String flags) {}

    /**
     * One part.
     *
     * @param engine {@code css}, {@code xpath}, {@code role} …
     * @param value the value of {@code css}, {@code xpath}, {@code testid} and {@code nth}; the role of {@code role}
     * @param wanted the text, or the name of a role
     * @param states the states of a role: {@code checked}, {@code level} …
     */
    record Part(String engine, String value, Optional<Wanted> wanted, Map<String, String> states) {}

    ScriptSelector {
        parts = List.copyOf(parts);
    }

    /** Empty for a text that is no selector, for a ref, which holds for one document only, and for a selector that the log cut. */
    static Optional<ScriptSelector> parse(String selector) {
        if (ProgramInputs.isCut(selector)) {
            return Optional.empty();
        }
        List<Part> parts = new ArrayList<>();
        for (String part : chain(selector)) {
            Matcher engine = ENGINE.matcher(part);
            if (!engine.matches() || part.strip().equals("strict")) {
                continue;
            }
            String name = Optional.ofNullable(engine.group(1)).orElse("css");
            if (!ENGINES.contains(name)
                    || !FORMS.getOrDefault(name, ANY).matcher(engine.group(2)).matches()) {
                return Optional.empty();
            }
            boolean path = name.equals("css") && XPATH.matcher(engine.group(2)).matches();
            parts.add(part(path ? "xpath" : name, engine.group(2)));
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(new ScriptSelector(selector, parts));
    }

    private static Part part(String engine, String rest) {
        return switch (engine) {
            case "role" -> role(rest);
            case "text" -> new Part(engine, "", Optional.of(wanted(rest, true, false)), Map.of());
            case "label", "placeholder" -> new Part(engine, "", Optional.of(wanted(rest, true, true)), Map.of());
            case "testid" -> new Part(engine, wanted(rest, true, false).text(), Optional.empty(), Map.of());
            default -> new Part(engine, rest.strip(), Optional.empty(), Map.of());
        };
    }

    private static Part role(String rest) {
        Matcher role = ROLE.matcher(rest);
        if (!role.matches()) {
            throw new IllegalArgumentException("no role: " + rest);
        }
        Optional<Wanted> name = Optional.empty();
        Map<String, String> states = new LinkedHashMap<>();
        Matcher attribute = ATTRIBUTE.matcher(role.group(2));
        while (attribute.find()) {
            String value = Optional.ofNullable(attribute.group(2)).orElse("true");
            if (attribute.group(1).equals("name")) {
                name = Optional.of(wanted(value, false, true));
            } else {
                states.put(attribute.group(1), value.strip());
            }
        }
        return new Part("role", role.group(1).equals("image") ? "img" : role.group(1), name, states);
    }

    /**
     * @param whole whether a quoted text must be the whole
     * @param escapes whether a backslash in a quoted text stands for the character behind it
     */
    private static Wanted wanted(String given, boolean whole, boolean escapes) {
        String text = given.strip();
        Matcher regex = REGEX.matcher(text);
        if (escapes && regex.matches()) {
            return new Wanted(How.FITS, regex.group(1), regex.group(2).replaceAll("[gy]", ""));
        }
        Matcher quoted = QUOTED.matcher(text);
        if (!quoted.matches()) {
            return new Wanted(How.CONTAINS, blanks(text), "");
        }
        String suffix = quoted.group(3).toLowerCase(java.util.Locale.ROOT);
        String inner = escapes ? quoted.group(2).replaceAll("(?s)\\\\(.)", "$1") : quoted.group(2);
        boolean is = suffix.equals("s") || whole && !suffix.equals("i");
        return new Wanted(is ? How.IS : How.CONTAINS, blanks(inner), "");
    }

    private static String blanks(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    /** The parts between {@code >>}, which separates nothing in quotes, in brackets, and at an end. */
    private static List<String> chain(String selector) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        char quote = 0;
        int depth = 0;
        for (int i = 0; i < selector.length(); i++) {
            char c = selector.charAt(i);
            Matcher prefix = FREE.matcher(part);
            boolean free = prefix.lookingAt();
            boolean begins = free && prefix.end() == part.length();
            if (quote == 0 && depth == 0 && splits(selector, i, part)) {
                parts.add(part.toString());
                part.setLength(0);
                i++;
                continue;
            }
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if ((c == '"' || c == '\'') && (!free || begins) || c == '/' && depth > 0 && endsWith(part, '=')) {
                quote = c;
            } else if (!free) {
                depth += c == '[' || c == '(' ? 1 : c == ']' || c == ')' ? -1 : 0;
            }
            part.append(c);
            if (c == '\\' && i + 1 < selector.length()) {
                part.append(selector.charAt(++i));
            }
        }
        parts.add(part.toString());
        return parts;
    }

    private static boolean splits(String selector, int at, StringBuilder before) {
        return selector.startsWith(">>", at)
                && !before.toString().isBlank()
                && !selector.substring(at + 2).isBlank();
    }

    private static boolean endsWith(StringBuilder text, char last) {
        return text.length() > 0 && text.charAt(text.length() - 1) == last;
    }

    /** The text after which the variable for the element's value is named. */
    String hint() {
        Part last = parts.get(parts.size() - 1);
        return last.wanted().map(Wanted::text).orElseGet(() -> {
            Matcher named = Pattern.compile("name=[\"']?([\\w-]+)").matcher(last.value());
            return named.find() ? named.group(1) : last.value().replaceFirst(".*[ >~+]", "");
        });
    }

    /**
     * An element of a page.
     *
     * @param frames the iframes that lead to the element, the outermost first
     * @param unique whether the selector stands for this element only; otherwise the first visible element of several is meant
     */
    record ScriptTarget(List<ScriptSelector> frames, ScriptSelector selector, boolean unique) {
        ScriptTarget {
            frames = List.copyOf(frames);
        }
    }
}
