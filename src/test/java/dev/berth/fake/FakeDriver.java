package dev.berth.fake;

import dev.berth.browser.BrowserDriver;
import io.vertx.core.Future;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Hands that do what a test says, whatever the verb. */
public final class FakeDriver {
    private final List<Object> commands = new CopyOnWriteArrayList<>();
    private volatile Function<Object, Future<?>> answers =
            command -> Future.failedFuture(new IllegalStateException("the test expects no " + command));

    /** What the hands were told to do, in order. */
    public List<Object> commands() {
        return commands;
    }

    /** @param newAnswers gives what comes of a command */
    public void answer(Function<Object, Future<?>> newAnswers) {
        answers = newAnswers;
    }

    BrowserDriver port() {
        return (BrowserDriver) Proxy.newProxyInstance(
                BrowserDriver.class.getClassLoader(), new Class<?>[] {BrowserDriver.class}, (proxy, verb, given) -> {
                    commands.add(given[0]);
                    return answers.apply(given[0]);
                });
    }
}
