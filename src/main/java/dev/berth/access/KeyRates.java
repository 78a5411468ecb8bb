package dev.berth.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.berth.limits.Rate;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Counts the requests of API keys that may make so many a second. Each node lets through its share: the limit, divided by the nodes that
 * live. For any thread.
 */
public final class KeyRates {
    private static final Duration FORGOTTEN = Duration.ofMinutes(1);

    private final IntSupplier nodes;
    private final Cache<Pace, Rate> rates = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterAccess(FORGOTTEN)
            .executor(Runnable::run)
            .build();

    /** A limit that is changed, or has another number of nodes, is counted anew. */
    private record Pace(long keyId, double perSecond) {
        Rate begin() {
            return new Rate(Math.max(1, perSecond), perSecond, System.nanoTime());
        }
    }

    /** @param nodes how many live */
    public KeyRates(IntSupplier nodes) {
        this.nodes = nodes;
    }

    /** Counts a request. Gives why it is one too many. */
    public Optional<BerthException> refusal(ApiKey key) {
        return key.limits().requestsPerSecond().flatMap(most -> {
            Pace pace = new Pace(key.keyId(), (double) most / Math.max(1, nodes.getAsInt()));
            return mayPass(rates.get(pace, Pace::begin)) ? Optional.empty() : Optional.of(refusal(most));
        });
    }

    private static boolean mayPass(Rate rate) {
        synchronized (rate) {
            return rate.tryTake(1, System.nanoTime());
        }
    }

    private static BerthException refusal(int most) {
        return new BerthException(
                ErrorCode.LIMIT_REACHED,
                "limits.requestsPerSecond: " + most + "; this key made that many requests within a second",
                "send requests more slowly",
                1);
    }
}
