package dev.berth.config;

import java.util.Locale;

/** A setting with which the server can't start. The message names the key, in the file and in the environment. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String key, String whatIsWrong) {
        super(key + " (" + environmentName(key) + ") " + whatIsWrong);
    }

    /**
     * The environment variable that sets {@code key}: {@code BERTH_HTTP_MAX_BODY_BYTES} for
     * {@code http.max-body-bytes}.
     */
    static String environmentName(String key) {
        return "BERTH_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
