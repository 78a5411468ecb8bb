package dev.berth.browser.drive.command;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.webfolder.cdp.logger.CdpLoggerType;
import io.webfolder.cdp.session.Session;
import io.webfolder.cdp.session.SessionFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** cdp4j's connection to one Chrome, and its session for each page. Only for the lane's thread, but for {@link #close}. */
public final class Cdp4jSessions {
    public static final int CONNECT_TIMEOUT_MILLIS = 10_000;
    /** Longer than any command may take: the lane ends a call that takes too long. */
    private static final int READ_TIMEOUT_MILLIS = 1_000_000;

    private final SessionFactory factory;
    private final Map<String, Session> byTarget = new HashMap<>();
    private Session firstPage;

    public Cdp4jSessions(int port) {
        factory = new SessionFactory(
                "127.0.0.1", port, CONNECT_TIMEOUT_MILLIS, CdpLoggerType.Null, new CommandLane.Direct());
        factory.setWebSocketReadTimeout(READ_TIMEOUT_MILLIS);
    }

    /** Takes 60 to 90 ms for a page's first command. */
    Session of(String targetId) {
        byTarget.values().removeIf(session -> !session.isConnected());
        return byTarget.computeIfAbsent(targetId, this::connect);
    }

    /** The one page that a Chrome has when it is up. */
    private Session firstPage() throws IOException {
        if (firstPage == null) {
            firstPage = of(targetOfFirstPage());
        }
        return firstPage;
    }

    /** Has Chrome read its cookies from its profile. */
    public void readCookies() throws IOException {
        firstPage().getCommand().getNetwork().getAllCookies();
    }

    /** Returns where the page that a Chrome has when it is up answers; throws where it does not. */
    public void askFirstPage() throws IOException {
        firstPage().getCommand().getRuntime().evaluate("1");
    }

    private String targetOfFirstPage() throws IOException {
        try (InputStream list = URI.create("http://127.0.0.1:" + factory.getPort() + "/json/list")
                .toURL()
                .openStream()) {
            return new JsonArray(Buffer.buffer(list.readAllBytes()))
                    .stream()
                            .map(JsonObject.class::cast)
                            .filter(target -> target.getString("type").equals("page"))
                            .findFirst()
                            .orElseThrow(() -> new IOException("Chrome has no page"))
                            .getString("id");
        }
    }

    private Session connect(String targetId) {
        Session session = factory.connect(targetId);
        // The eyes see it all already; here each event would be parsed twice more.
        session.getCommand().getRuntime().disable();
        session.getCommand().getPage().disable();
        return session;
    }

    /** Chrome must be gone: on a living one cdp4j would close the pages one by one. */
    public void close() {
        factory.close();
    }
}
