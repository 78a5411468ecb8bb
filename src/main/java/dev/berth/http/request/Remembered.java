package dev.berth.http.request;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Asks for a value once, and remembers what was found. Callers that come while it is asked for share the answer. For any thread; answers
 * arrive on any thread.
 */
final class Remembered<K, V> {
    private final Cache<K, Future<Optional<V>>> answers;
    private final Function<K, Future<Optional<V>>> ask;

    /** @param limits for how long, and how many */
    Remembered(Caffeine<? super K, ? super Future<Optional<V>>> limits, Function<K, Future<Optional<V>>> ask) {
        this.answers = limits.executor(Runnable::run).build();
        this.ask = ask;
    }

    Future<Optional<V>> find(K key) {
        Future<Optional<V>> known = answers.getIfPresent(key);
        return known != null ? known : ask(key);
    }

    private Future<Optional<V>> ask(K key) {
        Promise<Optional<V>> answer = Promise.promise();
        Future<Optional<V>> first = answers.asMap().putIfAbsent(key, answer.future());
        if (first != null) {
            return first;
        }
        Future.succeededFuture().compose(now -> ask.apply(key)).onComplete(found -> {
            if (found.failed() || found.result().isEmpty()) {
                answers.asMap().remove(key, answer.future());
            }
            answer.handle(found);
        });
        return answer.future();
    }

    /** The value, if it is remembered. */
    Optional<V> known(K key) {
        return Optional.ofNullable(answers.getIfPresent(key)).flatMap(Remembered::value);
    }

    Stream<V> known() {
        return answers.asMap().values().stream().flatMap(answer -> value(answer).stream());
    }

    /** Forgets these values, and what is being asked for: the answer may be one of these. */
    void forget(Predicate<V> these) {
        answers.asMap()
                .values()
                .removeIf(answer -> value(answer).map(these::test).orElse(true));
    }

    private static <V> Optional<V> value(Future<Optional<V>> answer) {
        return answer.succeeded() ? answer.result() : Optional.empty();
    }
}
