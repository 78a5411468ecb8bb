package dev.berth.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnownKeysTest {
    private static final ApiKey ADMIN = new ApiKey(7, 1, true);

    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private final List<Promise<Optional<ApiKey>>> byHash = new ArrayList<>();
    private final List<Promise<Optional<ApiKey>>> byId = new ArrayList<>();
    private final KnownKeys keys = new KnownKeys(hash -> asked(byHash), id -> asked(byId), Optional.empty(), () -> now);

    private static Future<Optional<ApiKey>> asked(List<Promise<Optional<ApiKey>>> all) {
        all.add(Promise.promise());
        return all.get(all.size() - 1).future();
    }

    private static ByteBuffer hash(int i) {
        return ByteBuffer.allocate(4).putInt(0, i);
    }

    @Test
    void allCallersShareOneLookUpAndItsResultIsRemembered() {
        Future<Optional<ApiKey>> first = keys.find(hash(1));
        Future<Optional<ApiKey>> second = keys.find(hash(1));
        byHash.get(0).complete(Optional.of(ADMIN));
        assertThat(first.result()).contains(ADMIN);
        assertThat(second.result()).contains(ADMIN);
        assertThat(keys.known(hash(1))).contains(ADMIN);
        assertThat(keys.find(hash(1)).result()).contains(ADMIN);
        assertThat(byHash).hasSize(1);
    }

    @Test
    void aTokenOfAKnownKeyNeedsNoLookUpAndHasNoRightsOfAnAdmin() {
        keys.find(hash(1));
        byHash.get(0).complete(Optional.of(ADMIN));
        assertThat(keys.find(7).result()).contains(new ApiKey(7, 1, false));
        assertThat(byId).isEmpty();
    }

    @Test
    void aRevokedKeyIsLookedUpAgainAndSoIsOneThatWasBeingLookedUp() {
        keys.find(hash(1));
        byHash.get(0).complete(Optional.of(ADMIN));
        keys.find(8);
        byId.get(0).complete(Optional.of(new ApiKey(8, 1, false)));
        keys.find(hash(2));
        assertThat(keys.held()).containsExactlyInAnyOrder(7L, 8L);
        keys.revoked(7);
        keys.revoked(8);
        byHash.get(1).complete(Optional.of(new ApiKey(9, 1, false)));
        assertThat(keys.held()).isEmpty();
        assertThat(keys.known(hash(2))).isEmpty();
        keys.find(8);
        assertThat(byId).hasSize(2);
    }

    @Test
    void anUnknownKeyIsNotLookedUpAtOnceAgainButOneThatCouldNotBeLookedUpIs() {
        keys.find(hash(1));
        byHash.get(0).complete(Optional.empty());
        assertThat(keys.find(hash(1)).result()).isEmpty();
        assertThat(byHash).hasSize(1);
        keys.find(hash(2));
        byHash.get(1).fail("Postgres is away");
        keys.find(hash(2));
        assertThat(byHash).hasSize(3);
    }

    /** Postgres is not asked: it may not answer. */
    @Test
    void aKeyIsNoneFromTheSecondAtWhichItExpires() {
        Instant end = now.plusSeconds(60);
        keys.find(hash(1));
        byHash.get(0).complete(Optional.of(new ApiKey(7, 1, "", "", Role.ADMIN, Optional.of(end), KeyLimits.NONE)));
        now = end.minusMillis(1);
        assertThat(keys.known(hash(1))).isPresent();
        assertThat(keys.find(7).result()).get().matches(key -> !key.admin());
        now = end;
        assertThat(keys.known(hash(1))).isEmpty();
        assertThat(keys.find(hash(1)).result()).isEmpty();
        assertThat(keys.find(7).result()).isEmpty();
        assertThat(byHash).hasSize(1);
    }

    @Test
    void aKeyThatWasChangedIsLookedUpAgain() {
        keys.find(hash(1));
        byHash.get(0).complete(Optional.of(ADMIN));
        keys.changed(7);
        keys.find(hash(1));
        byHash.get(1).complete(Optional.of(new ApiKey(7, 1, false)));
        assertThat(keys.known(hash(1))).get().matches(key -> !key.admin());
    }

    @Test
    void strangersCanNotMakeAnyNumberOfLookUps() {
        for (int i = 0; i < KnownKeys.MAX_ASKED; i++) {
            keys.find(hash(i));
        }
        assertThat(((BerthException) keys.find(hash(-1)).cause()).code()).isEqualTo(ErrorCode.NOT_READY);
        byHash.get(0).complete(Optional.empty());
        assertThat(keys.find(hash(-1)).isComplete()).isFalse();
    }
}
