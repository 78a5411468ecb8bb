package dev.berth.session;

import dev.berth.browser.Browser;
import dev.berth.browser.BrowserExtension;
import dev.berth.browser.BrowserLauncher.LaunchSpec;
import dev.berth.browser.BrowserLauncher.Launched;
import dev.berth.browser.BrowserLauncher.WarmBrowser;
import dev.berth.browser.BrowserListener;
import dev.berth.browser.Failures;
import dev.berth.history.SessionRepository.TrafficLeft;
import dev.berth.loop.LoopPromise;
import dev.berth.loop.Scheduler;
import dev.berth.profile.ProfileStore.StoredProfile;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.FileCommand;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.TaskSupport.AwaitNoHands;
import dev.berth.protocol.TaskSupport.NameElement;
import dev.berth.protocol.UsageSample.Traffic;
import dev.berth.session.act.ActionQueue;
import dev.berth.session.act.ActionRunner;
import dev.berth.session.act.LiveActions;
import dev.berth.session.keep.SessionFiles;
import dev.berth.session.machine.SessionEffect.AbortLaunch;
import dev.berth.session.machine.SessionEffect.BrowserEffect;
import dev.berth.session.machine.SessionEffect.LeaveDialogs;
import dev.berth.session.machine.SessionEffect.TellClientLeft;
import dev.berth.session.machine.SessionEffect.TellClients;
import dev.berth.session.machine.SessionSpec;
import dev.berth.session.record.SessionRecordings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The browser of a session: launched once, used, ended once. Runs on the session's context. */
final class SessionBrowser {
    private final Context context;
    private final SessionSpec spec;
    private final SessionServices services;
    private final Optional<WarmBrowser> warm;
    private final SessionKeep keep;
    private final SessionRecordings recordings;
    private final SessionProfile profile;
    private final Promise<Void> abort = Promise.promise();
    private Future<Launched> launch = Future.failedFuture("it was not begun");
    private Optional<Launched> launched = Optional.empty();
    private Optional<ActionQueue> actions = Optional.empty();
    private Optional<LiveActions> liveActions = Optional.empty();
    private Optional<SessionFiles> files = Optional.empty();
    private Future<Void> actionsOver = Future.succeededFuture();

    SessionBrowser(
            Context context,
            SessionSpec spec,
            SessionServices services,
            Optional<WarmBrowser> warm,
            SessionKeep keep,
            SessionRecordings recordings,
            SessionProfile profile) {
        this.context = context;
        this.spec = spec;
        this.services = services;
        this.warm = warm;
        this.keep = keep;
        this.recordings = recordings;
        this.profile = profile;
    }

    private Future<List<BrowserExtension>> extensions() {
        List<String> names = spec.options().extensions();
        return names.isEmpty()
                ? Future.succeededFuture(List.of())
                : LoopPromise.on(context, services.extensions().load(spec.userId(), names));
    }

    /** Completes when the browser is up. */
    Future<Browser> launch(BrowserListener listener) {
        launch = profile.load(abort.future())
                .compose(begun ->
                        extensions().onFailure(e -> discard(begun)).map(extensions -> new Begun(begun, extensions)))
                .onFailure(e -> warm.ifPresent(WarmBrowser::discard))
                .compose(begun -> launch(listener, begun).eventually(() -> discard(begun)));
        return launch.map(this::up);
    }

    /** The files that the browser begins with. */
    private record Begun(Optional<StoredProfile> profile, List<BrowserExtension> extensions) {}

    private Future<Launched> launch(BrowserListener listener, Begun begun) {
        // A launcher may complete its future on another thread.
        return LoopPromise.on(
                context,
                Future.succeededFuture()
                        .compose(now -> services.launcher()
                                .launch(
                                        warm,
                                        new LaunchSpec(
                                                spec.options(),
                                                begun.profile().map(Function.identity()),
                                                begun.extensions(),
                                                spec.opening(),
                                                listener,
                                                abort.future()))));
    }

    private Future<Void> discard(Begun begun) {
        return Future.join(discard(begun.profile()), services.extensions().discard(begun.extensions()))
                .mapEmpty();
    }

    private static Future<Void> discard(Optional<StoredProfile> begun) {
        return begun.map(StoredProfile::discard).orElse(Future.succeededFuture());
    }

    private Browser up(Launched up) {
        launched = Optional.of(up);
        limitTraffic(Long.MAX_VALUE, "");
        services.screens().add(spec.id(), context, up.browser());
        Scheduler scheduler = services.scheduler();
        SessionFiles given =
                new SessionFiles(scheduler, keep.artifacts(), up.browser().uploads());
        files = Optional.of(given);
        actions = Optional.of(new ActionQueue(
                new ActionRunner(up.browser(), scheduler, keep.artifacts(), given, recordings),
                keep.actions()::append));
        liveActions = Optional.of(
                new LiveActions(up.browser().screen(), scheduler, keep.artifacts(), keep.actions(), keep.acts()));
        return up.browser();
    }

    /** The traffic of the session's browser: the bytes sent and received, and the refused connections. */
    Traffic traffic() {
        return get().map(Browser::traffic).orElse(Traffic.NONE);
    }

    /** Limits what the browser may still send and receive to what is left of its key's month. */
    void allow(TrafficLeft left) {
        Traffic now = traffic();
        limitTraffic(
                now.bytesIn() + now.bytesOut() + Math.max(0, left.bytes()),
                "the sessions of its API key may send and receive " + left.limitMib()
                        + " MiB a month (limits.trafficMibPerMonth)");
    }

    private void limitTraffic(long bytes, String reason) {
        int mib = services.config().trafficMib();
        if (mib > 0 && ((long) mib << 20) <= bytes) {
            tell(up -> up.limitTraffic(
                    (long) mib << 20,
                    "a session may send and receive " + mib + " MiB (session.traffic-mib, BERTH_SESSION_TRAFFIC_MIB)"));
        } else if (bytes < Long.MAX_VALUE) {
            tell(up -> up.limitTraffic(bytes, reason));
        }
    }

    void perform(BrowserEffect effect) {
        if (effect instanceof AbortLaunch) {
            abort.tryComplete();
        } else if (effect instanceof TellClients tell) {
            tell(up -> up.clients().changed(tell.connected()));
        } else if (effect instanceof TellClientLeft left) {
            tell(up -> up.clients().left(left.clientId()));
        } else if (effect instanceof LeaveDialogs leave) {
            tell(up -> up.clients().leaveDialogs(leave.pageIds()));
        }
    }

    Optional<Browser> get() {
        return launched.map(Launched::browser);
    }

    void tell(Consumer<Browser> what) {
        get().ifPresent(what);
    }

    /** Completes when it is known whether the browser still answers; never fails. */
    Future<Void> presence() {
        return get().map(Browser::presence).orElse(Future.succeededFuture());
    }

    Future<SessionReply> act(Action<?> action, Envelope envelope) {
        if (envelope.source() == ActionSource.LIVE) {
            liveActions.ifPresent(LiveActions::acted);
        }
        return actions.orElseThrow().submit(action, envelope);
    }

    void cancel(String call) {
        actions.ifPresent(queue -> queue.cancel(call));
    }

    Future<? extends SessionReply> steer(LiveCommand<?> command, Envelope envelope) {
        return liveActions.orElseThrow().perform(command, envelope);
    }

    /** Completes when people rest. */
    Future<SessionReply.HandsRest> rest(AwaitNoHands command) {
        return liveActions.orElseThrow().rest(command);
    }

    Future<? extends SessionReply> files(FileCommand<?> command) {
        return files.orElseThrow().perform(command);
    }

    Future<SessionReply.ElementNames> name(NameElement command) {
        return get().flatMap(up -> up.pages().active().map(up::driver))
                .map(driver -> driver.name(command))
                .orElseGet(() -> Future.failedFuture(Failures.noPage()));
    }

    /** Adds the navigation that the browser was launched with to the action log. */
    Future<SessionReply> logFirstPage() {
        return actions.orElseThrow()
                .submitBegun(
                        spec.opening().orElseThrow(),
                        spec.envelope(),
                        launched.flatMap(Launched::firstPage).orElseThrow());
    }

    /** Fails the running action and all that wait. */
    void stopActing(BerthException why) {
        actionsOver = actions.map(queue -> queue.close(why)).orElse(Future.succeededFuture());
    }

    /** Completes when the last action is in the log. */
    Future<Void> actionsOver() {
        return actionsOver;
    }

    /** Saves the session's profile, which ends the browser in order. Never fails. */
    Future<Void> saveProfile() {
        services.screens().remove(spec.id());
        return get().map(profile::save).orElse(Future.succeededFuture());
    }

    /** Ends the browser, even if it is still starting. */
    Future<Void> close() {
        services.screens().remove(spec.id());
        return launch.transform(up -> {
            // Again: it may have come up since.
            services.screens().remove(spec.id());
            return up.succeeded() ? up.result().browser().close() : Future.succeededFuture();
        });
    }
}
