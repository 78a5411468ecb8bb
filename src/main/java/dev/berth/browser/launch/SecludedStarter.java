package dev.berth.browser.launch;

import dev.berth.browser.process.ChromeProcess;
import dev.berth.browser.process.SecludedServer;
import dev.berth.loop.LoopPromise;
import dev.berth.pipe.ChildPipe.PipeChannel;
import dev.berth.pipe.EpollPipe;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Starts {@link SecludedServer}s beside the Chromes of a node: with the same folder of profiles, user ids and removal of what they leave. */
final class SecludedStarter {
    private static final long START_MILLIS = 20_000;

    private final Vertx vertx;
    private final ChromeStarter chromes;
    private final WorkerExecutor launches;

    /** @param launches a thread for each fork */
    SecludedStarter(Vertx vertx, ChromeStarter chromes, WorkerExecutor launches) {
        this.vertx = vertx;
        this.chromes = chromes;
        this.launches = launches;
    }

    /** Runs what blocks. */
    <T> Future<T> blocking(Callable<T> work) {
        return launches.executeBlocking(work, false);
    }

    /**
     * Starts one; completes when it answers. Where it fails, its folder is removed, too.
     *
     * @param name of the program, for errors
     * @param program its words
     */
    Future<ChromeProcess> start(String name, SecludedServer server, Callable<List<String>> program) {
        return blocking(() -> fork(server, program.call()))
                .recover(e -> remove(server).transform(gone -> Future.failedFuture(e)))
                .compose(process -> up(name, process)
                        .map(process)
                        .recover(e -> remove(process).transform(gone -> Future.failedFuture(e))));
    }

    /** Removes the folder of a program that was never started. */
    Future<Void> remove(SecludedServer server) {
        return blocking(() -> chromes.leftovers().remove(server.home(), server.userId()))
                .compose(removal -> removal);
    }

    /** Kills a program. Completes when its processes and its folder are gone. */
    Future<Void> remove(ChromeProcess process) {
        return chromes.leftovers().remove(process);
    }

    private ChromeProcess fork(SecludedServer server, List<String> program) throws IOException {
        EpollPipe pipe = EpollPipe.open();
        try {
            List<String> words = chromes.secludedWords(server, program);
            return ChromeProcess.start(
                    vertx, server.command(program, words, pipe.redirections()), server.home(), server.userId(), pipe);
        } catch (IOException | RuntimeException e) {
            pipe.close();
            throw e;
        }
    }

    /** Completes when the program answers, of which a byte on the pipe tells. */
    private Future<Void> up(String name, ChromeProcess process) {
        ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
        Promise<Void> answers = LoopPromise.on(context);
        process.pipe().take(context.nettyEventLoop()).orElseThrow().start(new PipeChannel.Listener() {
            @Override
            public void read(byte[] chunk, int length) {
                answers.tryComplete();
            }

            @Override
            public void closed(Optional<String> why) {
                // The end of the process tells.
            }
        });
        return process.up(name, answers.future(), START_MILLIS);
    }
}
