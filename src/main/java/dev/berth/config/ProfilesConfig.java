package dev.berth.config;

import java.util.Base64;
import java.util.List;

/**
 * Profiles, which sessions begin with and save at their end.
 *
 * @param keys each of 32 bytes: versions are encrypted with the first; the others read what was encrypted before. Empty for a key
 *     that the data directory has, which a node of a cluster can't use
 * @param maxMib limit for a version
 * @param maxPerUser how many profiles a user may have
 */
public record ProfilesConfig(List<byte[]> keys, int maxMib, int maxPerUser) {
    /** The key of the setting with the keys, in the file and in the environment. */
    public static final String KEY = "profile.key (BERTH_PROFILE_KEY)";

    private static final int KEY_BYTES = 32;

    static ProfilesConfig read(Settings settings) {
        return new ProfilesConfig(
                settings.texts("profile.key").stream().map(ProfilesConfig::key).toList(),
                settings.integer("profile.max-mib", 64, 1, 256),
                settings.integer("profile.max-per-user", 100, 1, 10_000));
    }

    public ProfilesConfig {
        keys = List.copyOf(keys);
    }

    private static byte[] key(String text) {
        try {
            byte[] key = Base64.getDecoder().decode(text);
            if (key.length == KEY_BYTES) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // The failure is reported below: the text is a secret, and the exception's message would show some of it.
        }
        throw new ConfigException(
                "profile.key", "must be keys of 32 bytes in base64, separated by commas: openssl rand -base64 32");
    }

    public long maxBytes() {
        return (long) maxMib << 20;
    }

    /** The settings without the keys, for logs. */
    @Override
    public String toString() {
        return "Profiles[" + keys.size() + " keys, " + maxMib + " MiB, " + maxPerUser + " of a user]";
    }
}
