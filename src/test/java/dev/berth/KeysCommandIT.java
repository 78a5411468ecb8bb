package dev.berth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.access.AdminLog;
import dev.berth.access.ApiKey;
import dev.berth.access.KeyLimits;
import dev.berth.access.KeyRepository;
import dev.berth.database.Database;
import dev.berth.it.Berth;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys and users of a server, as its operator uses them on the command line. */
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
        return await(AccessCommand.parse(List.of(command.split(" ")))
                .orElseThrow(() -> new AssertionError(command))
                .run(database));
    }

    private Optional<ApiKey> found(String key) throws Exception {
        return await(keys.find(KeyRepository.hash(key)));
    }

    @Test
    void aKeyIsCreatedListedAndRevoked() throws Exception {
        String admins = run("keys create boss --admin");
        String ordinary = run("keys create ci --days 30");
        String others = run("keys create --user ann laptop");
        assertThat(found(admins)).get().matches(ApiKey::admin);
        assertThat(found(ordinary)).get().matches(own -> !own.admin());
        ApiKey key = found(ordinary).orElseThrow();
        assertThat(key.validUntil())
                .isBetween(
                        Instant.now().plus(Duration.ofDays(29)), Instant.now().plus(Duration.ofDays(31)));
        assertThat(found(admins)).get().matches(same -> same.userId() == key.userId());
        assertThat(found(others)).get().matches(other -> other.userId() != key.userId());
        assertThat(run("keys list"))
                .doesNotContain(admins, ordinary, others)
                .containsPattern("(?m)^1 +default +admin +\\S+ +never +never +boss$")
                .containsPattern("(?m)^2 +default +user +\\S+ +\\S+Z +never +ci$")
                .containsPattern("(?m)^3 +ann +user +\\S+ +never +never +laptop$");
        assertThat(run("keys list --user ann")).contains("laptop").doesNotContain("boss");
        assertThat(run("keys revoke " + key.keyId())).isEqualTo("revoked 2");
        assertThat(found(ordinary)).isEmpty();
        assertThatThrownBy(() -> run("keys revoke 2")).hasMessageContaining("no key has the id 2");
    }

    /** Without one, nobody could make another over HTTP, and the next start would take the first key again. */
    @Test
    void theLastAdminsKeyStays() throws Exception {
        String first = run("keys create boss --admin");
        run("keys create ci");
        run("keys create --days 1 --admin visitor");
        assertThatThrownBy(() -> run("keys revoke 1")).hasMessageContaining("last admin key");
        assertThatThrownBy(() -> run("keys change 1 --days 1")).hasMessageContaining("last admin key");
        assertThatThrownBy(() -> run("users remove default")).hasMessageContaining("last admin key");
        run("keys create deputy --admin --user ann");
        run("keys revoke 1");
        assertThat(found(first)).isEmpty();
        assertThat(run("users remove default")).contains("keys: 2, sessions: 0");
        assertThatThrownBy(() -> run("users remove default")).hasMessageContaining("no user");
        assertThat(run("users list")).containsPattern("(?m)^ann +1 +0 +0$").doesNotContain("default");
    }

    @Test
    void aKeyIsLimitedAndChanged() throws Exception {
        String key = run("keys create ci");
        assertThat(run("keys limit 1 sessions=5 aiUsdPerMonth=2.5")).contains("sessions=5", "aiUsdPerMonth=2.5");
        assertThat(run("keys limit 1 sessions=none storedMib=9")).endsWith("limits: storedMib=9 aiUsdPerMonth=2.5");
        assertThat(found(key).orElseThrow().limits())
                .isEqualTo(KeyLimits.of(new JsonObject().put("storedMib", 9).put("aiUsdPerMonth", 2.5)));
        assertThatThrownBy(() -> run("keys limit 1 sessions=100000000")).hasMessageContaining("limits.sessions");
        assertThat(run("keys change 1 --name build --days 7"))
                .contains("(build)")
                .contains("Z;");
        assertThat(run("keys change 1 --days never")).contains("expires: never");
        assertThat(run("keys list")).containsPattern("(?m)build +storedMib=9 aiUsdPerMonth=2.5$");
    }

    @Test
    void aRotatedKeyHasTheOldOnesRightsAndTheOldOneEndsAfterTheGrace() throws Exception {
        String first = run("keys create boss --admin");
        String second = run("keys rotate 1 --grace 3600");
        assertThat(found(first)).get().matches(ApiKey::admin);
        assertThat(found(first).orElseThrow().validUntil())
                .isBetween(Instant.now().plusSeconds(3000), Instant.now().plusSeconds(3601));
        assertThat(found(second))
                .get()
                .matches(ApiKey::admin)
                .matches(key -> key.expiresAt().isEmpty());
        String third = run("keys rotate 2");
        assertThat(found(second)).isEmpty();
        assertThat(found(third)).get().matches(ApiKey::admin);
        assertThat(await(new AdminLog(database).list(10, 0)).entries())
                .extracting(AdminLog.Entry::act)
                .containsExactly("key.rotated", "key.rotated", "key.created", "user.created");
    }

    /** As a node does it, whose clock may be another one. */
    @Test
    void anExpiredKeyIsForgottenAndThatIsTold() throws Exception {
        run("keys create boss --admin");
        String ended = run("keys create ci --days 1");
        await(database.rows("update api_keys set expires_at = now() where key_id = 2"));
        await(keys.removeExpired());
        assertThat(found(ended)).isEmpty();
        assertThat(await(new AdminLog(database).list(1, 0)).entries())
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.act()).isEqualTo("key.expired");
                    assertThat(entry.user()).isEqualTo("server");
                    assertThat(entry.details()).containsEntry("user", "default").containsEntry("name", "ci");
                });
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
                "create a --admin --admin",
                "create a --days soon",
                "list all",
                "revoke",
                "revoke x",
                "revoke 1 2",
                "rotate 1 --grace -1",
                "change 1",
                "limit 1",
                "limit 1 sessions",
                "limit 1 sessions=-1",
                "limit 1 wishes=3",
                "delete 1"
            })
    void whatIsNoCommandIsNotGuessed(String command) {
        assertThat(AccessCommand.parse(List.of(("keys " + command).strip().split(" "))))
                .isEmpty();
        assertThat(AccessCommand.parse(List.of("users", "remove"))).isEmpty();
    }
}
