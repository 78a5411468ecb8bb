package dev.berth.browser.launch;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.browser.BrowserLauncher.LaunchSpec;
import dev.berth.browser.BrowserLauncher.Launched;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.ChromePipe;
import dev.berth.browser.cdp.ScriptedChrome;
import dev.berth.browser.drive.command.CommandThreads;
import dev.berth.browser.process.ChromeProcess;
import dev.berth.browser.process.ResourceGuard;
import dev.berth.browser.storage.ProfileState;
import dev.berth.browser.watch.Eyes;
import dev.berth.egress.EgressProxies;
import dev.berth.fake.FakeListener;
import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A warm Chrome that its session can't have. */
@ExtendWith(VertxExtension.class)
class FailedAdoptionTest {
    private static final SessionOptions OPTIONS = SessionOptions.builder()
            .timeouts(new SessionTimeouts(60_000, 60_000, 0))
            .build();

    private final CommandThreads threads = new CommandThreads(1);
    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final Mute chrome = new Mute();
    private ContextInternal context;
    private PreparedChrome prepared;
    private CdpConnection eyes;
    private ResourceGuard guard;

    /** It does not tell its version. */
    private static final class Mute extends ScriptedChrome {
        Mute() {
            super(true);
        }

        @Override
        protected Optional<JsonObject> script(JsonObject command) {
            return command.getString("method").equals("Browser.getVersion")
                    ? Optional.of(new JsonObject().put("error", new JsonObject().put("message", "it is broken")))
                    : Optional.empty();
        }

        void log(String text) throws Exception {
            on(() -> {
                JsonObject entry = new JsonObject()
                        .put("source", "other")
                        .put("level", "info")
                        .put("text", text)
                        .put("timestamp", 1.0);
                say(eyesSession(), event("Log.entryAdded", new JsonObject().put("entry", entry)));
                speak();
                return null;
            });
        }

        private String eyesSession() {
            return parents.keySet().iterator().next();
        }
    }

    @BeforeEach
    void prepare(Vertx vertx, @TempDir Path home) throws Exception {
        context = (ContextInternal) vertx.getOrCreateContext();
        ChromeProcess process = ChromeProcess.start(vertx, List.of("true"), home, OptionalInt.empty(), chrome);
        ChromePipe pipe = ChromePipe.of(context, chrome);
        guard = new ResourceGuard(vertx, () -> 1L << 40, 1 << 20, 1 << 20);
        EgressProxies proxies = LaunchedChrome.anywhere(vertx);
        prepared = new PreparedChrome(
                context,
                process,
                pipe,
                await(on(context, proxies::open).compose(opened -> opened)),
                true,
                new ChromeLauncher.Shared(guard, 1 << 20, threads, proxies),
                Future::succeededFuture);
        eyes = await(on(context, prepared::connect).compose(opened -> opened));
    }

    @AfterEach
    void close() {
        guard.close();
        threads.close();
    }

    private Future<Launched> adopt(Vertx vertx) {
        FakeListener listener = new FakeListener() {
            @Override
            public void consoleLogged(ConsoleEntry entry) {
                told.add(entry.message());
            }
        };
        return ChromeBrowser.adopt(
                vertx,
                new LaunchSpec(
                        OPTIONS, Optional.empty(), List.of(), Optional.empty(), listener, Future.future(never -> {})),
                ProfileState.NONE,
                prepared,
                Eyes.of(eyes),
                guard);
    }

    @Test
    void itsSessionHearsNoMoreOfIt(Vertx vertx) throws Exception {
        Future<Launched> adopted = await(on(context, () -> adopt(vertx)));
        assertThatThrownBy(() -> await(adopted)).hasMessageContaining("it is broken");
        chrome.log("late");
        await(on(context, () -> eyes.send(CdpConnection.BROWSER, "Some.command", new JsonObject()))
                .compose(answered -> answered));
        assertThat(told).isEmpty();
    }
}
