package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.example.ErrorCounter;
import dev.berth.example.TitleService;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus.EndReason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.junit.jupiter.api.Test;

/** The README's examples. */
class ExamplesIT {
    private final Berth berth = Berth.shared();
    private final SessionClient client = new SessionClient(berth.vertx);

    @Test
    void theTitleServiceTellsTitlesAndWhyThereIsNone() {
        String service = Berth.await(berth.vertx.deployVerticle(new TitleService()));
        assertThat(title(berth.site.url("/plain"))).isEqualTo("Plain");
        assertThat(title(berth.site.url("/two"))).isEqualTo("Two");
        assertThatThrownBy(() -> title("http://127.0.0.1:1/")).hasMessageContaining("navigation failed");
        Berth.await(berth.vertx.undeploy(service));
    }

    private String title(String url) {
        return Berth.await(berth.vertx.eventBus().<String>request("titles", url))
                .body();
    }

    @Test
    void theErrorCounterEndsTheSessionAtTheThirdError() {
        SessionId id = Berth.await(client.create(CreateSession.ofDefaults())
                        .compose(accepted -> client.whenRunning(accepted.sessionId())))
                .sessionId();
        Promise<Long> counted = Promise.promise();
        Berth.await(berth.vertx
                .eventBus()
                .<Long>consumer("errors", number -> counted.tryComplete(number.body()))
                .completion());
        String counter = Berth.await(berth.vertx.deployVerticle(new ErrorCounter(id)));
        Future<SessionDescription> ended = client.whenEnded(id);
        Berth.await(client.ask(id, new Evaluate("console.log('fine'); console.error(1); console.error(2)")));
        // Whether it is answered before the session ends is all one.
        client.ask(id, new Evaluate("console.warn('well'); console.error(3)"));
        assertThat(Berth.await(counted.future())).isEqualTo(3);
        assertThat(Berth.await(ended).endReason()).contains(EndReason.CLIENT);
        Berth.await(berth.vertx.undeploy(counter));
    }
}
