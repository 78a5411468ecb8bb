package dev.berth.cluster;

import dev.berth.cluster.Outgoing.Outcome;
import io.vertx.core.Future;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node that starts makes of those whom it could and could not find. */
final class Findings {
    private static final Logger log = LoggerFactory.getLogger(Findings.class);

    private Findings() {}

    /** Fails where all that answer refuse it: it would be a second cluster, beside theirs. */
    static Future<Void> judge(List<Outgoing> dialed, MeshSettings settings) {
        List<String> refusing = with(Outcome.REFUSED, dialed);
        List<String> absent = with(Outcome.UNREACHABLE, dialed);
        boolean joined = !with(Outcome.JOINED, dialed).isEmpty();
        if (!refusing.isEmpty() && !joined) {
            return Future.failedFuture(new JoinException(refusal(refusing.get(0))));
        }
        refusing.forEach(member -> log.warn("{}", refusal(member)));
        if (!joined) {
            log.info(
                    "no other node of the cluster is there yet{}; this one, at {}, waits for them",
                    absent.isEmpty() ? "" : ", not at " + String.join(", ", absent),
                    settings.address());
        } else if (!absent.isEmpty()) {
            log.warn("no node answers at {}; each joins when it appears", String.join(", ", absent));
        }
        return Future.succeededFuture();
    }

    static String refusal(String member) {
        return member + " does not let this node in: is cluster.secret (BERTH_CLUSTER_SECRET) the same there?";
    }

    private static List<String> with(Outcome outcome, List<Outgoing> dialed) {
        return dialed.stream()
                .filter(link -> link.first().result() == outcome)
                .map(Outgoing::address)
                .toList();
    }
}
