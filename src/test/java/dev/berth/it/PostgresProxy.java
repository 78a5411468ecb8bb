package dev.berth.it;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A proxy between a server and its Postgres that can cut connections, stop them, or lose an answer. */
public final class PostgresProxy {
    private final URI target;
    private final Context context;
    private final NetServer server;
    private final NetClient client;
    // Accessed on the context only.
    private final Set<Wire> wires = new HashSet<>();
    private boolean cut;
    private boolean held;
    private Optional<String> unanswered = Optional.empty();
    private volatile int lost;

    public PostgresProxy(Vertx vertx, URI target) {
        this.target = target;
        this.context = vertx.getOrCreateContext();
        this.client = vertx.createNetClient();
        this.server =
                Berth.await(vertx.createNetServer().connectHandler(this::accept).listen(0, "127.0.0.1"));
    }

    public String uri() {
        return target.toString().replace(":" + target.getPort() + "/", ":" + server.actualPort() + "/");
    }

    /** Makes Postgres unreachable: connections end, and new ones fail. */
    void cut() {
        run(() -> {
            cut = true;
            Set.copyOf(wires).forEach(Wire::end);
        });
    }

    /** Makes Postgres silent: connections stay, without answers. */
    void hold() {
        run(() -> held = true);
    }

    /** Ends the disturbance. */
    void mend() {
        run(() -> {
            cut = false;
            held = false;
            wires.forEach(Wire::release);
        });
    }

    /** Passes the next message that contains {@code text} to Postgres, and closes its connection before the answer. */
    public void loseAnswerTo(String text) {
        run(() -> unanswered = Optional.of(text));
    }

    /** The number of lost answers. */
    public int lost() {
        return lost;
    }

    public void close() {
        Berth.await(server.close().eventually(client::close));
    }

    private void run(Runnable change) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(ignored -> {
            change.run();
            done.complete();
        });
        Berth.await(done.future());
    }

    private void accept(NetSocket near) {
        near.pause();
        context.runOnContext(ignored -> {
            if (cut) {
                near.close();
                return;
            }
            client.connect(target.getPort(), target.getHost())
                    .onSuccess(far -> context.runOnContext(up -> new Wire(near, far).begin()))
                    .onFailure(e -> near.close());
        });
    }

    private final class Wire {
        private final NetSocket near;
        private final NetSocket far;
        private Buffer heldBack = Buffer.buffer();
        private boolean last;

        Wire(NetSocket near, NetSocket far) {
            this.near = near;
            this.far = far;
        }

        void begin() {
            wires.add(this);
            near.handler(said -> context.runOnContext(ignored -> said(said)));
            far.handler(answer -> context.runOnContext(ignored -> answer(answer)));
            near.closeHandler(closed -> end());
            far.closeHandler(closed -> end());
            near.resume();
        }

        private void said(Buffer said) {
            String text = said.toString(StandardCharsets.ISO_8859_1);
            if (unanswered.filter(text::contains).isPresent()) {
                unanswered = Optional.empty();
                last = true;
            }
            if (!held) {
                far.write(said);
            } else {
                heldBack.appendBuffer(said);
            }
        }

        private void answer(Buffer answer) {
            if (last) {
                lost++;
                end();
            } else {
                near.write(answer);
            }
        }

        void release() {
            if (heldBack.length() > 0) {
                far.write(heldBack);
                heldBack = Buffer.buffer();
            }
        }

        void end() {
            context.runOnContext(ignored -> wires.remove(this));
            near.close();
            far.close();
        }
    }
}
