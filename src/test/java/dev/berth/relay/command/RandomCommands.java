package dev.berth.relay.command;

import java.util.List;
import java.util.Random;

/** Random texts that are commands, or resemble them. */
final class RandomCommands {
    private static final List<String> BLANKS = List.of("", "", "", "", " ", "\n", "\t \r");
    private static final List<String> PARTS = List.of(
            "",
            "a",
            "\\\"",
            "\\\\",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "ü",
            "😀",
            "\\n",
            "\\u0041",
            "\\/",
            "sessionId",
            "/*",
            "//");
    private static final List<String> SCALARS = List.of(
            "0", "-0", "1", "-12", "1.5", "1.0", "1e308", "2E-7", "18446744073709551616", "true", "false", "null");
    private static final List<String> OWN = List.of("id", "id", "method", "method", "params", "sessionId");
    private static final List<String> METHODS = List.of("Page.enable", "Browser.close", "", "Brow\\u0073er.close");
    private static final List<String> SPOILS =
            List.of("\"", "{", "}", "[", "]", ",", ":", "\\", "/", "/**/", "\0", "0", "t", " ", "\u000b", "-", "\\v");

    private final Random random;

    RandomCommands(Random random) {
        this.random = random;
    }

    String next() {
        String message = blank() + object(3, 0) + blank();
        return random.nextInt(3) == 0 ? spoilt(message) : message;
    }

    private String spoilt(String message) {
        int at = message.offsetByCodePoints(0, random.nextInt(message.codePointCount(0, message.length()) + 1));
        String rest = message.substring(at);
        boolean without = !rest.isEmpty() && random.nextBoolean();
        return message.substring(0, at)
                + (random.nextInt(3) == 0 ? "" : pick(SPOILS))
                + (without ? rest.substring(rest.offsetByCodePoints(0, 1)) : rest);
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private String blank() {
        return pick(BLANKS);
    }

    private String object(int depth, int level) {
        StringBuilder object = new StringBuilder("{").append(blank());
        int fields = random.nextInt(5);
        for (int i = 0; i < fields; i++) {
            String name = random.nextInt(level == 0 ? 4 : 2) > 0 ? pick(OWN) : text();
            object.append(i == 0 ? "" : "," + blank())
                    .append('"')
                    .append(spelled(name))
                    .append('"');
            object.append(blank())
                    .append(':')
                    .append(blank())
                    .append(value(name, depth, level))
                    .append(blank());
        }
        return object.append('}').toString();
    }

    /** Sometimes with an unnecessary escape. */
    private String spelled(String name) {
        return random.nextInt(20) == 0 && name.startsWith("m") ? "\\u006d" + name.substring(1) : name;
    }

    private String value(String name, int depth, int level) {
        if (random.nextInt(6) > 0) {
            switch (name) {
                case "id" -> {
                    return pick(SCALARS);
                }
                case "method" -> {
                    return '"' + pick(METHODS) + '"';
                }
                case "sessionId" -> {
                    return random.nextInt(3) == 0 ? "\"\"" : '"' + text() + '"';
                }
                default -> {
                    // Any value.
                }
            }
        }
        return switch (depth == 0 ? random.nextInt(2) : random.nextInt(4)) {
            case 0 -> '"' + text() + '"';
            case 1 -> pick(SCALARS);
            case 2 -> '[' + blank() + value("", depth - 1, 1) + blank() + ',' + value("", depth - 1, 1) + ']';
            default -> object(depth - 1, level + 1);
        };
    }

    private String text() {
        return pick(PARTS) + pick(PARTS);
    }
}
