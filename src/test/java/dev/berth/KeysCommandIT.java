package dev.berth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.history.Database;
import dev.berth.history.access.ApiKey;
import dev.berth.history.access.KeyRepository;
import dev.berth.it.Berth;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys of a server, as its operator uses them on the command line. */
class KeysCommandIT {
    private final Vertx vertx = Vertx.vertx();
    private Database database;
    private KeyRepository keys;

    @BeforeEach
    void open() throws Exception {
        URI uri = URI.create(Berth.newDatabase());
        database = new Database(vertx, uri, 1);
        keys = new KeyRepository(database);
    }

    @AfterEach
    void close() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private String run(String command) throws Exception {
        return await(
                KeysCommand.parse(List.of(command.split(" "))).orElseThrow().run(keys));
    }

    private Optional<ApiKey> found(String key) throws Exception {
        return await(keys.find(KeyRepository.hash(key)));
    }

    @Test
    void aKeyIsCreatedListedAndRevoked() throws Exception {
        String admins = run("create boss --admin");
        String ordinary = run("create ci");
        String others = run("create --user ann laptop");
        assertThat(found(admins)).get().matches(ApiKey::admin);
        assertThat(found(ordinary)).get().matches(own -> !own.admin());
        ApiKey key = found(ordinary).orElseThrow();
        assertThat(found(admins)).get().matches(same -> same.userId() == key.userId());
        assertThat(found(others)).get().matches(other -> other.userId() != key.userId());
        String listed = run("list");
        assertThat(listed)
                .doesNotContain(admins, ordinary, others)
                .containsPattern("(?m)^1 +default +yes +\\S+ +boss$")
                .containsPattern("(?m)^2 +default +no +\\S+ +ci$")
                .containsPattern("(?m)^3 +ann +no +\\S+ +laptop$");
        assertThat(run("revoke " + key.keyId())).isEqualTo("revoked 2");
        assertThat(found(ordinary)).isEmpty();
        assertThatThrownBy(() -> run("revoke 2")).hasMessageContaining("no key 2");
    }

    /** Without one, nobody could make another over HTTP, and the next start would take the first key again. */
    @Test
    void theLastAdminsKeyStays() throws Exception {
        String first = run("create boss --admin");
        run("create ci");
        assertThatThrownBy(() -> run("revoke 1")).hasMessageContaining("last one of an admin");
        run("create deputy --admin");
        run("revoke 1");
        assertThat(found(first)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "create",
                "create --admin",
                "create a b",
                "create -x",
                "create a --user",
                "create --user a",
                "list all",
                "revoke",
                "revoke x",
                "revoke 1 2",
                "delete 1"
            })
    void whatIsNoCommandIsNotGuessed(String command) {
        assertThat(KeysCommand.parse(command.isEmpty() ? List.of() : List.of(command.split(" "))))
                .isEmpty();
    }
}
