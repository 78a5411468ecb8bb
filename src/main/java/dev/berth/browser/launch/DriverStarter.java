package dev.berth.browser.launch;

import dev.berth.browser.WebDrivers;
import dev.berth.browser.process.ChromeProcess;
import dev.berth.browser.process.DriverFolder;
import dev.berth.loop.LoopPromise;
import dev.berth.pipe.ChildPipe.PipeChannel;
import dev.berth.pipe.EpollPipe;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Starts chromedrivers beside the Chromes of a node: with the same folder of profiles, user ids and removal of what they leave. */
final class DriverStarter implements WebDrivers {
    private static final long START_MILLIS = 20_000;

    private final Vertx vertx;
    private final ChromeStarter chromes;
    private final WorkerExecutor launches;

    /** @param launches a thread for each fork */
    DriverStarter(Vertx vertx, ChromeStarter chromes, WorkerExecutor launches) {
        this.vertx = vertx;
        this.chromes = chromes;
        this.launches = launches;
    }

    @Override
    public Future<Void> usable() {
        return launches.executeBlocking(
                () -> {
                    chromes.requireDrivers();
                    return null;
                },
                false);
    }

    @Override
    public Future<Driver> start(Handler<NetSocket> chrome) {
        return launches.executeBlocking(chromes::driverFolder, false).compose(folder -> {
            NetServer door = vertx.createNetServer().connectHandler(chrome);
            return door.listen(SocketAddress.domainSocketAddress(folder.cdp().toString()))
                    .compose(listening -> launches.executeBlocking(() -> start(folder), false))
                    .recover(e -> chromes.leftovers()
                            .remove(folder.home(), folder.userId())
                            .transform(gone -> Future.failedFuture(e)))
                    .compose(process -> up(process).<Driver>map(up -> new Started(folder, process, door)))
                    .recover(e -> door.close().transform(closed -> Future.failedFuture(e)));
        });
    }

    private ChromeProcess start(DriverFolder folder) throws IOException {
        folder.letIn();
        Path executable = chromes.driver();
        EpollPipe pipe = EpollPipe.open();
        try {
            return ChromeProcess.start(
                    vertx,
                    folder.command(executable, chromes.driverWords(folder, executable), pipe.redirections()),
                    folder.home(),
                    folder.userId(),
                    pipe);
        } catch (IOException | RuntimeException e) {
            pipe.close();
            throw e;
        }
    }

    /** Completes when the driver answers, which the program before it tells by a byte on the pipe. */
    private Future<Void> up(ChromeProcess process) {
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
        return process.up("chromedriver", answers.future(), START_MILLIS)
                .recover(e -> chromes.leftovers().remove(process).transform(gone -> Future.failedFuture(e)));
    }

    private final class Started implements Driver {
        private final DriverFolder folder;
        private final ChromeProcess process;
        private final NetServer door;

        Started(DriverFolder folder, ChromeProcess process, NetServer door) {
            this.folder = folder;
            this.process = process;
            this.door = door;
        }

        @Override
        public SocketAddress http() {
            return SocketAddress.domainSocketAddress(folder.http().toString());
        }

        @Override
        public String chrome() {
            return folder.chrome().toString();
        }

        @Override
        public Future<Void> exit() {
            return Future.fromCompletionStage(process.exit(), vertx.getOrCreateContext())
                    .mapEmpty();
        }

        @Override
        public Future<Void> end() {
            return door.close().transform(closed -> chromes.leftovers().remove(process));
        }
    }
}
