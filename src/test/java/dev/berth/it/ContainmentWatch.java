package dev.berth.it;

import dev.berth.it.DecoyInternet.Packet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What left the machine since the last mark, by the port that it was to: to the control, or to where nothing may go. */
final class ContainmentWatch {
    /** Where the site and the control are. */
    static final String ALLOWED = "93.184.216.34";
    /** Where the names are that only some sessions may reach. */
    static final String DENIED = "93.184.216.66";
    /** No page may have the browser ask for names below this one, nor, where lists hold, the server. */
    private static final List<String> NEVER_ASKED = List.of("leak.test", "evil.test", ".local");

    private static final int DNS = 53;

    private final DecoyInternet internet;
    private final DnsAnswers names;
    private int packetsBefore;
    private int namesBefore;

    ContainmentWatch(DecoyInternet internet, DnsAnswers names) {
        this.internet = internet;
        this.names = names;
    }

    void mark() {
        packetsBefore = internet.packets().size();
        namesBefore = names.asked().size();
    }

    Map<Integer, List<String>> atControl() {
        return since(true);
    }

    Map<Integer, List<String>> leaks() {
        Map<Integer, List<String>> leaks = since(false);
        List<String> asked = names.asked();
        asked.subList(namesBefore, asked.size()).stream()
                .filter(name -> NEVER_ASKED.stream().anyMatch(name::endsWith))
                .forEach(name -> note(leaks, DNS, "dns " + name));
        return leaks;
    }

    private Map<Integer, List<String>> since(boolean allowed) {
        List<Packet> all = internet.packets();
        Map<Integer, List<String>> byPort = new LinkedHashMap<>();
        all.subList(packetsBefore, all.size()).stream()
                .filter(packet -> packet.address().equals(ALLOWED) == allowed)
                .forEach(packet -> note(byPort, packet.port(), packet.toString()));
        return byPort;
    }

    private static void note(Map<Integer, List<String>> byPort, int port, String what) {
        List<String> noted = byPort.computeIfAbsent(port, first -> new ArrayList<>());
        if (!noted.contains(what)) {
            noted.add(what);
        }
    }
}
