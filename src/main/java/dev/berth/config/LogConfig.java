package dev.berth.config;

/**
 * The form of the program's log, where the program chooses that itself.
 *
 * @param json whether each line is a JSON object, for programs that collect them
 */
public record LogConfig(boolean json) {
    static LogConfig read(Settings settings) {
        return switch (settings.text("log.format").orElse("text")) {
            case "text" -> new LogConfig(false);
            case "json" -> new LogConfig(true);
            default -> throw new ConfigException("log.format", "must be text or json");
        };
    }
}
