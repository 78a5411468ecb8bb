package dev.berth.http.sockets;

import dev.berth.http.request.ContractParameters;
import dev.berth.http.request.OptionsReader;
import dev.berth.http.request.Validation;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.SessionId;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the query of {@code /connect}: the options of a session as flat parameters. */
public final class ConnectQuery {
    private static final Set<String> TEXTS = Set.of("userAgent", "locale", "timezone", "device");
    private static final Set<String> SIZES = Set.of("width", "height");
    private static final Set<String> FLAGS = Set.of("recording", "flightRecorder", "ignoreHttpsErrors");
    private static final Set<String> TIMEOUTS = Set.of("idle", "lifetime", "reconnect");
    private static final List<String> KNOWN = List.of(
            "token",
            "initialPrompt",
            "width",
            "height",
            "userAgent",
            "locale",
            "timezone",
            "device",
            "idle",
            "lifetime",
            "reconnect",
            "recording",
            "flightRecorder",
            "ignoreHttpsErrors",
            "metadata.…");

    private static final int MAX_CHARS = 4_000;

    private final OptionsReader options;

    public ConnectQuery(OptionsReader options) {
        this.options = options;
    }

    /** Throws {@link dev.berth.protocol.BerthException} where a parameter is unknown or invalid. */
    CreateSession read(MultiMap query, long userId) {
        JsonObject texts = new JsonObject();
        JsonObject viewport = new JsonObject();
        JsonObject timeouts = new JsonObject();
        Map<String, String> metadata = new HashMap<>();
        Optional<String> initialPrompt = Optional.empty();
        for (String name : query.names()) {
            String value = value(query, name);
            if (TEXTS.contains(name)) {
                texts.put(name, value);
            } else if (SIZES.contains(name)) {
                viewport.put(name, (int) number(name, value, Integer.MAX_VALUE));
            } else if (TIMEOUTS.contains(name)) {
                timeouts.put(name, number(name, value, Long.MAX_VALUE));
            } else if (FLAGS.contains(name)) {
                texts.put(name, flag(name, value));
            } else if (name.equals("initialPrompt")) {
                initialPrompt = Optional.of(value);
            } else if (name.startsWith(ContractParameters.METADATA_PREFIX)) {
                metadata.put(label(name), value);
            } else if (!name.equals("token")) {
                throw Validation.unknown(name, KNOWN);
            }
        }
        JsonObject all = texts.put("timeouts", timeouts);
        if (!viewport.isEmpty()) {
            all.put(
                    "viewport",
                    new JsonObject().put("width", 1280).put("height", 720).mergeIn(viewport));
        }
        return new CreateSession(
                SessionId.random(), userId, initialPrompt, options.read(all), metadata, Optional.empty());
    }

    private static String value(MultiMap query, String name) {
        if (query.getAll(name).size() > 1) {
            throw Validation.repeated(name);
        }
        String value = query.get(name);
        if (value.length() > MAX_CHARS || value.indexOf('\0') >= 0) {
            throw Validation.invalid(name + " must have at most " + MAX_CHARS + " characters, and no NUL");
        }
        return value;
    }

    private static String label(String name) {
        String label = name.substring(ContractParameters.METADATA_PREFIX.length());
        if (label.isEmpty() || label.indexOf('\0') >= 0) {
            throw Validation.invalid("'" + name + "' names no label");
        }
        return label;
    }

    private static boolean flag(String name, String value) {
        if (!value.equals("true") && !value.equals("false")) {
            throw Validation.invalid(name + " must be true or false, not '" + value + "'");
        }
        return value.equals("true");
    }

    private static long number(String name, String value, long max) {
        try {
            long number = Long.parseLong(value);
            if (number >= 0 && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw Validation.invalid(name + " must be a whole number, not '" + value + "'");
    }
}
