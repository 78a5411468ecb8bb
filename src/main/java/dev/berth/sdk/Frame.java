package dev.berth.sdk;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The part of a client that is written by hand. */
record Frame(List<String> lines) {
    private static final Pattern PLACE = Pattern.compile("(//|#)@ (.+)");

    /**
     * The frame with the generated parts in their places.
     *
     * @param parts by the names that the frame's lines give them; they bring their indentation
     */
    String filled(Map<String, String> parts) {
        return lines.stream().map(line -> filled(line, parts)).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String filled(String line, Map<String, String> parts) {
        var place = PLACE.matcher(line.strip());
        if (!place.matches()) {
            return line;
        }
        String part = parts.get(place.group(2));
        if (part == null) {
            throw new IllegalStateException("nothing is generated for the frame's line: " + line);
        }
        return part;
    }

    /** Fails where the frame itself has a method of this name, in whose place a generated one would come. */
    void refuse(Operation operation, Pattern method) {
        if (lines.stream().anyMatch(line -> method.matcher(line).find())) {
            throw new IllegalStateException("the operation " + operation.id()
                    + " needs another operationId: the client has a method of that name, written by hand");
        }
    }
}
