package dev.berth.session;

import dev.berth.browser.Browser;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.CdpClientCommand.OpenCdp;
import dev.berth.protocol.CdpClientCommand.RecordCdpActions;
import dev.berth.protocol.FileCommand;
import dev.berth.protocol.LogCommand.FollowLogs;
import dev.berth.protocol.LogCommand.UnfollowLogs;
import dev.berth.protocol.ReportCommand.AddSteps;
import dev.berth.protocol.ReportCommand.UpdateSession;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionCommand.AwaitFirstPage;
import dev.berth.protocol.SessionCommand.AwaitRunning;
import dev.berth.protocol.SessionCommand.CancelAction;
import dev.berth.protocol.SessionCommand.CheckHealth;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionCommand.ReadActions;
import dev.berth.protocol.SessionCommand.ReadArtifacts;
import dev.berth.protocol.SessionCommand.ReadLog;
import dev.berth.protocol.SessionCommand.ReadPages;
import dev.berth.protocol.SessionCommand.ReadRoutes;
import dev.berth.protocol.SessionCommand.ReadUsage;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.Acknowledged;
import dev.berth.protocol.SessionReply.FirstPage;
import dev.berth.protocol.SessionReply.HealthReport;
import dev.berth.protocol.SessionReply.PageList;
import dev.berth.protocol.SessionReply.RouteList;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionReply.UsageList;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.Health;
import dev.berth.protocol.TaskSupport.AwaitNoHands;
import dev.berth.protocol.TaskSupport.NameElement;
import dev.berth.protocol.TaskSupport.ProtectSession;
import dev.berth.session.machine.SessionSpec;
import dev.berth.session.machine.SessionState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Answers the commands that the session's machine accepts and that are not actions. Runs on the session's context. */
final class CommandAnswers {
    private final SessionSpec spec;
    private final Scheduler scheduler;
    private final Supplier<SessionState> state;
    private final SessionKeep keep;
    private final SessionBrowser browser;
    /** Calls to the browser that are not answered yet. */
    private final Set<Promise<?>> open = new HashSet<>();

    private Optional<Throwable> ended = Optional.empty();
    private final Promise<Void> running = Promise.promise();
    private final Promise<FirstPage> firstPage = Promise.promise();

    CommandAnswers(
            SessionSpec spec,
            Scheduler scheduler,
            Supplier<SessionState> state,
            SessionKeep keep,
            SessionBrowser browser) {
        this.spec = spec;
        this.scheduler = scheduler;
        this.state = state;
        this.keep = keep;
        this.browser = browser;
    }

    Future<? extends SessionReply> to(SessionCommand<?> command) {
        if (command instanceof DescribeSession) {
            browser.tell(up -> up.pages().refresh());
            return Future.succeededFuture(snapshot());
        } else if (command instanceof AwaitRunning) {
            return untilEnd(running.future()).map(up -> snapshot());
        } else if (command instanceof AwaitFirstPage) {
            return untilEnd(firstPage.future());
        } else if (command instanceof ReadActions read) {
            return Future.succeededFuture(keep.actions().read(read));
        } else if (command instanceof ReadArtifacts) {
            return Future.succeededFuture(keep.artifacts().list());
        } else if (command instanceof ReadLog read) {
            return keep.logs().read(read);
        } else if (command instanceof ReadUsage) {
            return Future.succeededFuture(new UsageList(keep.usage()));
        } else if (command instanceof FollowLogs follow) {
            return keep.logs().follow(follow);
        } else if (command instanceof ReadPages) {
            browser.tell(up -> up.pages().refresh());
            return Future.succeededFuture(
                    new PageList(browser.get().orElseThrow().pages().list()));
        } else if (command instanceof ReadRoutes) {
            return Future.succeededFuture(
                    new RouteList(browser.get().orElseThrow().routes().list()));
        } else if (command instanceof CheckHealth) {
            return untilEnd(health());
        } else if (command instanceof OpenCdp) {
            return Future.succeededFuture(browser.get().orElseThrow().endpoint().of(spec.userId()));
        } else if (command instanceof ProtectSession protect) {
            keep.hidden().add(protect.variables());
            return untilEnd(browser.get().orElseThrow().restrict(protect.allowedDomains()))
                    .map(new Acknowledged());
        } else if (command instanceof AwaitNoHands await) {
            return untilEnd(browser.rest(await));
        } else if (command instanceof NameElement name) {
            return untilEnd(browser.name(name));
        } else if (command instanceof FileCommand<?> file) {
            return untilEnd(browser.files(file));
        } else if (command instanceof UpdateSession update) {
            return keep.update(update).map(written -> snapshot());
        } else if (command instanceof AddSteps add) {
            return keep.reports().add(add);
        } else if (command instanceof RecordCdpActions record) {
            record.actions().forEach(keep.acts()::did);
            return keep.actions().settled().map(new Acknowledged());
        }
        return acknowledge(command);
    }

    /** The health report, from a round trip to the active page. */
    private Future<HealthReport> health() {
        SessionState now = state.get();
        if (now.life().ending()) {
            return report(now, Health.UNHEALTHY, false, "the session is ending");
        }
        if (now.life().status() == SessionStatus.CREATING || browser.get().isEmpty()) {
            return report(now, Health.DEGRADED, false, "the browser is still starting");
        }
        return browser.get().orElseThrow().probe().compose(probe -> judge(now, probe));
    }

    private static Future<HealthReport> judge(SessionState now, Browser.Probe probe) {
        if (!probe.browserResponsive()) {
            return report(now, Health.UNHEALTHY, false, "the browser does not answer");
        }
        if (probe.pageCrashed()) {
            return report(now, Health.DEGRADED, true, "the page crashed; reload it, or navigate");
        }
        return probe.pageResponsive()
                ? report(now, Health.HEALTHY, true, "")
                : report(
                        now,
                        Health.DEGRADED,
                        true,
                        "the page does not answer: its script is busy, or its server is slow");
    }

    private static Future<HealthReport> report(SessionState now, Health health, boolean responsive, String reason) {
        long uptime = now.life()
                .startedAt()
                .map(start -> Duration.between(start, Instant.now()).toMillis())
                .orElse(0L);
        return Future.succeededFuture(new HealthReport(
                health,
                now.life().status(),
                responsive,
                now.activity().currentUrl(),
                uptime,
                Optional.of(reason).filter(text -> !text.isEmpty())));
    }

    private SessionDescription snapshot() {
        return spec.describe(state.get(), scheduler.now(), browser.traffic(), keep.storedBytes(), keep.errors());
    }

    private Future<Acknowledged> acknowledge(SessionCommand<?> command) {
        if (command instanceof UnfollowLogs unfollow) {
            keep.logs().unfollow(unfollow);
        } else if (command instanceof CancelAction cancel) {
            browser.cancel(cancel.call());
        }
        return Future.succeededFuture(new Acknowledged());
    }

    /** Answers all that wait until the session runs. */
    void tellRunning() {
        running.tryComplete();
        if (spec.opening().isEmpty()) {
            firstPage(Optional.empty());
        }
    }

    /** @param error why the page that the session was created for did not come */
    void firstPage(Optional<String> error) {
        firstPage.tryComplete(new FirstPage(error));
    }

    /** Completes before waiting commands are answered; never, if the session ends earlier. */
    Future<Void> whenRunning() {
        return running.future();
    }

    /**
     * Completes as {@code answer} does, or fails when the session ends: the answers of a dying browser do not matter, and the timers that
     * would notice its silence end with the session.
     */
    <T> Future<T> untilEnd(Future<T> answer) {
        if (answer.isComplete()) {
            return answer;
        }
        if (ended.isPresent()) {
            return Future.failedFuture(ended.get());
        }
        Promise<T> first = Promise.promise();
        open.add(first);
        answer.onSuccess(first::tryComplete).onFailure(first::tryFail);
        return first.future().onComplete(done -> open.remove(first));
    }

    /** Fails all calls that the browser has not answered, and all that wait until the session runs. */
    void failPending(RuntimeException why) {
        ended = Optional.of(why);
        List.copyOf(open).forEach(call -> call.tryFail(why));
    }
}
