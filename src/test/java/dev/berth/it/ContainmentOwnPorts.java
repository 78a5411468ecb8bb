package dev.berth.it;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Berth's own ports, of a server that lets its sessions reach this machine: every port on which it, its Postgres or its proxies listen. */
final class ContainmentOwnPorts {
    private static final List<String> HOSTS = List.of(
            "127.0.0.1",
            "127.9.9.9",
            "2130706433",
            "localhost",
            "any.localhost",
            "loopback.test",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "192.168.77.2",
            "[fd77::2]");

    private static final String LISTENS = "0A";

    private ContainmentOwnPorts() {}

    /** @param data the server's folder */
    static List<ContainmentRow> rows(Path data, Path chrome) throws IOException {
        Set<Integer> others = listening();
        Berth berth = Berth.startWithItsPostgres(
                data, Map.of("BERTH_POOL_SIZE", "1", "BERTH_CHROME_PATH", chrome.toString()));
        try {
            Api api = berth.api();
            String session = api.open("http://site.test/");
            Set<Integer> own = listening();
            own.removeAll(others);
            own.remove(berth.site.port());
            List<ContainmentRow> rows = new ArrayList<>();
            for (int port : own) {
                HOSTS.forEach(host -> rows.add(row(api, session, host, port)));
            }
            // So it is the port that is denied, not this machine.
            ContainmentRow control = row(api, session, "127.0.0.1", berth.site.port());
            rows.add(new ContainmentRow(
                    "a port that is not Berth's",
                    control.target(),
                    List.of(),
                    control.stoppedBy().startsWith("reached") ? "reached" : "",
                    "nothing"));
            return rows;
        } finally {
            berth.stop();
        }
    }

    private static ContainmentRow row(Api api, String session, String host, int port) {
        String url = "http://" + host + ":" + port + "/own-port";
        String script = "fetch('" + url + "', noCors).then(() => 'reached', e => 'not reached')";
        Object told = api.evaluate(session, script);
        JsonObject entry = (JsonObject) api
                .await(session + "/network?limit=1000", answer -> answer.text().contains(":" + port + "/own-port"))
                .list("requests")
                .stream()
                .filter(each -> ((JsonObject) each).getString("url").endsWith(":" + port + "/own-port"))
                .reduce((first, last) -> last)
                .orElseThrow();
        JsonObject blocked = entry.getJsonObject("blocked");
        String stopped =
                blocked == null ? told + ", " + entry.getValue("error") : "blocked: " + blocked.getString("words");
        return new ContainmentRow(
                "own port " + port,
                host,
                blocked == null ? List.of(stopped) : List.of(),
                "the network log has it",
                stopped);
    }

    private static Set<Integer> listening() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("/proc/net/tcp")));
        lines.addAll(Files.readAllLines(Path.of("/proc/net/tcp6")));
        return lines.stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words[3].equals(LISTENS))
                .map(words -> Integer.parseInt(words[1].substring(words[1].indexOf(':') + 1), 16))
                .collect(Collectors.toSet());
    }
}
