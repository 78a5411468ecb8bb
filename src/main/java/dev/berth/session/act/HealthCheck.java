package dev.berth.session.act;

import dev.berth.browser.Browser;
import dev.berth.protocol.Health;
import dev.berth.protocol.SessionReply.HealthReport;
import dev.berth.protocol.SessionStatus;
import dev.berth.session.machine.SessionState;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Reports a session's health from a round trip to its page. */
public final class HealthCheck {
    private HealthCheck() {}

    public static Future<HealthReport> of(SessionState state, Optional<Browser> browser) {
        if (state.life().ending()) {
            return report(state, Health.UNHEALTHY, false, "the session is ending");
        }
        if (state.life().status() == SessionStatus.CREATING || browser.isEmpty()) {
            return report(state, Health.DEGRADED, false, "the browser is still starting");
        }
        return browser.get().probe().compose(probe -> judge(state, probe));
    }

    private static Future<HealthReport> judge(SessionState state, Browser.Probe probe) {
        if (!probe.browserResponsive()) {
            return report(state, Health.UNHEALTHY, false, "the browser does not answer");
        }
        if (probe.pageCrashed()) {
            return report(state, Health.DEGRADED, true, "the page crashed; reload it, or navigate");
        }
        return probe.pageResponsive()
                ? report(state, Health.HEALTHY, true, "")
                : report(
                        state,
                        Health.DEGRADED,
                        true,
                        "the page does not answer: its script is busy, or its server is slow");
    }

    private static Future<HealthReport> report(SessionState state, Health health, boolean responsive, String reason) {
        long uptime = state.life()
                .startedAt()
                .map(start -> Duration.between(start, Instant.now()).toMillis())
                .orElse(0L);
        return Future.succeededFuture(new HealthReport(
                health,
                state.life().status(),
                responsive,
                state.activity().currentUrl(),
                uptime,
                Optional.of(reason).filter(text -> !text.isEmpty())));
    }
}
