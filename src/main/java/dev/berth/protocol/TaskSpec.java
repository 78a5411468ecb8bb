package dev.berth.protocol;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an AI task is to do, and within which limits.
 *
 * @param instruction in the words of a person
 * @param startUrl where it begins
 * @param schema JSON Schema, as text, that its output matches
 * @param variables by name: typed into pages where the model writes the name, never shown to it nor logged
 * @param allowedDomains the hosts, with their subdomains, that its session may open; empty for all
 * @param keepAlive whether the session that is made for it outlives it
 * @param reuse whether the steps of an earlier success are run again, without the model
 */
public record TaskSpec(
        String instruction,
        Optional<String> startUrl,
        TaskLimits limits,
        Optional<String> schema,
        Map<String, String> variables,
        List<String> allowedDomains,
        boolean keepAlive,
        boolean reuse) {
    public static final int MAX_INSTRUCTION_CHARS = 20_000;
    public static final int MAX_SCHEMA_CHARS = 20_000;

    private static final int MAX_URL_CHARS = 8_192;
    private static final int MAX_VARIABLES = 50;
    private static final int MAX_VARIABLE_CHARS = 4_096;
    private static final int MAX_DOMAINS = 100;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?");

    public TaskSpec {
        Require.text("instruction", instruction, 1, MAX_INSTRUCTION_CHARS);
        Require.noNul("instruction", instruction);
        if (instruction.isBlank()) {
            throw Require.invalid("instruction must not be blank");
        }
        Require.text("startUrl", startUrl, 1, MAX_URL_CHARS);
        startUrl.ifPresent(url -> Require.noNul("startUrl", url));
        Require.present("limits", limits);
        Require.text("schema", schema, 2, MAX_SCHEMA_CHARS);
        schema.ifPresent(text -> Require.noNul("schema", text));
        variables = Require.entries("variables", variables);
        requireVariables(variables);
        allowedDomains = Require.elements("allowedDomains", allowedDomains, 0, MAX_DOMAINS);
        allowedDomains.forEach(TaskSpec::requireDomain);
    }

    private static void requireVariables(Map<String, String> variables) {
        if (variables.size() > MAX_VARIABLES) {
            throw Require.invalid("variables must have at most " + MAX_VARIABLES + " entries");
        }
        variables.forEach((name, value) -> {
            if (!NAME.matcher(name).matches()) {
                throw Require.invalid(
                        "a name in variables must be a letter or '_', then up to 63 letters, digits or '_'");
            }
            Require.text("variables." + name, value, 1, MAX_VARIABLE_CHARS);
            Require.noNul("variables." + name, value);
        });
    }

    /** Names as they stand in URLs: in lower case, international ones in Punycode. */
    private static void requireDomain(String domain) {
        boolean shaped = domain.length() <= 253;
        for (String label : domain.split("\\.", -1)) {
            shaped = shaped && LABEL.matcher(label).matches();
        }
        if (!shaped) {
            throw Require.invalid("allowedDomains must have host names in lower case, such as example.com");
        }
    }

    /** Without the values of variables: this text goes to logs. */
    @Override
    public String toString() {
        return "TaskSpec[instruction of " + instruction.length() + " characters, " + limits + "]";
    }
}
