package dev.berth.fake;

import dev.berth.browser.BrowserDriver;
import dev.berth.browser.BrowserDriver.Consequences;
import io.vertx.core.Future;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Hands that do what a test says, whatever the verb. */
public final class FakeDriver {
    private final List<Object> commands = new CopyOnWriteArrayList<>();
    private final List<String> pages = new CopyOnWriteArrayList<>();
    private volatile Consequences consequences =
            new Consequences(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
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

    /** The pages on which they acted, in the order of {@link #commands}. */
    public List<String> pages() {
        return pages;
    }

    /** What comes of every command besides. */
    public void leaveBehind(Consequences newConsequences) {
        consequences = newConsequences;
    }

    BrowserDriver port(String pageId) {
        return (BrowserDriver) Proxy.newProxyInstance(
                BrowserDriver.class.getClassLoader(), new Class<?>[] {BrowserDriver.class}, (proxy, verb, given) -> {
                    if (verb.getName().equals("consequences")) {
                        return Future.succeededFuture(consequences);
                    }
                    if (verb.getName().equals("pageId")) {
                        return pageId;
                    }
                    if (verb.getName().equals("abandon")) {
                        commands.add("abandon");
                        return null;
                    }
                    pages.add(pageId);
                    commands.add(given[0]);
                    return answers.apply(given[0]);
                });
    }
}
