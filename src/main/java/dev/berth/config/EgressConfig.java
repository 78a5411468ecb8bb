package dev.berth.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The addresses that this server and its Chromes may connect to for its users, beside the Internet. Some addresses are always denied,
 * whatever is set here.
 *
 * @param loopback whether all of this machine's own addresses are allowed
 * @param privateRanges whether all private networks are allowed
 * @param allow which private and loopback addresses are allowed, too
 * @param deny which addresses are denied, public ones too; stronger than what is allowed
 * @param blockList the hosts that {@code options.blockAds} blocks, one a line, or a hosts file
 */
public record EgressConfig(
        boolean loopback,
        boolean privateRanges,
        List<AddressRange> allow,
        List<AddressRange> deny,
        Optional<Path> blockList) {
    public EgressConfig {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    /** Settings without a block list. */
    public EgressConfig(boolean loopback, boolean privateRanges, List<AddressRange> allow, List<AddressRange> deny) {
        this(loopback, privateRanges, allow, deny, Optional.empty());
    }

    /**
     * @param reachedFromHereOnly whether only this machine reaches the server: loopback and private ranges are allowed then, unless the
     *     settings say what is
     */
    static EgressConfig read(Settings settings, boolean reachedFromHereOnly) {
        List<String> allowed = settings.texts("egress.allow");
        return new EgressConfig(
                allowed.isEmpty() ? reachedFromHereOnly : allowed.contains("loopback"),
                allowed.isEmpty() ? reachedFromHereOnly : allowed.contains("private"),
                ranges("egress.allow", allowed, Set.of("loopback", "private", "none")),
                ranges("egress.deny", settings.texts("egress.deny"), Set.of()),
                settings.path("egress.block-list"));
    }

    /** @param words that may stand among the ranges */
    private static List<AddressRange> ranges(String key, List<String> texts, Set<String> words) {
        if (texts.contains("none") && texts.size() > 1) {
            throw new ConfigException(key, "must have no other values beside none");
        }
        try {
            return texts.stream()
                    .filter(text -> !words.contains(text))
                    .map(AddressRange::parse)
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new ConfigException(key, "must be ranges, separated by commas: " + e.getMessage());
        }
    }
}
