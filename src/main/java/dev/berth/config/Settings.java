package dev.berth.config;

import dev.berth.protocol.Misspelling;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks settings up by key, as text; the environment overrides the file. Records the keys that were looked up, so that
 * unknown ones can be reported.
 */
final class Settings {
    private static final String PREFIX = "BERTH_";
    /** Kubernetes sets these for a service named "berth". */
    private static final Pattern OF_A_SERVICE = Pattern.compile("BERTH_(SERVICE|PORT)(_.*)?");

    private final Map<String, String> file;
    private final Map<String, String> environment;
    private final Set<String> known = new HashSet<>();

    Settings(Map<String, String> file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment;
    }

    Optional<String> text(String key) {
        known.add(key);
        String value = environment.getOrDefault(ConfigException.environmentName(key), file.get(key));
        return Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** Separated by commas. */
    List<String> texts(String key) {
        return text(key).stream()
                .flatMap(all -> Stream.of(all.split(",")))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    int integer(String key, int fallback, int min, int max) {
        return (int) number(key, fallback, min, max);
    }

    long number(String key, long fallback, long min, long max) {
        long value = wholeNumber(key).orElse(fallback);
        if (value < min || value > max) {
            throw new ConfigException(key, "must be from " + min + " to " + max + ", not " + value);
        }
        return value;
    }

    private Optional<Long> wholeNumber(String key) {
        try {
            return text(key).map(Long::parseLong);
        } catch (NumberFormatException e) {
            throw new ConfigException(
                    key, "must be a whole number, not '" + text(key).orElse("") + "'");
        }
    }

    double decimal(String key, double fallback) {
        try {
            return text(key).map(Double::parseDouble).orElse(fallback);
        } catch (NumberFormatException e) {
            throw new ConfigException(key, "must be a number, not '" + text(key).orElse("") + "'");
        }
    }

    boolean flag(String key, boolean fallback) {
        return text(key)
                .map(value -> switch (value) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new ConfigException(key, "must be true or false, not '" + value + "'");
                })
                .orElse(fallback);
    }

    Optional<URI> uri(String key) {
        return text(key).map(value -> {
            try {
                return new URI(value);
            } catch (URISyntaxException e) {
                throw new ConfigException(key, "is not a URL: " + e.getReason());
            }
        });
    }

    Optional<URI> httpUrl(String key) {
        Optional<URI> url = uri(key);
        url.filter(given ->
                        !Set.of("http", "https").contains(String.valueOf(given.getScheme())) || given.getHost() == null)
                .ifPresent(odd -> {
                    throw new ConfigException(key, "must be an http:// or https:// URL");
                });
        return url;
    }

    Optional<Path> path(String key) {
        return text(key).map(Path::of);
    }

    /**
     * One line that names {@code BERTH_…} variables that no setting has, each with the most similar setting: a misspelt setting would
     * silently keep its default. Empty if no such variable is set. The machine may use such names for something else.
     */
    Optional<String> unknownVariables() {
        Set<String> settings =
                known.stream().map(ConfigException::environmentName).collect(Collectors.toCollection(HashSet::new));
        settings.add(ConfigLoader.FILE_VARIABLE);
        List<String> unknown = environment.keySet().stream()
                .filter(name -> name.startsWith(PREFIX) && !settings.contains(name))
                .filter(name -> !OF_A_SERVICE.matcher(name).matches())
                .sorted()
                .map(name -> name + nearest(name, settings))
                .toList();
        return unknown.isEmpty()
                ? Optional.empty()
                : Optional.of("not a setting, and ignored: " + String.join(", ", unknown));
    }

    private static String nearest(String name, Set<String> settings) {
        return Misspelling.nearest(
                        bare(name), settings.stream().map(Settings::bare).toList())
                .map(setting -> " (" + PREFIX + setting + " is one)")
                .orElse("");
    }

    private static String bare(String variable) {
        return variable.substring(PREFIX.length());
    }

    /** Throws for a key of the file that was not looked up: a misspelt setting would silently keep its default. */
    void refuseUnknown() {
        Set<String> unknown = new TreeSet<>(file.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new ConfigException(unknown.iterator().next(), "is not a setting of this version");
        }
    }
}
