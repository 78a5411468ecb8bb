package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionReply.Acknowledged;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(VertxExtension.class)
class EnvelopeTest {
    private static final SessionId ID = SessionId.random();

    private static MultiMap headers(String name, String value) {
        return MultiMap.caseInsensitiveMultiMap().add(name, value);
    }

    @Test
    void theEnvelopeOfAClientArrives(Vertx vertx, VertxTestContext test) {
        Cost cost = new Cost(0.25, 3, 4);
        SessionClient client = new SessionClient(vertx)
                .on("page-1")
                .because("why")
                .from(ActionSource.AI)
                .as(7)
                .costing(cost)
                .calling("call-1");
        expect(
                vertx,
                test,
                client,
                new Envelope(
                        OptionalLong.of(7),
                        ActionSource.AI,
                        cost,
                        Optional.of("page-1"),
                        Optional.of("why"),
                        Optional.of("call-1")));
    }

    @Test
    void theDefaultSourceIsTheBus(Vertx vertx, VertxTestContext test) {
        expect(vertx, test, new SessionClient(vertx), new Envelope(OptionalLong.empty(), ActionSource.BUS, Cost.NONE));
    }

    private static void expect(Vertx vertx, VertxTestContext test, SessionClient client, Envelope expected) {
        RecordCodec.registerAll(vertx);
        vertx.eventBus()
                .consumer(Addresses.session(ID), message -> {
                    test.verify(() -> assertThat(Envelope.of(message)).isEqualTo(expected));
                    message.reply(new Acknowledged());
                })
                .completion()
                .compose(listening -> client.ask(ID, new DescribeSession()))
                .onComplete(test.succeedingThenComplete());
    }

    @ParameterizedTest
    @EnumSource
    void everySourceHasAHeader(ActionSource source) {
        assertThat(Envelope.of(headers("source", source.wireName())).source()).isEqualTo(source);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "owner | mallory | the header owner must be the id of a user, not 'mallory'",
                "owner | 99999999999999999999 | the header owner must be the id of a user",
                "page | '' | page must have 1 to 200 characters",
                "cost | free | the header cost must be",
                "cost | null | the header cost must be",
                "cost | {\"usd\":-1} | the header cost must be",
                "cost | {\"usd\":\"NaN\"} | the header cost must be",
                "cost | {\"usd\":1,\"inputTokens\":-1} | the header cost must be"
            })
    void aBadHeaderIsRefusedByName(String name, String value, String message) {
        assertThatThrownBy(() -> Envelope.of(headers(name, value)))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageStartingWith(message);
    }

    @Test
    void aLongHeaderIsNeitherReadNorEchoed() {
        assertThatThrownBy(() -> Envelope.of(headers("cost", "[".repeat(1 << 20))))
                .isInstanceOf(BerthException.class)
                .hasMessageMatching(".{0,200}");
    }
}
