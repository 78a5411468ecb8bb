package dev.berth.agent;

import dev.berth.agent.AgentVerticle.AgentServices;
import dev.berth.agent.machine.Replay;
import dev.berth.agent.machine.TaskEffect;
import dev.berth.agent.machine.TaskInput;
import dev.berth.agent.machine.TaskMachine;
import dev.berth.agent.machine.TaskOutcome;
import dev.berth.agent.machine.TaskRules;
import dev.berth.agent.machine.TaskState;
import dev.berth.agent.machine.TaskState.TaskPhase;
import dev.berth.agent.machine.TaskTransition;
import dev.berth.agent.model.Model;
import dev.berth.agent.model.ModelException;
import dev.berth.protocol.Cost;
import dev.berth.protocol.ExecuteTask;
import dev.berth.protocol.OwnSession;
import dev.berth.protocol.Secrets;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.TaskSpec;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The actor of one task: carries out what its {@link TaskMachine} decides. Runs on the context of the node's {@link AgentVerticle}. */
final class TaskActor {
    private static final Logger log = LoggerFactory.getLogger(TaskActor.class);
    private static final int CONDITIONS = 2;
    /** End reasons that somebody chose: they cancel the task, and others fail it. */
    private static final Set<EndReason> ON_PURPOSE =
            Set.of(EndReason.CLIENT, EndReason.ADMIN, EndReason.TASK_CANCELLED, EndReason.NODE_DRAINED);

    private final Vertx vertx;
    private final AgentServices services;
    private final ExecuteTask request;
    private final TaskSession session;
    private final Optional<OutputSchema> schema;
    private final PageData data;
    private final TaskMachine machine;
    private final People people;
    private final EarlierRuns runs;
    private final TaskRecorder recorder;
    private final Instant startedAt;
    private final Promise<Void> over = Promise.promise();
    private final Queue<TaskInput> inputs = new ArrayDeque<>();
    private TaskState state;
    private Optional<Model.Asking> asking = Optional.empty();
    private Optional<Instant> completedAt = Optional.empty();
    private boolean busy;
    private int conditions;
    private Future<?> noted = Future.succeededFuture();

    /** Throws {@link dev.berth.protocol.BerthException} where the request can't be carried out. */
    TaskActor(Vertx vertx, AgentServices services, ExecuteTask request, SessionClient sessions) {
        TaskSpec spec = request.spec();
        this.vertx = vertx;
        this.services = services;
        this.request = request;
        this.data = new PageData(new Secrets(spec.variables()));
        this.session = new TaskSession(
                sessions,
                new OwnSession(vertx, sessions, request.sessionId().orElseGet(() -> madeFor(request))),
                request,
                data,
                new TaskPictures(services.files(), blindness(services.model(), spec)));
        this.schema = spec.schema().map(OutputSchema::of);
        TaskRules rules = new TaskRules(
                Instructions.SYSTEM,
                Instructions.task(spec, data),
                spec.limits(),
                schema.isPresent(),
                TaskTools.specs(spec),
                TaskTools.acts(),
                services.model()::most);
        this.machine = new TaskMachine(rules);
        this.state = TaskState.pending(rules);
        this.runs = new EarlierRuns(request, session, services);
        this.people = new People(session, services.scheduler(), () -> state.phase(), this::tell, this::broken);
        this.recorder =
                new TaskRecorder(vertx, services.history(), request.taskId(), session.id(), services.scheduler(), data);
        this.startedAt = services.scheduler().now();
    }

    /** The session's id follows from the task's: a node that declares this one lost finds the session of each task by that. */
    private static SessionId madeFor(ExecuteTask request) {
        return request.spec().keepAlive()
                ? SessionId.random()
                : request.taskId().session();
    }

    /** Redaction does not reach into pictures, and a page shows what was entered. */
    private static Optional<String> blindness(Model model, TaskSpec spec) {
        if (!model.sees()) {
            return Optional.of("you can't take screenshots; read the page instead");
        }
        return spec.variables().isEmpty()
                ? Optional.empty()
                : Optional.of("it may show values that you must not see; read the page instead");
    }

    ExecuteTask request() {
        return request;
    }

    TaskSession session() {
        return session;
    }

    /** Completes when the task has ended, and all of it is recorded. */
    Future<Void> whenOver() {
        return over.future();
    }

    /** Called once when the task has a place, and once when it is recorded: the task begins with the second call. */
    void mayBegin() {
        if (++conditions == CONDITIONS) {
            tell(new TaskInput.Placed());
        }
    }

    /** @param recorded completes when Postgres has the task */
    void recordedBy(Future<?> recorded) {
        recorder.after(recorded);
    }

    boolean isAsking() {
        return state.phase() == TaskPhase.WAITING;
    }

    TaskView view() {
        return view(state.status(), state.question());
    }

    /** @param status which the outcome follows, where it has ended meanwhile */
    TaskView view(TaskStatus status, Optional<String> question) {
        Optional<TaskOutcome> outcome = state.outcome().filter(known -> status.ended());
        return new TaskView(
                request.taskId(),
                session.id(),
                request.userId(),
                request.spec().instruction(),
                status,
                outcome.flatMap(TaskOutcome::output),
                question.map(data::plain),
                outcome.flatMap(TaskOutcome::error).map(data::plain),
                state.steps(),
                state.spent(),
                startedAt,
                completedAt.filter(at -> status.ended()));
    }

    void performed(String id) {
        recorder.performed(id);
    }

    void sessionEnded(EndReason reason) {
        tell(new TaskInput.SessionOver(reason.message(), ON_PURPOSE.contains(reason)));
    }

    /** An effect may bring an input at once: inputs wait until the effects of the one before are carried out. */
    void tell(TaskInput input) {
        if (input instanceof TaskInput.Answered || input instanceof TaskInput.Rested rested && rested.personActed()) {
            // Later steps may depend on the answer or the act: the recording of steps ends.
            session.recorder().end();
        }
        inputs.add(input);
        if (busy) {
            return;
        }
        busy = true;
        for (TaskInput next = inputs.poll(); next != null; next = inputs.poll()) {
            TaskInput current = next;
            attempt(() -> step(current));
        }
        busy = false;
    }

    private void step(TaskInput input) {
        TaskTransition next = machine.on(state, input);
        state = next.state();
        next.effects().forEach(effect -> attempt(() -> perform(effect)));
    }

    /** A defect of Berth must not leave a task that never ends. */
    private void attempt(Runnable part) {
        try {
            part.run();
        } catch (RuntimeException e) {
            log.error("{} failed unexpectedly", request.taskId(), e);
            inputs.add(new TaskInput.Broken("the server could not continue the task; see its log"));
        }
    }

    private void perform(TaskEffect effect) {
        if (effect instanceof TaskEffect.Prepare) {
            follow(session.prepare().compose(page -> runs.steps().map(replay -> new TaskInput.Ready(page, replay))));
        } else if (effect instanceof TaskEffect.Think think) {
            think(think);
        } else if (effect instanceof TaskEffect.GiveUp) {
            asking.ifPresent(Model.Asking::cancel);
            session.actions().giveUp();
        } else if (effect instanceof TaskEffect.Rest) {
            people.awaitRest();
        } else if (effect instanceof TaskEffect.Act act) {
            recorder.begin();
            follow(session.act(act));
        } else if (effect instanceof TaskEffect.Look look) {
            follow(runs.arrival(look.destination())
                    .compose(there -> session.look(look.whole()))
                    .map(TaskInput.Looked::new));
        } else if (effect instanceof TaskEffect.Judge judge) {
            judge(judge.output());
        } else if (effect instanceof TaskEffect.AwaitPerson) {
            people.awaitAct();
        } else {
            record(effect);
        }
    }

    private void record(TaskEffect effect) {
        if (effect instanceof TaskEffect.Note note) {
            noted = session.note(note.type(), note.details(), note.cost())
                    .onFailure(
                            e -> log.debug("{} could not note {}: {}", request.taskId(), note.type(), e.getMessage()));
        } else if (effect instanceof TaskEffect.KeepStep step) {
            recorder.step(step);
        } else if (effect instanceof TaskEffect.Tell tell) {
            recorder.changed(view(tell.status(), tell.question()));
        } else if (effect instanceof TaskEffect.Finish finish) {
            finish(finish.outcome());
        }
    }

    /** A failure here is the session's: a failed action is a result. */
    private void follow(Future<? extends TaskInput> work) {
        work.onSuccess(this::tell).onFailure(this::broken);
    }

    private void broken(Throwable e) {
        String why = String.valueOf(e.getMessage());
        boolean onPurpose = ON_PURPOSE.stream().map(EndReason::message).anyMatch(why::equals);
        tell(TaskSession.isOver(e) ? new TaskInput.SessionOver(why, onPurpose) : new TaskInput.Broken(why));
    }

    private void think(TaskEffect.Think think) {
        Model.Asking asked = services.model().ask(think.prompt(), think.maxUsd());
        asking = Optional.of(asked);
        long begunNanos = System.nanoTime();
        asked.turn()
                .onSuccess(turn -> {
                    services.counts().asked(System.nanoTime() - begunNanos, true, turn.cost());
                    tell(new TaskInput.TurnCame(turn));
                })
                .onFailure(e -> noAnswer(e, System.nanoTime() - begunNanos));
    }

    private void noAnswer(Throwable e, long nanos) {
        Cost cost = e instanceof ModelException known ? known.cost() : Cost.NONE;
        services.counts().asked(nanos, false, cost);
        tell(new TaskInput.ModelFailed(String.valueOf(e.getMessage()), cost));
    }

    private void judge(String output) {
        schema.map(known -> known.objection(vertx, output))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()))
                .onSuccess(objection -> tell(new TaskInput.Judged(objection.map(data::plain))));
    }

    private void finish(TaskOutcome outcome) {
        completedAt = Optional.of(services.scheduler().now());
        services.counts().ended(outcome.status());
        log.info("{} {} after {} steps", request.taskId(), outcome.status().wireName(), state.steps());
        Future<Optional<Replay>> left = noted.transform(done -> runs.left(outcome));
        Future<?> kept = left.compose(steps -> steps.<Future<?>>map(runs::keep).orElseGet(Future::succeededFuture));
        Future<?> ended = left.compose(steps -> session.end(outcome.session()));
        Future.join(recorder.changed(view()), kept, ended).onComplete(done -> over.tryComplete());
    }
}
