package dev.berth.browser;

import dev.berth.protocol.BlockedRequest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the only way out of a browser knows of its connections, and the browser does not. On the browser's context. */
@FunctionalInterface
public interface WayOut {
    /** Chrome's names for whatever its proxy refuses. */
    Pattern UNEXPLAINED = Pattern.compile("net::ERR_(SOCKS|PROXY)_CONNECTION_[A-Z_]+");

    /** What came of the last connection to the host and port of this URL; empty where none of late went there. */
    Optional<Passage> last(String url);

    /** Whether a text says no more than that the way out did not let a connection through. */
    static boolean isUnexplained(String text) {
        return UNEXPLAINED.matcher(text).find();
    }

    /** The text of a failure of this URL, with the reason in the place of the browser's name for all of them. */
    default String explain(String text, String url) {
        return isUnexplained(text)
                ? last(url)
                        .flatMap(Passage::failure)
                        .map(why -> UNEXPLAINED.matcher(text).replaceFirst(Matcher.quoteReplacement(why)))
                        .orElse(text)
                : text;
    }

    /**
     * What came of a connection.
     *
     * @param blocked what did not let it out
     * @param failure why there is none, as Chrome would say it without a proxy, or by which rule
     * @param remoteAddress where it leads, if it is known
     */
    record Passage(Optional<BlockedRequest> blocked, Optional<String> failure, Optional<String> remoteAddress) {}
}
