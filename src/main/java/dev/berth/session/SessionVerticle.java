package dev.berth.session;

import dev.berth.browser.Browser;
import dev.berth.browser.BrowserDriver.Navigated;
import dev.berth.browser.Launched;
import dev.berth.clock.LivedTimer;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CdpClientCommand.ClaimDialogs;
import dev.berth.protocol.CdpClientCommand.DetachCdpClient;
import dev.berth.protocol.CdpClientCommand.HoldTargets;
import dev.berth.protocol.CdpClientCommand.OpenCdp;
import dev.berth.protocol.CdpClientCommand.RecordCdpActions;
import dev.berth.protocol.CdpClientCommand.ReleaseTarget;
import dev.berth.protocol.CdpClientCommand.TouchCdpClient;
import dev.berth.protocol.CdpClientCommand.WatchTargets;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionCommand.CheckHealth;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionCommand.ReadActions;
import dev.berth.protocol.SessionCommand.ReadArtifacts;
import dev.berth.protocol.SessionCommand.ReadConsole;
import dev.berth.protocol.SessionCommand.ReadNetwork;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.Acknowledged;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import dev.berth.protocol.SessionReply.SessionOver;
import dev.berth.protocol.SessionStatus;
import dev.berth.session.act.ActionQueue;
import dev.berth.session.act.Actions;
import dev.berth.session.act.ClaimedDialogs;
import dev.berth.session.act.HealthCheck;
import dev.berth.session.act.OpenQuestions;
import dev.berth.session.keep.ActionLog;
import dev.berth.session.keep.ArtifactKeeper;
import dev.berth.session.keep.Downloads;
import dev.berth.session.keep.KeptBytes;
import dev.berth.session.keep.LiveRow;
import dev.berth.session.keep.LocalChunks;
import dev.berth.session.keep.LogBudget;
import dev.berth.session.keep.LogMerger;
import dev.berth.session.keep.LogSealer;
import dev.berth.session.keep.SessionLogs;
import dev.berth.session.machine.SessionEffect;
import dev.berth.session.machine.SessionEffect.CleanUp;
import dev.berth.session.machine.SessionEffect.Finish;
import dev.berth.session.machine.SessionEffect.OpenInitialPage;
import dev.berth.session.machine.SessionEffect.Publish;
import dev.berth.session.machine.SessionEffect.SaveSoon;
import dev.berth.session.machine.SessionInput;
import dev.berth.session.machine.SessionMachine;
import dev.berth.session.machine.SessionProfile;
import dev.berth.session.machine.SessionState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.internal.ContextInternal;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One session: message in → {@link SessionMachine} → effects out. Never blocks its event loop. */
final class SessionVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(SessionVerticle.class);

    // How long the steps of an end are waited for: together less than who asked for it waits.
    private static final long WORK_MILLIS = 5_000;
    private static final long CHROME_MILLIS = 20_000;
    private static final long CLIENTS_MILLIS = 2_000;
    private static final long KEEP_MILLIS = 8_000;
    private static final long KEEP_AGAIN_MILLIS = 1_000;

    private final SessionProfile profile;
    private final SessionServices services;
    private final Admission admission;
    private final LogBudget logBudget;
    private final SessionId id;
    private final SessionMachine machine;
    private final Promise<Void> abortLaunch = Promise.promise();
    private final Promise<SessionOver> over = Promise.promise();
    /** What is told of the end: as above, or why it is not safe yet. */
    private final Promise<SessionOver> ended = Promise.promise();

    private SessionState state = SessionState.NEW;
    private SessionLogs logs;
    private LocalChunks local;
    private ActionLog actionLog;
    private ArtifactKeeper keeper;
    private Downloads downloads;
    private BrowserHearing hearing;

    private LiveRow row;
    private SessionTimers timers;
    private ClaimedDialogs claimedDialogs;
    private CdpClients cdpClients;
    private final OpenQuestions questions = new OpenQuestions();
    private Admission.Ticket ticket;
    private Future<Launched> launch;
    private Optional<Future<Navigated>> firstPage = Optional.empty();
    private Optional<Browser> browser = Optional.empty();
    private Optional<ActionQueue> actions = Optional.empty();

    SessionVerticle(SessionProfile profile, SessionServices services, Admission admission, LogBudget logBudget) {
        this.admission = admission;
        this.logBudget = logBudget;
        this.profile = profile;
        this.services = services;
        this.id = profile.id();
        this.machine = new SessionMachine(id);
    }

    @Override
    public Future<?> start() {
        KeptBytes kept = new KeptBytes(services.maxKeptBytes(), detail -> step(new SessionInput.DiskOutgrown(detail)));
        local = new LocalChunks(id, services.store());
        LogSealer sealer = new LogSealer(
                vertx, services.store(), services.logChunks(), local, profile.userId(), services.logs(), kept::logged);
        LogMerger merger = new LogMerger(vertx, services.store(), services.logChunks(), local, services.machineId());
        logs = new SessionLogs(vertx, id, sealer, merger, logBudget);
        actionLog = new ActionLog(id, services.actions(), action -> step(new SessionInput.ActionDone(action)));
        actionLog.causedBy(profile.source());
        keeper = new ArtifactKeeper(
                id,
                services.store(),
                services.artifacts(),
                kept,
                artifact -> publish(new SessionEvent.ArtifactStored(id, artifact)));
        downloads = new Downloads(vertx);
        hearing = new BrowserHearing(id, this::step, this::publish, logs, actionLog, keeper, downloads);
        row = new LiveRow(
                vertx,
                id,
                services.sessions(),
                services.navigations(),
                () -> profile.snapshot(state, Instant.now()),
                () -> state.activity().visits());
        timers = new SessionTimers(vertx, profile, this::end);
        claimedDialogs = new ClaimedDialogs(pages -> browser.ifPresent(up -> up.leaveDialogs(pages)));
        cdpClients = new CdpClients(
                vertx, timers, connected -> browser.ifPresent(up -> up.clientsChanged(connected)), client -> {
                    claimedDialogs.left(client);
                    browser.ifPresent(up -> up.clientLeft(client));
                });
        ticket = admission.enter(position -> step(new SessionInput.Queued(position)));
        launch = Future.failedFuture("it was not begun");
        return vertx.eventBus()
                .consumer(Addresses.session(id), this::receive)
                .completion()
                .onSuccess(registered -> launch())
                .onFailure(e -> ticket.leave());
    }

    /** A session whose node goes down without asking ends all the same, in order. What can't be kept now does not hold the node up. */
    @Override
    public Future<?> stop() {
        end(EndReason.NODE_DRAINED);
        return ended.future().otherwiseEmpty();
    }

    /** Completes when the session is over and all that it left is safe; its row has been written. */
    Future<SessionOver> whenOver() {
        return over.future();
    }

    private void launch() {
        // Whoever fails it may do so on another thread.
        Promise<Launched> launching = ((ContextInternal) context).promise();
        Future.succeededFuture().compose(now -> begin()).onComplete(launching);
        launch = launching.future();
        launch.onSuccess(this::launched).onFailure(e -> {
            if (!state.life().ending()) {
                log.warn("{} did not come up: {}", id, e.getMessage());
            }
            step(new SessionInput.LaunchFailed(e.getMessage()));
        });
    }

    private Future<Launched> begin() {
        timers.start();
        long queueMillis = services.config().queueTimeoutMillis();
        LivedTimer queueTimer =
                LivedTimer.set(vertx, queueMillis, () -> step(new SessionInput.QueueTimedOut(queueMillis)));
        return ticket.placed()
                .onComplete(placed -> queueTimer.cancel())
                .compose(placed -> services.launcher()
                        .launch(profile.options(), profile.opening(), hearing, abortLaunch.future()));
    }

    private void launched(Launched launched) {
        Browser up = launched.browser();
        browser = Optional.of(up);
        firstPage = launched.firstPage();
        if (!state.life().ending()) {
            timers.running();
        }
        actions = Optional.of(new ActionQueue(new Actions(up, keeper, downloads), actionLog::append));
        log.info("{} is running on {}, process {}", id, up.version(), up.pid());
        step(new SessionInput.BrowserUp(Instant.now()));
    }

    // Messages in

    private void receive(Message<Object> message) {
        Future.succeededFuture()
                .compose(now -> answer(message))
                .onSuccess(message::reply)
                .onFailure(e -> fail(message, e));
    }

    /** Throws where the message can not be read: its sender may be anybody's. */
    private Future<? extends SessionReply> answer(Message<Object> message) {
        Envelope envelope = Envelope.of(message);
        if (envelope.owner().orElse(profile.userId()) != profile.userId()) {
            throw new BerthException(ErrorCode.SESSION_NOT_FOUND, "no live session has this id");
        }
        if (message.body() instanceof SessionCommand<?> command) {
            return answer(command, envelope);
        }
        throw new BerthException(ErrorCode.INVALID_ARGUMENT, "this is no command to a session");
    }

    private Future<? extends SessionReply> answer(SessionCommand<?> command, Envelope envelope) {
        if (command instanceof DescribeSession) {
            browser.ifPresent(Browser::refresh);
            return Future.succeededFuture(profile.snapshot(state, Instant.now()));
        } else if (command instanceof ReadActions read) {
            return Future.succeededFuture(actionLog.read(read));
        } else if (command instanceof ReadArtifacts) {
            return Future.succeededFuture(keeper.list());
        } else if (command instanceof ReadConsole read) {
            return Future.succeededFuture(logs.read(read));
        } else if (command instanceof ReadNetwork read) {
            return Future.succeededFuture(logs.read(read));
        } else if (command instanceof CheckHealth) {
            return questions.ask(HealthCheck.of(state, browser));
        } else if (command instanceof EndSession end) {
            end(end.reason());
            return over.future().isComplete() ? over.future() : ended.future();
        } else if (command instanceof Action<?> action) {
            timers.used();
            actionLog.causedBy(envelope.source());
            return act(action, envelope);
        }
        return answerCdp(command);
    }

    private Future<? extends SessionReply> answerCdp(SessionCommand<?> command) {
        if (command instanceof OpenCdp open) {
            return openCdp(open);
        } else if (command instanceof TouchCdpClient touch) {
            cdpClients.touch(touch.clientId(), touch.used());
            return Future.succeededFuture(new Acknowledged());
        } else if (command instanceof ClaimDialogs claim) {
            claimedDialogs.claim(claim.clientId(), claim.pageIds());
            return Future.succeededFuture(new Acknowledged());
        } else if (command instanceof HoldTargets hold) {
            browser.ifPresent(up -> up.holdTargets(hold.clientId(), hold.targetTypes()));
            return Future.succeededFuture(new Acknowledged());
        } else if (command instanceof ReleaseTarget release) {
            browser.ifPresent(up -> up.releaseTarget(release.clientId(), release.targetId(), release.started()));
            return Future.succeededFuture(new Acknowledged());
        } else if (command instanceof WatchTargets) {
            return questions.ask(browser.map(Browser::watchTargets)
                    .orElse(Future.succeededFuture())
                    .map(new Acknowledged()));
        } else if (command instanceof DetachCdpClient detach) {
            cdpClients.detach(detach.clientId());
            return Future.succeededFuture(new Acknowledged());
        } else if (command instanceof RecordCdpActions record) {
            return Future.join(record.actions().stream().map(actionLog::append).toList())
                    .map(new Acknowledged());
        }
        return Future.failedFuture(new BerthException(ErrorCode.INTERNAL, "unknown command"));
    }

    private Future<CdpEndpoint> openCdp(OpenCdp open) {
        Optional<EndReason> reason = state.life().endReason();
        if (reason.isPresent()) {
            return Future.failedFuture(reason.get().refusal());
        }
        if (browser.isEmpty()) {
            return Future.failedFuture(notRunning());
        }
        cdpClients.attach(open.clientId());
        return Future.succeededFuture(browser.get().endpoint().of(profile.userId()));
    }

    private Future<SessionReply> act(Action<?> action, Envelope envelope) {
        Optional<EndReason> reason = state.life().endReason();
        if (reason.isPresent()) {
            return Future.failedFuture(reason.get().refusal());
        }
        return actions.map(queue -> queue.submit(action, envelope)).orElseGet(() -> Future.failedFuture(notRunning()));
    }

    private static BerthException notRunning() {
        return new BerthException(
                ErrorCode.SESSION_NOT_RUNNING, "the session is still being created; try again in a moment");
    }

    private void fail(Message<?> message, Throwable e) {
        if (e instanceof BerthException known) {
            message.fail(known.code().number(), known.replyText());
        } else {
            log.error("{} failed to answer a command", id, e);
            message.fail(ErrorCode.INTERNAL.number(), "the session failed to answer");
        }
    }

    /** A Chrome that dies takes its clients' sockets with it, whose end may be heard of first. */
    private void end(EndReason reason) {
        boolean told = reason == EndReason.CLIENT_DISCONNECTED && !state.life().ending();
        browser.filter(up -> told)
                .map(Browser::presence)
                .orElse(Future.succeededFuture())
                .onComplete(known -> step(new SessionInput.EndRequested(reason)));
    }

    // Effects out

    private void step(SessionInput input) {
        SessionMachine.Step step = machine.step(state, input);
        state = step.state();
        step.effects().forEach(this::perform);
    }

    private void perform(SessionEffect effect) {
        if (effect instanceof SaveSoon) {
            row.changed();
        } else if (effect instanceof Publish publish) {
            publish(publish.event());
        } else if (effect instanceof OpenInitialPage) {
            openInitialPage();
        } else if (effect instanceof CleanUp) {
            cleanUp();
        } else if (effect instanceof Finish) {
            finish();
        }
    }

    private void publish(SessionEvent event) {
        vertx.eventBus().publish(Addresses.events(id), event);
        if (event instanceof SessionEvent.SessionStarted || event instanceof SessionEvent.SessionEnded) {
            vertx.eventBus().publish(Addresses.SESSIONS, event);
        }
    }

    /** How it goes is told in the action log; the session runs on either way. */
    private void openInitialPage() {
        firstPage.ifPresent(navigated -> actions.orElseThrow()
                .submitBegun(profile.opening().orElseThrow(), profile.envelope(), navigated)
                .onFailure(e -> log.debug("{} could not open its first page: {}", id, e.getMessage())));
    }

    /** Runs once: the machine asks for it once. */
    private void cleanUp() {
        EndReason reason = state.life().endReason().orElseThrow();
        Promise<Void> actionsOver = Promise.promise();
        new Closing(vertx, id)
                .then("giving up its place in the queue", WORK_MILLIS, () -> {
                    questions.close(reason.refusal());
                    timers.stop();
                    abortLaunch.tryComplete();
                    if (!ticket.placed().succeeded()) {
                        ticket.leave();
                    }
                    return Future.succeededFuture();
                })
                .then("ending its actions", WORK_MILLIS, () -> {
                    actions.map(queue -> queue.close(reason.refusal()))
                            .orElse(Future.succeededFuture())
                            .onComplete(actionsOver);
                    return Future.succeededFuture();
                })
                .then("keeping its downloads", WORK_MILLIS, hearing::settled)
                // A launch that is waited for no longer still ends the Chrome that it brings.
                .then(
                        "ending its Chrome",
                        CHROME_MILLIS,
                        () -> launch.transform(
                                up -> up.succeeded() ? up.result().browser().close() : Future.succeededFuture()))
                .then("logging its last action", WORK_MILLIS, actionsOver::future)
                .then("hearing its clients out", CLIENTS_MILLIS, cdpClients::whenGone)
                // What can't be kept now is tried again until it can.
                .then("keeping its logs", KEEP_MILLIS, () -> logs.flush().otherwiseEmpty())
                .over()
                .onComplete(flushed -> step(new SessionInput.CleanedUp(Instant.now())));
    }

    /** It is not over before what it left is safe, on disk at the least. */
    private void finish() {
        ticket.leave();
        keep().onComplete(kept -> {
            if (kept.succeeded()) {
                over();
            } else {
                log.warn(
                        "{} what it left can't be kept, is tried again: {}",
                        id,
                        kept.cause().toString());
                ended.tryFail(new BerthException(
                        ErrorCode.UPSTREAM, "the session has ended, but not all that it left could be kept yet"));
                vertx.setTimer(KEEP_AGAIN_MILLIS, again -> finish());
            }
        });
    }

    private Future<?> keep() {
        Promise<Object> kept = ((ContextInternal) context).promise();
        Future.join(logs.flush(), row.writeLast()).<Object>mapEmpty().onComplete(kept);
        return kept.future().timeout(KEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void over() {
        EndReason reason = state.life().endReason().orElseThrow();
        SessionStatus status = state.life().status();
        logs.close()
                .onFailure(e -> log.debug("{} its small log chunks stay: {}", id, e.toString()))
                .onComplete(merged -> local.close());
        log.info("{} {}: {}", id, status.wireName(), reason.wireName());
        publish(new SessionEvent.SessionEnded(
                id, status, reason, state.life().endedAt().orElseThrow()));
        over.complete(new SessionOver(status, reason));
        ended.tryComplete(new SessionOver(status, reason));
    }
}
