package dev.berth.agent;

import dev.berth.agent.machine.Replay.RecordedStep;
import dev.berth.agent.machine.ShownPage;
import dev.berth.agent.machine.TaskEffect.Act;
import dev.berth.agent.machine.TaskInput.Acted;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Cost;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ExecuteTask;
import dev.berth.protocol.OwnSession;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.Secrets;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.AwaitRunning;
import dev.berth.protocol.SessionCommand.CancelAction;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.ShownJson.Links;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskSupport.AwaitNoHands;
import dev.berth.protocol.TaskSupport.ProtectSession;
import dev.berth.protocol.TaskSupport.TaskNote;
import dev.berth.protocol.VerbChoices.WaitUntil;
import dev.berth.verbs.Tool;
import dev.berth.verbs.ToolRunner;
import dev.berth.verbs.ToolRunner.Ran;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The session of a task, as the task uses it. */
final class TaskSession {
    private static final long QUIET_MILLIS = 5_000;
    private static final long REST_MILLIS = 60_000;
    private static final long NAVIGATE_MILLIS = 30_000;

    private static final ToolRunner RUNNER = new ToolRunner(Links.NONE, 1 << 20);

    private final SessionClient client;
    private final SessionId id;
    private final OwnSession own;
    private final ExecuteTask request;
    private final AllowedPages pages;
    private final Secrets secrets;
    private final Variables variables;
    private final PageData data;
    private final TaskPictures pictures;
    private final PageReader reader;
    private final StepRecorder recorder;
    private final TaskActions actions;
    private long actsOfPeople;

    /** Throws {@link BerthException} where the request can't be carried out. */
    TaskSession(SessionClient sessions, OwnSession own, ExecuteTask request, PageData data, TaskPictures pictures) {
        this.client = sessions.calling(request.taskId().value());
        this.id = own.id();
        this.own = own;
        this.request = request;
        this.pages = new AllowedPages(client, id, request.spec());
        this.secrets = new Secrets(request.spec().variables());
        this.variables = new Variables(secrets);
        this.data = data;
        this.pictures = pictures;
        this.reader = new PageReader(client, id, data);
        this.recorder =
                new StepRecorder(element -> client.ask(id, element).map(SessionReply.ElementNames::selectors), secrets);
        this.actions = new TaskActions(client, id, request.taskId());
        // A session that the request names is there already.
        request.sessionId().ifPresent(given -> own.make(Future::succeededFuture));
        request.spec().startUrl().map(variables::url).ifPresent(pages::open);
    }

    SessionId id() {
        return id;
    }

    /** Makes the session, if there is none yet, limits it, and opens the page where the task begins. */
    Future<ShownPage> prepare() {
        Future<?> made =
                request.sessionId().isPresent() ? Future.succeededFuture() : own.make(() -> client.create(creation()));
        return made.onFailure(e -> own.end(EndReason.TASK_FAILED))
                .compose(created -> client.ask(id, new AwaitRunning()))
                .compose(running -> client.ask(id, new ProtectSession(pages.domains(), secrets)))
                .compose(limited -> request.spec().startUrl().map(this::open).orElseGet(Future::succeededFuture))
                // Acts of people before this moment don't concern the task.
                .compose(opened -> rest())
                .compose(rested -> look(true));
    }

    private CreateSession creation() {
        return new CreateSession(
                id,
                request.userId(),
                Optional.empty(),
                request.options(),
                labels(),
                Optional.empty(),
                Optional.empty(),
                request.keyId(),
                request.name());
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new HashMap<>(request.metadata());
        labels.put("taskId", request.taskId().value());
        return labels;
    }

    private Future<?> open(String startUrl) {
        Navigate start = new Navigate(variables.url(startUrl), WaitUntil.LOAD, NAVIGATE_MILLIS);
        return actions.run(() -> client.because("the task's startUrl").ask(id, start))
                .recover(e -> Future.failedFuture(new BerthException(
                        ErrorCode.ACTION_FAILED, "startUrl could not be opened: " + data.plain(e.getMessage()), e)));
    }

    /**
     * Whether people rest.
     *
     * @param resting false where one still acted when the time was over
     * @param acted whether one has acted since this was asked for the last time
     */
    record Rest(boolean resting, boolean acted) {}

    /** Completes when no person acts, or one has for a minute. */
    Future<Rest> rest() {
        return client.ask(id, new AwaitNoHands(QUIET_MILLIS, REST_MILLIS)).map(hands -> {
            boolean acted = hands.acts() != actsOfPeople;
            actsOfPeople = hands.acts();
            return new Rest(hands.resting(), acted);
        });
    }

    /** The page: where it can't be read, that is said. */
    Future<ShownPage> look(boolean whole) {
        return reader.look(whole);
    }

    TaskActions actions() {
        return actions;
    }

    StepRecorder recorder() {
        return recorder;
    }

    Future<String> place() {
        return client.ask(id, new DescribeSession()).map(now -> reader.place(now.currentUrl()));
    }

    /** Runs a tool; that it failed is a result. Fails where the session is over. */
    Future<Acted> act(Act act) {
        return act.again()
                .map(step -> recorder.again(step)
                        .compose(found -> run(act, found.named(), Optional.of(found)), gone -> unfit(act, gone)))
                .orElseGet(() -> recorder.of(act).compose(step -> run(act, new JsonObject(act.arguments()), step)))
                .recover(this::failed);
    }

    /** Notes a step that could not be repeated: no action of the session shows it. */
    private Future<Acted> unfit(Act act, Throwable gone) {
        return note(
                        "unfit_step",
                        Map.of("tool", act.tool(), "text", data.plain(String.valueOf(gone.getMessage()))),
                        act.cost())
                .transform(noted -> Future.failedFuture(gone));
    }

    private Future<Acted> run(Act act, JsonObject given, Optional<RecordedStep> step) {
        Tool tool = TaskTools.named(act.tool());
        JsonObject arguments = variables.put(act.tool(), given);
        SessionClient because =
                act.reason().map(data::plain).map(client::because).orElse(client);
        return Future.succeededFuture()
                .compose(now -> pages.require(tool, given, arguments))
                .transform(allowed -> allowed.failed()
                        ? refused(act, allowed.cause())
                        : actions.run(() -> RUNNER.run(because.costing(act.cost()), id, tool, arguments)))
                .compose(ran -> pictures.with(ran.reply(), data.marked(ran.text())))
                .onSuccess(acted -> recorder.done(act, step));
    }

    /** Notes a refused call: no action of the session has its cost. */
    private Future<Ran> refused(Act act, Throwable why) {
        return note("refused_call", Map.of("text", data.plain(String.valueOf(why.getMessage()))), act.cost())
                .transform(noted -> Future.failedFuture(why));
    }

    private Future<Acted> failed(Throwable e) {
        if (isOver(e)) {
            return Future.failedFuture(e);
        }
        String hint = e instanceof BerthException known
                ? known.hint().map(more -> " (" + more + ")").orElse("")
                : "";
        String why = String.valueOf(e.getMessage()) + hint;
        return Future.succeededFuture(new Acted(false, data.plain(why), List.of()));
    }

    Future<?> note(String type, Map<String, Object> details, Cost cost) {
        return client.costing(cost).ask(id, new TaskNote(type, details));
    }

    /** Ends the session, if it was made for the task and is not to outlive the task. */
    Future<?> end(EndReason reason) {
        return request.ownsSession() && !request.spec().keepAlive() ? own.end(reason) : Future.succeededFuture();
    }

    static boolean isOver(Throwable e) {
        return e instanceof BerthException known
                && (known.code() == ErrorCode.SESSION_ENDED || known.code() == ErrorCode.SESSION_NOT_FOUND);
    }

    /** The actions of a task in its browser; none any more once the task is over. Used on one context. */
    static final class TaskActions {
        private static final Logger log = LoggerFactory.getLogger(TaskActions.class);

        private final SessionClient client;
        private final SessionId session;
        private final TaskId task;
        private Future<?> latest = Future.succeededFuture();
        private boolean over;

        /** @param client whose actions have the task's id as their name */
        TaskActions(SessionClient client, SessionId session, TaskId task) {
            this.client = client;
            this.session = session;
            this.task = task;
        }

        /** Does an act; fails where the task is over. */
        <T> Future<T> run(Supplier<Future<T>> act) {
            if (over) {
                return Future.failedFuture(new BerthException(ErrorCode.ACTION_FAILED, "the task is over"));
            }
            Future<T> acting = act.get();
            latest = acting;
            return acting;
        }

        /** Gives up the act that runs, and refuses others. */
        void giveUp() {
            over = true;
            if (!latest.isComplete()) {
                client.ask(session, new CancelAction(task.value()))
                        .onFailure(e -> log.debug("{} could not give up its act: {}", task, e.getMessage()));
            }
        }
    }
}
