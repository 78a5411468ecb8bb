package dev.berth.browser.launch;

import dev.berth.browser.ConnectionOutcomes;
import dev.berth.egress.EgressProxy;
import dev.berth.egress.Outcome;
import dev.berth.protocol.NetworkEntry.BlockedRequest;
import java.util.Optional;

/** Tells the results of a Chrome's connections through its proxy, with Chrome's own error names where Chrome has one. */
final class ProxyOutcomes implements ConnectionOutcomes {
    private final EgressProxy proxy;

    ProxyOutcomes(EgressProxy proxy) {
        this.proxy = proxy;
    }

    @Override
    public Optional<Passage> last(String url) {
        return proxy.last(url).map(ProxyOutcomes::passage);
    }

    private static Passage passage(Outcome outcome) {
        return new Passage(
                outcome.rule().map(rule -> new BlockedRequest(rule.label(), outcome.words())),
                failure(outcome),
                outcome.remoteAddress());
    }

    private static Optional<String> failure(Outcome outcome) {
        return switch (outcome.kind()) {
            case CONNECTED -> Optional.empty();
            case BLOCKED -> Optional.of(outcome.words());
            case UNKNOWN_HOST -> Optional.of(told("net::ERR_NAME_NOT_RESOLVED", outcome));
            case REFUSED -> Optional.of(told("net::ERR_CONNECTION_REFUSED", outcome));
            case TIMEOUT -> Optional.of(told("net::ERR_CONNECTION_TIMED_OUT", outcome));
        };
    }

    private static String told(String error, Outcome outcome) {
        return error + " (" + outcome.words() + ")";
    }
}
