package dev.berth.bench;

import io.vertx.core.Context;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** CDP round trips of a client at the other node of a cluster, against those of a client at the session's own. */
final class PassedRows implements Measurement {
    private static final int ROUNDS = 20;
    private static final long SAMPLE_MILLIS = 250;
    private static final long WARM_UP_MILLIS = 4_000;
    private static final String SECRET = "the secret of the benchmark's cluster, which is long enough";
    private static final int FIRST_PORT = 27_800;
    private static final int SECOND_PORT = 27_810;

    @Override
    public List<Row> run(Rig rig) throws Exception {
        ServerProcess first = node(rig, "first", FIRST_PORT, 63_000);
        try {
            ServerProcess second = node(rig, "second", SECOND_PORT, 63_500);
            try {
                return compare(rig, first.api, second.api);
            } finally {
                second.stop();
            }
        } finally {
            first.stop();
        }
    }

    private static ServerProcess node(Rig rig, String name, int port, int firstUid) throws IOException {
        Map<String, String> settings = new HashMap<>(rig.warm.shared());
        settings.put("BERTH_CLUSTER_HOST", "127.0.0.1");
        settings.put("BERTH_CLUSTER_PORT", Integer.toString(port));
        settings.put("BERTH_CLUSTER_SECRET", SECRET);
        settings.put("BERTH_POOL_SIZE", "0");
        settings.put("BERTH_CHROME_FIRST_UID", Integer.toString(firstUid));
        Path folder = rig.folder.resolve("node-" + name);
        return ServerProcess.start(folder, settings);
    }

    private static List<Row> compare(Rig rig, Api first, Api second) throws Exception {
        Api.Session session = first.create(new JsonObject()).join();
        boolean isFirsts = first.get("/api/sessions/" + session.id())
                .getString("machineId")
                .equals(first.get("/health/ready").getString("machineId"));
        Context context = Throughput.loop(rig.clients);
        CdpClient own = CdpClient.connect(rig.clients, context, at(isFirsts ? first : second, session));
        CdpClient passed = CdpClient.connect(rig.clients, context, at(isFirsts ? second : first, session));
        try {
            List<Row> rows = new ArrayList<>();
            for (int inFlight : List.of(1, 32)) {
                Throughput.perSecond(context, inFlight, WARM_UP_MILLIS, lane -> passed.roundTrip());
                rows.add(new Row(
                        "CDP through another node, " + inFlight + " in flight",
                        "round trips/s",
                        Pair.interleave(
                                ROUNDS, () -> rate(context, passed, inFlight), () -> rate(context, own, inFlight)),
                        Budget.ratioAtLeast(0.8),
                        "Runtime.evaluate of 1+1 over a node that passes the socket on, by TLS, against the same client at the"
                                + " session's own node; two processes with config/jvm.options on this machine."));
            }
            return rows;
        } finally {
            own.close();
            passed.close();
            session.delete().join();
        }
    }

    private static String at(Api node, Api.Session session) {
        URI url = URI.create(session.connectUrl());
        return "ws://127.0.0.1:" + node.port() + url.getRawPath() + "?" + url.getRawQuery();
    }

    private static double rate(Context context, CdpClient client, int inFlight) {
        return Throughput.perSecond(context, inFlight, SAMPLE_MILLIS, lane -> client.roundTrip());
    }
}
