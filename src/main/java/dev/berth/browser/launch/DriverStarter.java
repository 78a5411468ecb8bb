package dev.berth.browser.launch;

import dev.berth.browser.WebDrivers;
import dev.berth.browser.process.ChromeProcess;
import dev.berth.browser.process.DriverFolder;
import dev.berth.browser.process.SecludedServer;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.util.List;

/** Starts chromedrivers, each joined with the server by a second Unix socket, where its Chrome is. */
final class DriverStarter implements WebDrivers {
    private final Vertx vertx;
    private final ChromeStarter chromes;
    private final SecludedStarter servers;

    DriverStarter(Vertx vertx, ChromeStarter chromes, SecludedStarter servers) {
        this.vertx = vertx;
        this.chromes = chromes;
        this.servers = servers;
    }

    @Override
    public Future<Void> usable() {
        return servers.blocking(() -> {
            chromes.driver();
            chromes.requireSeclusion();
            return null;
        });
    }

    @Override
    public Future<Driver> start(Handler<NetSocket> chrome) {
        return servers.blocking(this::folder).compose(folder -> {
            NetServer door = vertx.createNetServer().connectHandler(chrome);
            return door.listen(SocketAddress.domainSocketAddress(folder.cdp().toString()))
                    .recover(e -> servers.remove(folder.server()).transform(gone -> Future.failedFuture(e)))
                    .compose(listening -> servers.start("chromedriver", folder.server(), () -> program(folder)))
                    .<Driver>map(process -> new Started(folder, process, door))
                    .recover(e -> door.close().transform(closed -> Future.failedFuture(e)));
        });
    }

    private DriverFolder folder() throws IOException {
        SecludedServer server = chromes.secludedServer("d-");
        try {
            DriverFolder folder = new DriverFolder(server);
            folder.prepare();
            return folder;
        } catch (IOException e) {
            chromes.leftovers().remove(server.home(), server.userId());
            throw e;
        }
    }

    private List<String> program(DriverFolder folder) throws IOException {
        folder.letIn();
        return List.of(chromes.driver().toString(), "--port=" + SecludedServer.PORT, "--silent");
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
            return SocketAddress.domainSocketAddress(folder.server().http().toString());
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
            return door.close().transform(closed -> servers.remove(process));
        }
    }
}
