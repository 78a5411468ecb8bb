package dev.berth.agent;

import dev.berth.agent.machine.Outcome;
import dev.berth.agent.machine.Step;
import dev.berth.agent.machine.TaskEffect;
import dev.berth.agent.machine.TaskEffect.Act;
import dev.berth.agent.machine.TaskEffect.AwaitPerson;
import dev.berth.agent.machine.TaskEffect.Finish;
import dev.berth.agent.machine.TaskEffect.Judge;
import dev.berth.agent.machine.TaskEffect.KeepStep;
import dev.berth.agent.machine.TaskEffect.Look;
import dev.berth.agent.machine.TaskEffect.Note;
import dev.berth.agent.machine.TaskEffect.Prepare;
import dev.berth.agent.machine.TaskEffect.Rest;
import dev.berth.agent.machine.TaskEffect.StopThinking;
import dev.berth.agent.machine.TaskEffect.Tell;
import dev.berth.agent.machine.TaskEffect.Think;
import dev.berth.agent.machine.TaskInput;
import dev.berth.agent.machine.TaskInput.Acted;
import dev.berth.agent.machine.TaskInput.Broken;
import dev.berth.agent.machine.TaskInput.Judged;
import dev.berth.agent.machine.TaskInput.Looked;
import dev.berth.agent.machine.TaskInput.ModelFailed;
import dev.berth.agent.machine.TaskInput.Placed;
import dev.berth.agent.machine.TaskInput.Ready;
import dev.berth.agent.machine.TaskInput.Rested;
import dev.berth.agent.machine.TaskInput.SessionOver;
import dev.berth.agent.machine.TaskInput.TurnCame;
import dev.berth.agent.machine.TaskMachine;
import dev.berth.agent.machine.TaskPhase;
import dev.berth.agent.machine.TaskRules;
import dev.berth.agent.machine.TaskState;
import dev.berth.agent.model.Asking;
import dev.berth.agent.model.Model;
import dev.berth.agent.model.ModelException;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Cost;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ExecuteTask;
import dev.berth.protocol.Secrets;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskSpec;
import dev.berth.protocol.TaskStatus;
import dev.berth.protocol.TaskStep;
import dev.berth.protocol.TaskView;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One task: carries out what its {@link TaskMachine} decides. Runs on the context of the node's {@link AgentVerticle}. */
final class TaskActor {
    private static final Logger log = LoggerFactory.getLogger(TaskActor.class);
    private static final long LISTEN_MILLIS = 1_000;
    private static final int CONDITIONS = 2;
    /** Whoever ended the session like this did it on purpose. */
    private static final Set<EndReason> ON_PURPOSE =
            Set.of(EndReason.CLIENT, EndReason.TASK_CANCELLED, EndReason.NODE_DRAINED);

    private final Vertx vertx;
    private final AgentServices services;
    private final ExecuteTask request;
    private final TaskSession session;
    private final Optional<OutputSchema> schema;
    private final PageData data;
    private final TaskMachine machine;
    private final TaskStory story;
    private final Instant startedAt;
    private final Promise<Void> over = Promise.promise();
    private final Queue<TaskInput> inputs = new ArrayDeque<>();
    private TaskState state;
    private Optional<Asking> asking = Optional.empty();
    private Optional<Instant> completedAt = Optional.empty();
    private boolean busy;
    private int conditions;
    private Instant actedAt;
    private long actedNanos;
    private Optional<String> actionId = Optional.empty();
    private Future<?> noted = Future.succeededFuture();

    /** Throws {@link BerthException} where the request can't be carried out. */
    TaskActor(Vertx vertx, AgentServices services, ExecuteTask request, SessionClient sessions) {
        TaskSpec spec = request.spec();
        if (spec.reuse()) {
            throw new BerthException(
                    ErrorCode.INVALID_ARGUMENT,
                    "reuse is not available yet: leave it out, and the model does the task");
        }
        Secrets secrets = new Secrets(spec.variables());
        this.vertx = vertx;
        this.services = services;
        this.request = request;
        this.data = new PageData(secrets);
        this.session = new TaskSession(
                sessions,
                request.sessionId().orElseGet(SessionId::random),
                request,
                secrets,
                data,
                new Pictures(services.files(), blindness(services.model(), spec)));
        this.schema = spec.schema().map(OutputSchema::of);
        TaskRules rules = new TaskRules(
                Instructions.SYSTEM,
                Instructions.task(spec, data),
                spec.limits(),
                schema.isPresent(),
                TaskTools.specs(),
                TaskTools.acts(),
                services.model()::mostUsd);
        this.machine = new TaskMachine(rules);
        this.state = TaskState.pending(rules);
        this.story = new TaskStory(vertx, services.history(), request.taskId());
        this.startedAt = services.scheduler().now();
        this.actedAt = startedAt;
    }

    /** Redaction does not reach into pictures, and a page shows what was entered. */
    private static Optional<String> blindness(Model model, TaskSpec spec) {
        if (!model.sees()) {
            return Optional.of("you take no pictures; read the page instead");
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

    /** It has a place, or it is recorded: it begins when both are so. */
    void mayBegin() {
        if (++conditions == CONDITIONS) {
            tell(new Placed());
        }
    }

    boolean isAsking() {
        return state.phase() == TaskPhase.WAITING;
    }

    TaskView view() {
        return view(state.status(), state.question());
    }

    /** @param status which the outcome follows, where it has ended meanwhile */
    TaskView view(TaskStatus status, Optional<String> question) {
        Optional<Outcome> outcome = state.outcome().filter(known -> status.ended());
        return new TaskView(
                request.taskId(),
                session.id(),
                request.userId(),
                request.spec().instruction(),
                status,
                outcome.flatMap(Outcome::output),
                question.map(data::plain),
                outcome.flatMap(Outcome::error).map(data::plain),
                state.steps(),
                state.spent(),
                startedAt,
                completedAt.filter(at -> status.ended()));
    }

    /** An action of the task is in the session's log. */
    void performed(String id) {
        actionId = Optional.of(id);
    }

    void sessionEnded(EndReason reason) {
        tell(new SessionOver(reason.message(), ON_PURPOSE.contains(reason)));
    }

    /** An effect may bring an input at once: inputs wait until the effects of the one before are carried out. */
    void tell(TaskInput input) {
        inputs.add(input);
        if (busy) {
            return;
        }
        busy = true;
        for (TaskInput next = inputs.poll(); next != null; next = inputs.poll()) {
            Step step = machine.on(state, next);
            state = step.state();
            step.effects().forEach(this::attempt);
        }
        busy = false;
    }

    /** A fault of ours must not leave a task that never ends. */
    private void attempt(TaskEffect effect) {
        try {
            perform(effect);
        } catch (RuntimeException e) {
            log.error("{} failed unexpectedly", request.taskId(), e);
            inputs.add(new Broken("the server failed to go on with it; see its log"));
        }
    }

    private void perform(TaskEffect effect) {
        if (effect instanceof Prepare) {
            follow(session.prepare(), Ready::new);
        } else if (effect instanceof Think think) {
            think(think);
        } else if (effect instanceof StopThinking) {
            asking.ifPresent(Asking::cancel);
        } else if (effect instanceof Rest) {
            rest();
        } else if (effect instanceof Act act) {
            act(act);
        } else if (effect instanceof Look look) {
            follow(session.look(look.whole()), Looked::new);
        } else if (effect instanceof Judge judge) {
            judge(judge.output());
        } else if (effect instanceof AwaitPerson) {
            session.rest().onComplete(before -> listen());
        } else {
            record(effect);
        }
    }

    private void record(TaskEffect effect) {
        if (effect instanceof Note note) {
            noted = session.note(note.type(), note.details(), note.cost())
                    .onFailure(
                            e -> log.debug("{} could not note {}: {}", request.taskId(), note.type(), e.getMessage()));
        } else if (effect instanceof KeepStep step) {
            story.step(step(step));
            actionId = Optional.empty();
        } else if (effect instanceof Tell tell) {
            story.changed(view(tell.status(), tell.question()));
        } else if (effect instanceof Finish finish) {
            finish(finish.outcome());
        }
    }

    /** What fails here is the session: a failed action is a result. */
    private <T> void follow(Future<T> work, Function<T, TaskInput> input) {
        work.onSuccess(result -> tell(input.apply(result))).onFailure(this::broken);
    }

    private void broken(Throwable e) {
        String why = String.valueOf(e.getMessage());
        boolean onPurpose = ON_PURPOSE.stream().map(EndReason::message).anyMatch(why::equals);
        tell(TaskSession.isOver(e) ? new SessionOver(why, onPurpose) : new Broken(why));
    }

    private void think(Think think) {
        Asking asked = services.model().ask(think.prompt(), think.maxUsd());
        asking = Optional.of(asked);
        asked.turn().onSuccess(turn -> tell(new TurnCame(turn))).onFailure(this::noAnswer);
    }

    private void noAnswer(Throwable e) {
        Cost cost = e instanceof ModelException known ? known.cost() : Cost.NONE;
        tell(new ModelFailed(String.valueOf(e.getMessage()), cost));
    }

    private void rest() {
        session.rest()
                .onSuccess(rest -> {
                    if (rest.resting() || state.phase() == TaskPhase.ENDED) {
                        tell(new Rested(rest.acted()));
                    } else {
                        restAgain();
                    }
                })
                .onFailure(this::broken);
    }

    /** A person acts for longer than one command waits: that one acted must not be forgotten. */
    private void restAgain() {
        session.rest().onFailure(this::broken).onSuccess(rest -> {
            if (rest.resting() || state.phase() == TaskPhase.ENDED) {
                tell(new Rested(true));
            } else {
                restAgain();
            }
        });
    }

    private void listen() {
        if (!isAsking()) {
            return;
        }
        session.rest().onFailure(this::broken).onSuccess(rest -> {
            if (rest.resting() && rest.acted()) {
                tell(new Rested(true));
            } else {
                services.scheduler().after(LISTEN_MILLIS, this::listen);
            }
        });
    }

    private void act(Act act) {
        actedAt = services.scheduler().now();
        actedNanos = services.scheduler().nanos();
        actionId = Optional.empty();
        follow(session.act(act), (Acted acted) -> acted);
    }

    private void judge(String output) {
        schema.map(known -> known.objection(vertx, output))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()))
                .onSuccess(objection -> tell(new Judged(objection.map(data::plain))));
    }

    private TaskStep step(KeepStep step) {
        boolean ran = TaskTools.isVerb(step.tool()) && actionId.isPresent();
        Instant now = services.scheduler().now();
        long millis = ran ? (services.scheduler().nanos() - actedNanos) / 1_000_000 : 0;
        return new TaskStep(
                step.number(),
                ran ? actedAt : now,
                step.tool(),
                step.arguments(),
                step.success(),
                step.reason().map(data::plain),
                step.error().map(data::plain),
                ran ? actionId : Optional.empty(),
                millis,
                step.cost());
    }

    private void finish(Outcome outcome) {
        completedAt = Optional.of(services.scheduler().now());
        log.info("{} {} after {} steps", request.taskId(), outcome.status().wireName(), state.steps());
        Future<?> ended = noted.transform(done -> session.end(outcome.session()));
        Future.join(story.changed(view()), ended).onComplete(done -> over.tryComplete());
    }
}
