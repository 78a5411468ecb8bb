package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.database.Database;
import dev.berth.history.StoryRepository;
import dev.berth.history.outbox.JournaledOutbox;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.Cost;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.StoryCursor.StoryKind;
import dev.berth.protocol.VerbChoices.WaitUntil;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The event bus, as a consumer in the same JVM uses it. */
class InJvmConsumerIT {
    private final Berth berth = Berth.shared();

    /** Opens a page, reads its heading, and meanwhile receives events and followed requests. */
    static final class HeadingReader extends VerticleBase {
        final List<SessionEvent> heard = new CopyOnWriteArrayList<>();
        final List<NetworkEntry> requests = new CopyOnWriteArrayList<>();
        private final SessionId id = SessionId.random();
        private final String url;
        private String heading;

        HeadingReader(String url) {
            this.url = url;
        }

        @Override
        public Future<?> start() {
            SessionClient client = new SessionClient(vertx);
            Promise<Void> running = Promise.promise();
            return client.events(id, event -> {
                        heard.add(event);
                        if (event instanceof SessionEvent.SessionStarted) {
                            running.complete();
                        }
                    })
                    .completion()
                    .compose(listening -> client.create(new CreateSession(
                            id,
                            1,
                            Optional.empty(),
                            SessionOptions.builder()
                                    .timeouts(new SessionTimeouts(60_000, 600_000, 0))
                                    .build(),
                            Map.of("made by", "a verticle"),
                            Optional.empty())))
                    .compose(accepted -> running.future())
                    .compose(up -> client.followLogs(
                            id,
                            Set.of(LogKind.NETWORK),
                            log -> requests.addAll(log.lines().as(NetworkEntry.class))))
                    .compose(up -> client.ask(id, new Navigate(url, WaitUntil.LOAD, 10_000)))
                    .compose(loaded -> client.ask(id, new Evaluate("document.querySelector('h1').textContent", 5_000)))
                    .onSuccess(result -> heading = result.json())
                    .compose(done -> client.ask(id, new EndSession(EndReason.CLIENT)));
        }
    }

    @Test
    void aVerticleDrivesASession() {
        HeadingReader reader = new HeadingReader(berth.site.url("/plain"));
        Berth.await(berth.vertx.deployVerticle(reader));
        assertThat(reader.heading).isEqualTo("\"Plain page\"");
        assertThat(reader.heard)
                .hasAtLeastOneElementOfType(SessionEvent.SessionStarted.class)
                .hasAtLeastOneElementOfType(SessionEvent.PageNavigated.class)
                .hasAtLeastOneElementOfType(SessionEvent.ActionPerformed.class);
        assertThat(reader.heard.get(0)).isInstanceOf(SessionEvent.SessionCreated.class);
        assertThat(reader.heard.get(1)).isInstanceOf(SessionEvent.SessionStarted.class);
        assertThat(reader.requests).extracting(NetworkEntry::url).contains(berth.site.url("/plain"));
        assertThat(reader.heard.get(reader.heard.size() - 1)).isInstanceOf(SessionEvent.SessionEnded.class);
        assertThat(berth.api().get("/api/sessions/" + reader.id).json().getString("endReason"))
                .isEqualTo("client");
    }

    /** Reads each event's entry from the history as soon as the event arrives. */
    @Test
    void aPublishedEntryCanBeReadByItsOffset(@TempDir Path journal) {
        Database database =
                new Database(berth.vertx, berth.server.config().postgres().uri().orElseThrow(), 1);
        JournaledOutbox outbox = new JournaledOutbox(berth.vertx, database, journal);
        Berth.await(outbox.start());
        StoryRepository story = new StoryRepository(database, outbox);
        String session = berth.api().newSession();
        SessionId id =
                SessionId.parse(session.substring(session.lastIndexOf('/') + 1)).orElseThrow();
        SessionClient client = new SessionClient(berth.vertx);
        List<SessionEvent> heard = new CopyOnWriteArrayList<>();
        List<Future<List<SessionEvent>>> kept = new CopyOnWriteArrayList<>();
        Berth.await(client.events(id, event -> {
                    heard.add(event);
                    kept.add(story.read(id, event.kind(), event.offset(), 1));
                })
                .completion());
        for (String page : List.of("/plain", "/two", "/plain")) {
            Berth.await(client.ask(id, new Navigate(berth.site.url(page), WaitUntil.LOAD, 10_000)));
            berth.api().post(session + "/screenshot");
        }
        Berth.await(client.ask(id, new EndSession(EndReason.CLIENT)));

        List<SessionEvent> read = new ArrayList<>();
        kept.forEach(entry -> read.addAll(Berth.await(entry)));
        assertThat(read)
                .extracting(InJvmConsumerIT::place)
                .isEqualTo(heard.stream().map(InJvmConsumerIT::place).toList());
        assertThat(heard)
                .extracting(InJvmConsumerIT::place)
                .contains("navigation 2", "action 5", "artifact 5")
                .doesNotHaveDuplicates()
                .endsWith("status 2");
        for (StoryKind kind : StoryKind.values()) {
            assertThat(heard)
                    .filteredOn(event -> event.kind() == kind)
                    .extracting(SessionEvent::offset)
                    .isSorted();
        }
        Berth.await(outbox.close().eventually(database::close));
    }

    private static String place(SessionEvent event) {
        return event.kind().wireName() + " " + event.offset();
    }

    @Test
    void theActionLogHasSourceAndCost() {
        String session = berth.api().newSession();
        SessionId id =
                SessionId.parse(session.substring(session.lastIndexOf('/') + 1)).orElseThrow();
        SessionClient client = new SessionClient(berth.vertx);
        Evaluate evaluate = new Evaluate("1", 5_000);
        Berth.await(client.ask(id, evaluate));
        Berth.await(client.from(ActionSource.AI).costing(new Cost(0.5, 7, 8)).ask(id, evaluate));
        berth.api().evaluate(session, "1");
        assertThat(berth.api().get(session + "/actions").list("actions").stream()
                        .map(JsonObject.class::cast)
                        .map(action -> action.getString("source") + " "
                                + action.getJsonObject("cost").getInteger("inputTokens")))
                .containsExactly("bus 0", "ai 7", "rest 0");
        berth.api().delete(session);
    }

    @Test
    void aMessageWithABadHeaderIsRefused() {
        String session = berth.api().newSession();
        String address = "berth.session." + session.substring(session.lastIndexOf('/') + 1);
        DeliveryOptions options = new DeliveryOptions().addHeader("owner", "mallory");
        assertThatThrownBy(
                        () -> Berth.await(berth.vertx.eventBus().request(address, new Evaluate("1", 5_000), options)))
                .hasMessageContaining("the header owner must be the id of a user, not 'mallory'");
        assertThatThrownBy(() -> Berth.await(berth.vertx.eventBus().request(address, "no command")))
                .hasMessageContaining("not a command to a session");
        assertThat(berth.api().get(session + "/actions").json().getInteger("total"))
                .isZero();
        berth.api().delete(session);
    }
}
