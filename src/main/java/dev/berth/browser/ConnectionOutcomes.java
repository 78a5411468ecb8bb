package dev.berth.browser;

import dev.berth.protocol.NetworkEntry.BlockedRequest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Outcomes of the connections that a browser made through its proxy; the browser itself knows only that the proxy refused. For any thread. */
@FunctionalInterface
public interface ConnectionOutcomes {
    /** Chrome's errors for a connection that its proxy refused, whatever the reason. */
    Pattern UNEXPLAINED = Pattern.compile("net::ERR_(SOCKS|PROXY)_CONNECTION_[A-Z_]+");

    /** The result of the last connection to the host and port of this URL; empty where there was none of late. */
    Optional<Passage> last(String url);

    /** Whether a text says no more than that the proxy made no connection. */
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
     * The result of a connection.
     *
     * @param blocked the rule that refused the connection, if one did
     * @param failure why the connection failed, as Chrome would say without a proxy, or in the rule's words; empty where it did not fail
     * @param remoteAddress the server's address and port, if known
     */
    record Passage(Optional<BlockedRequest> blocked, Optional<String> failure, Optional<String> remoteAddress) {
        private static final String CHROMES = "net::";

        /** The browser's own name for the failure; empty where it has none, as for what a rule refused. */
        public Optional<String> error() {
            return failure.filter(why -> why.startsWith(CHROMES)).map(why -> why.split(" ", 2)[0]);
        }
    }
}
