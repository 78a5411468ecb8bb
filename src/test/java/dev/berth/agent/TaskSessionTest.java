package dev.berth.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.agent.machine.Replay.RecordedStep;
import dev.berth.agent.machine.ShownPage;
import dev.berth.agent.machine.TaskEffect.Act;
import dev.berth.agent.machine.TaskInput.Acted;
import dev.berth.fake.Futures;
import dev.berth.fake.SampleTask;
import dev.berth.protocol.ActionReply.SnapshotResult;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Cost;
import dev.berth.protocol.ElementAction.Click;
import dev.berth.protocol.ElementAction.WaitFor;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ExecuteTask;
import dev.berth.protocol.FailedRequest;
import dev.berth.protocol.OwnSession;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.PageAction.TakeSnapshot;
import dev.berth.protocol.Pointing.MouseButton;
import dev.berth.protocol.RecordCodec;
import dev.berth.protocol.Secrets;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.CancelAction;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.Acknowledged;
import dev.berth.protocol.SessionReply.ElementNames;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskSpec;
import dev.berth.protocol.TaskSupport.NameElement;
import dev.berth.protocol.TaskSupport.TaskNote;
import dev.berth.protocol.VerbChoices.ElementState;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class TaskSessionTest {
    private static final Act CLICK =
            new Act("click", Map.of("selector", "e7"), Optional.empty(), Cost.NONE, Optional.empty());

    private final BlockingQueue<Message<Object>> asked = new LinkedBlockingQueue<>();
    private final TaskId task = TaskId.random();
    private final SessionId id = SessionId.random();
    private Context context;
    private TaskSession session;

    @BeforeEach
    void begin(Vertx vertx) throws Exception {
        RecordCodec.registerAll(vertx);
        Futures.await(vertx.eventBus()
                .<Object>consumer(Addresses.session(id), asked::add)
                .completion());
        context = vertx.getOrCreateContext();
        session = session(vertx, SampleTask.SPEC, Optional.of(id));
    }

    private TaskSession session(Vertx vertx, TaskSpec spec, Optional<SessionId> given) {
        SessionClient client = new SessionClient(vertx);
        return new TaskSession(
                client,
                new OwnSession(vertx, client, id),
                new ExecuteTask(task, 1, spec, given, SampleTask.OPTIONS),
                new PageData(new Secrets(spec.variables())),
                new TaskPictures(key -> Future.failedFuture("none"), Optional.empty()));
    }

    private Future<Acted> act() throws Exception {
        return act(CLICK);
    }

    private Future<Acted> act(Act act) throws Exception {
        return Futures.await(Futures.on(context, () -> session.act(act)));
    }

    private void giveUp() throws Exception {
        Futures.await(Futures.on(context, () -> {
            session.actions().giveUp();
            return null;
        }));
    }

    private Message<Object> asked(Class<?> command) throws Exception {
        Message<Object> message = asked.poll(10, TimeUnit.SECONDS);
        assertThat(message.body()).isInstanceOf(command);
        return message;
    }

    @Test
    void nothingIsDoneOnceTheTaskIsOver() throws Exception {
        Future<Acted> acted = act();
        Message<Object> named = asked(NameElement.class);
        giveUp();
        named.reply(new ElementNames(List.of("#send")));
        assertThat(Futures.await(acted).text()).contains("the task is over");
        assertThat(asked).isEmpty();
    }

    /** The model was shown the page. */
    @Test
    void anActWaitsForItsElementForFiveSeconds() throws Exception {
        act();
        asked(NameElement.class).reply(new ElementNames(List.of("#send")));
        assertThat(asked(Click.class).body()).isEqualTo(new Click("e7", MouseButton.LEFT, 1, 5_000));
        Map<String, Object> waiting = Map.of("selector", "#done");
        act(new Act("wait_for", waiting, Optional.empty(), Cost.NONE, Optional.empty()));
        assertThat(asked(WaitFor.class).body()).isEqualTo(new WaitFor("#done", ElementState.VISIBLE, 30_000));
    }

    @Test
    void whatIsBeingDoneIsGivenUpWithTheTask() throws Exception {
        act();
        asked(NameElement.class).reply(new ElementNames(List.of("#send")));
        Message<Object> click = asked(Click.class);
        assertThat(Envelope.of(click).call()).contains(task.value());
        giveUp();
        assertThat(asked(CancelAction.class).body()).isEqualTo(new CancelAction(task.value()));
    }

    /** It may be made all the same. */
    @Test
    void aSessionWhoseCreationTimedOutIsEnded(Vertx vertx) throws Exception {
        BerthException late = new BerthException(ErrorCode.TIMEOUT, "no answer");
        Futures.await(vertx.eventBus()
                .<Object>consumer(Addresses.CREATE, create -> FailedRequest.tell(create, late, e -> late))
                .completion());
        session = session(vertx, SampleTask.SPEC, Optional.empty());
        Futures.await(Futures.on(context, session::prepare));
        asked(EndSession.class);
    }

    /** A server of the model's choice could show the value in a form of its own. */
    @Test
    void aVariableIsPutIntoAUrlOnlyWhereTheTaskNamesItsDomains(Vertx vertx) throws Exception {
        session = session(vertx, with(Map.of("password", "s3cret"), List.of()), Optional.of(id));
        Map<String, Object> echo = Map.of("url", "https://echo.example/?{{password}}");
        Future<Acted> acted = act(new Act("navigate", echo, Optional.empty(), Cost.NONE, Optional.empty()));
        asked(TaskNote.class).reply(new Acknowledged());
        assertThat(Futures.await(acted).text()).contains("only if the task sets allowedDomains");
        session = session(vertx, with(Map.of("password", "s3cret"), List.of("echo.example")), Optional.of(id));
        act(new Act("navigate", echo, Optional.empty(), Cost.NONE, Optional.empty()));
        assertThat(((Navigate) asked(Navigate.class).body()).url()).isEqualTo("https://echo.example/?s3cret");
    }

    private static TaskSpec with(Map<String, String> variables, List<String> domains) {
        TaskSpec spec = SampleTask.SPEC;
        return new TaskSpec(
                spec.instruction(), spec.startUrl(), spec.limits(), spec.schema(), variables, domains, false, true);
    }

    /** A run of an earlier version may have left such a step. */
    @Test
    void aRepeatedStepOpensNoPageThatIsOfNoSite(Vertx vertx) throws Exception {
        session = session(vertx, with(Map.of(), List.of("example.com")), Optional.of(id));
        RecordedStep step = new RecordedStep("navigate", Map.of("url", "data:text/html,x"), Map.of(), Optional.empty());
        Future<Acted> acted =
                act(new Act(step.tool(), step.arguments(), Optional.empty(), Cost.NONE, Optional.of(step)));
        asked(TaskNote.class).reply(new Acknowledged());
        assertThat(Futures.await(acted).text()).contains("can open only http and https pages");
        assertThat(asked).isEmpty();
    }

    /** As after an act that goes to another part of a page's route, or of a list that looks the same. */
    @Test
    void aPageThatIsElsewhereHasChangedThoughItLooksTheSame() throws Exception {
        assertThat(look("https://example.com/1").changed()).isTrue();
        assertThat(look("https://example.com/1").changed()).isFalse();
        ShownPage moved = look("https://example.com/2");
        assertThat(moved.changed()).isTrue();
        assertThat(moved.text()).contains("https://example.com/2");
        assertThat(look("https://example.com/2").changed()).isFalse();
    }

    private ShownPage look(String url) throws Exception {
        Future<ShownPage> page = Futures.on(context, () -> session.look(false)).compose(looking -> looking);
        asked(TakeSnapshot.class).reply(new SnapshotResult(url, "Title", "- nothing changed", Optional.empty()));
        return Futures.await(page);
    }
}
