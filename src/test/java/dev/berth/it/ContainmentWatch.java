package dev.berth.it;

import dev.berth.it.DecoyInternet.Packet;
import dev.berth.it.DnsAnswers.Question;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What left the machine since the last mark: to where anybody may go, or elsewhere. */
final class ContainmentWatch {
    /** Where the site and the control are. */
    static final String ALLOWED = "93.184.216.34";
    /** Another control. */
    static final String ALLOWED_6 = "2606:2800:220:1::34";

    /** The address of the names that only some sessions may reach. */
    static final String DENIED = "93.184.216.66";
    /** The user id of the server, which alone may ask for names. */
    private static final int SERVER = 0;

    private static final String LEAK = ".leak.test";
    /** Nor may the server ask for it, where a list denies it. */
    private static final String LISTED = "evil.test";

    private final DecoyInternet internet;
    private final DnsAnswers names;
    private int packetsBefore;
    private int namesBefore;

    ContainmentWatch(DecoyInternet internet, DnsAnswers names) {
        this.internet = internet;
        this.names = names;
    }

    /** Forgets what was before. */
    void mark() {
        packetsBefore = internet.packets().size();
        namesBefore = names.asked().size();
        internet.forgetStrangers();
    }

    Seen look() {
        List<Packet> packets = internet.packets();
        List<Question> questions = names.asked();
        return new Seen(
                packets.subList(packetsBefore, packets.size()),
                questions.subList(namesBefore, questions.size()),
                internet.strangers(),
                internet.asked());
    }

    /**
     * What has left so far.
     *
     * @param strangers connections that somebody else than the server made
     * @param proxied what another proxy was asked for
     */
    record Seen(List<Packet> packets, List<Question> questions, List<String> strangers, List<String> proxied) {
        private static boolean isAllowed(Packet packet) {
            return packet.address().equals(ALLOWED) || packet.address().equals(ALLOWED_6);
        }

        /** The ports at which something arrived at a control. */
        Set<Integer> atControl() {
            return packets.stream()
                    .filter(packet -> isAllowed(packet))
                    .map(Packet::port)
                    .collect(Collectors.toSet());
        }

        /** What was sent to this port elsewhere, or asked of the DNS for its sake. */
        List<String> leaks(int port) {
            Stream<String> sent = packets.stream()
                    .filter(packet -> !isAllowed(packet) && packet.port() == port)
                    .map(Packet::toString);
            Stream<String> asked = questions.stream()
                    .filter(question -> question.name().equals("p" + port + LEAK))
                    .map(Question::toString);
            Stream<String> passedOn = proxied.stream().filter(what -> what.endsWith(":" + port));
            return Stream.of(sent, asked, passedOn)
                    .flatMap(all -> all)
                    .distinct()
                    .toList();
        }

        /** What was sent to no decoy's port, and what Chromes sent or asked themselves, or had asked in spite of a list. */
        List<String> others() {
            Stream<String> sent = packets.stream()
                    .filter(packet -> !isAllowed(packet) && !packet.isToDecoy())
                    .map(Packet::toString);
            Stream<String> asked = questions.stream()
                    .filter(question ->
                            question.user() != SERVER || question.name().endsWith(LISTED))
                    .map(Question::toString);
            return Stream.of(sent, asked, strangers.stream())
                    .flatMap(all -> all)
                    .distinct()
                    .toList();
        }
    }
}
