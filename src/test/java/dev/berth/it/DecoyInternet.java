package dev.berth.it;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SocketAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * All addresses there are, where {@code containment/network.sh} made them this machine's: a site at its names' port 80 and 443, and
 * at every other port somebody who answers. Counts packets, not requests: what begins a connection has already left.
 */
final class DecoyInternet {
    /** The first of the decoys' ports. Nothing else of this machine listens near them. */
    static final int FIRST_PORT = 20_000;

    /** Where an HTTP proxy is, which is asked for hosts and reaches none. */
    static final int PROXY_PORT = 3_128;

    private static final int LAST_PORT = 29_999;
    private static final int END = LAST_PORT;
    static final Path FILES = Path.of("src", "test", "resources", "containment");

    private final BufferedReader packets;
    private final String ways;
    private final Queue<String> strangers = new ConcurrentLinkedQueue<>();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final List<Packet> listed = new ArrayList<>();
    private final List<String> unlisted = new ArrayList<>();
    private int ends;

    /** A packet that began something, or a datagram. */
    record Packet(String protocol, String address, int port, String bytes) {
        static Packet parse(String line) {
            String[] words = line.split(" ", 4);
            return new Packet(words[0], words[1], Integer.parseInt(words[2]), words.length == 3 ? "" : words[3]);
        }

        @Override
        public String toString() {
            return protocol + " " + address + " " + port;
        }

        boolean isToDecoy() {
            return port >= FIRST_PORT && port <= LAST_PORT;
        }

        boolean isWithinMachine() {
            return address.startsWith("127.") || address.equals("::1");
        }
    }

    DecoyInternet(Vertx vertx, Path packets, int decoys) throws IOException {
        this.packets = Files.newBufferedReader(packets);
        ways = Files.readString(FILES.resolve("ways.js"));
        HttpServerOptions tls = new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(FILES.resolve("site.pem").toString())
                        .setKeyPath(FILES.resolve("site-key.pem").toString()));
        Berth.await(Future.all(
                vertx.createHttpServer()
                        .connectionHandler(this::welcome)
                        .requestHandler(this::site)
                        .listen(80, "::"),
                vertx.createHttpServer(tls)
                        .connectionHandler(this::welcome)
                        .requestHandler(this::site)
                        .listen(443, "::"),
                vertx.createHttpServer(tls)
                        .connectionHandler(this::welcome)
                        .requestHandler(this::site)
                        .listen(8443, "::"),
                vertx.createHttpServer().requestHandler(this::proxy).listen(PROXY_PORT, "::")));
        List<Future<HttpServer>> all = IntStream.range(FIRST_PORT, FIRST_PORT + decoys)
                .mapToObj(port -> vertx.createHttpServer()
                        .requestHandler(DecoyInternet::decoy)
                        .invalidRequestHandler(request -> request.connection().close())
                        .listen(port, "::"))
                .toList();
        Berth.await(Future.all(all));
    }

    private void welcome(HttpConnection connection) {
        SocketAddress from = connection.remoteAddress();
        int user = user("tcp", from.port(), connection.localAddress().port());
        if (user != 0) {
            strangers.add("user " + user + " connected to " + connection.localAddress());
        }
    }

    /** The connections to the site that somebody else than the server made. */
    List<String> strangers() {
        return List.copyOf(strangers);
    }

    void forgetStrangers() {
        strangers.clear();
    }

    /**
     * The user id of the socket on this machine that has a port.
     *
     * @param to the port that it is connected to, 0 for any: the same port may be another socket's, connected elsewhere
     */
    static int user(String protocol, int port, int to) {
        String end = ":%04X".formatted(port);
        String peer = to == 0 ? "" : ":%04X".formatted(to);
        return Stream.of(protocol, protocol + "6")
                .flatMap(table -> lines(Path.of("/proc/net", table)).stream())
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words[1].endsWith(end) && words[2].endsWith(peer))
                .map(words -> Integer.parseInt(words[7]))
                .findFirst()
                .orElse(0);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void proxy(HttpServerRequest request) {
        asked.add("the proxy was asked for " + request.authority());
        request.response().setStatusCode(502).end();
    }

    /** What the proxy was asked for. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    /** Each request makes a connection of its own, so that the next one is judged, too. */
    private static void decoy(HttpServerRequest request) {
        request.response()
                .putHeader("Content-Type", "text/html")
                .putHeader("Connection", "close")
                .putHeader("Access-Control-Allow-Origin", "*")
                .putHeader("Access-Control-Allow-Headers", "*")
                .end("<title>Decoy</title>you left");
    }

    private void site(HttpServerRequest request) {
        var response = request.response().putHeader("Content-Type", "text/html; charset=utf-8");
        switch (request.path()) {
            case "/" -> response.end("<!doctype html><title>Ways out</title><body><script src=/ways.js></script>");
            case "/ways.js" ->
                response.putHeader("Content-Type", "text/javascript").end(ways);
            case "/redirect" ->
                response.setStatusCode(Integer.parseInt(request.getParam("status")))
                        .putHeader("Location", request.getParam("to"))
                        .end();
            case "/header", "/headed" -> {
                response.putHeader(request.getParam("name", "x-none"), request.getParam("value", "none"));
                response.putHeader(request.getParam("name2", "x-none"), request.getParam("value2", "none"));
                response.end("<!doctype html>" + request.getParam("body", ""));
            }
            case "/typed" ->
                response.putHeader("Content-Type", request.getParam("type")).end(request.getParam("body"));
            case "/fetches" ->
                response.end("<script>fetch('" + request.getParam("url") + "', {mode: 'no-cors'})</script>");
            case "/shared.js" ->
                response.putHeader("Content-Type", "text/javascript")
                        .end("fetch(new URL(location).searchParams.get('url'), {mode: 'no-cors'})");
            case "/service.js" ->
                response.putHeader("Content-Type", "text/javascript").end("""
                        self.addEventListener('install', () => self.skipWaiting());
                        self.addEventListener('activate', e => e.waitUntil(clients.claim()));
                        self.addEventListener('message', e => { fetch(e.data, {mode: 'no-cors'}).catch(() => 0); });""");
            default -> response.setStatusCode(404).end("nothing here");
        }
    }

    /** The packets so far that were not between this machine's own programs. */
    synchronized List<Packet> packets() {
        String end = sendEnd();
        Api.await(this::read, lines -> lines.contains(end)).stream()
                .filter(line -> line.startsWith("tcp ") || line.startsWith("udp "))
                .map(Packet::parse)
                .filter(packet -> packet.port() != END && (packet.isToDecoy() || !packet.isWithinMachine()))
                .forEach(listed::add);
        unlisted.clear();
        return List.copyOf(listed);
    }

    /** A datagram that is listed after all that was sent before. */
    private String sendEnd() {
        byte[] bytes = {(byte) (ends >> 8), (byte) ends++};
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(
                    bytes, bytes.length, new InetSocketAddress(InetAddress.getByName("127.0.0.1"), END)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "udp 127.0.0.1 " + END + " 2 " + HexFormat.of().formatHex(bytes);
    }

    /** The lines that were written since the last list. */
    private List<String> read() {
        try {
            for (String line = packets.readLine(); line != null; line = packets.readLine()) {
                unlisted.add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return unlisted;
    }
}
