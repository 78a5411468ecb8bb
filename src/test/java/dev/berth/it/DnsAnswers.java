package dev.berth.it;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A DNS server that gives for a name one list of addresses after the other, in a circle, to be kept for no time. Names
 * that it does not have do not exist. It remembers what was asked for.
 */
final class DnsAnswers {
    private static final int PORT = 53;
    private static final int HEADER_BYTES = 12;
    private static final int TYPE_4 = 1;
    private static final int TYPE_6 = 28;
    private static final int BYTES_4 = 4;
    private static final int POINTER_TO_QUESTION = 0xc00c;
    private static final int ANSWERED = 0x8580;
    private static final int NO_SUCH_NAME = 3;

    private final Map<String, List<List<InetAddress>>> names = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> turns = new ConcurrentHashMap<>();
    private final Queue<Question> asked = new ConcurrentLinkedQueue<>();
    private final DatagramSocket socket;

    /**
     * A name that was asked for.
     *
     * @param user the user id of who asked
     */
    record Question(String name, int user) {}

    DnsAnswers(Vertx vertx) {
        socket = vertx.createDatagramSocket();
        socket.handler(this::answer);
        Berth.await(socket.listen(PORT, "127.0.0.1"));
    }

    /**
     * Sets what a name has.
     *
     * @param name {@code *.x} is every name below x
     * @param answers each of addresses, with spaces between
     */
    DnsAnswers add(String name, String... answers) {
        List<List<InetAddress>> lists = new ArrayList<>();
        for (String answer : answers) {
            lists.add(List.of(answer.split(" ")).stream().map(DnsAnswers::parse).toList());
        }
        names.put(name, lists);
        return this;
    }

    private static InetAddress parse(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** What was asked so far, in lower case. */
    List<Question> asked() {
        return List.copyOf(asked);
    }

    private void answer(DatagramPacket packet) {
        Buffer query = packet.data();
        StringBuilder name = new StringBuilder();
        int at = HEADER_BYTES;
        for (int length = query.getUnsignedByte(at); length > 0; length = query.getUnsignedByte(at)) {
            name.append(name.isEmpty() ? "" : ".").append(query.getString(at + 1, at + 1 + length));
            at += 1 + length;
        }
        String wanted = name.toString().toLowerCase(Locale.ROOT);
        int type = query.getUnsignedShort(at + 1);
        asked.add(new Question(wanted, DecoyInternet.user("udp", packet.sender().port(), 0)));
        Buffer reply = reply(query, at + 1 + BYTES_4, wanted, type);
        socket.send(reply, packet.sender().port(), packet.sender().host());
    }

    private Buffer reply(Buffer query, int endOfQuestion, String name, int type) {
        List<List<InetAddress>> known =
                names.getOrDefault(name, names.get("*" + name.substring(Math.max(0, name.indexOf('.')))));
        List<InetAddress> addresses = known == null ? List.of() : inTurn(name + type, known, type);
        Buffer reply = Buffer.buffer()
                .appendBuffer(query.getBuffer(0, 2))
                .appendUnsignedShort(ANSWERED | (known == null ? NO_SUCH_NAME : 0))
                .appendUnsignedShort(1)
                .appendUnsignedShort(addresses.size())
                .appendInt(0)
                .appendBuffer(query.getBuffer(HEADER_BYTES, endOfQuestion));
        for (InetAddress address : addresses) {
            byte[] bytes = address.getAddress();
            reply.appendUnsignedShort(POINTER_TO_QUESTION)
                    .appendUnsignedShort(type)
                    .appendUnsignedShort(1)
                    .appendInt(0)
                    .appendUnsignedShort(bytes.length)
                    .appendBytes(bytes);
        }
        return reply;
    }

    private List<InetAddress> inTurn(String question, List<List<InetAddress>> known, int type) {
        int turn = turns.computeIfAbsent(question, one -> new AtomicInteger()).getAndIncrement();
        return known.get(turn % known.size()).stream()
                .filter(address -> type == TYPE_4 ? address.getAddress().length == BYTES_4 : isOf6(address, type))
                .toList();
    }

    private static boolean isOf6(InetAddress address, int type) {
        return type == TYPE_6 && address.getAddress().length > BYTES_4;
    }
}
