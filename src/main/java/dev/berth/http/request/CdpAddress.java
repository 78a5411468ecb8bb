package dev.berth.http.request;

import dev.berth.protocol.SessionId;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.net.RFC3986;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request at the paths that a Chrome with a DevTools port has ({@code /json/version}, {@code /devtools/page/ID}), at the root, below {@code
 * /connect}, or below a session; and at the CDP sockets themselves. Clients append these paths to whatever URL they are given.
 *
 * @param place before Chrome's own path
 * @param key an API key in the path of {@code /connect/KEY}, or the password of Basic authentication
 * @param path Chrome's own, without a slash at its end; {@code ""} at the socket itself
 */
public record CdpAddress(Place place, Optional<String> key, String path) {
    private static final Pattern SESSION = Pattern.compile("/api/sessions/([^/]+)/cdp(/.*)?");
    private static final Pattern CONNECT =
            Pattern.compile("/connect(?:/(?!json(?:/|$)|devtools(?:/|$))([^/]+))?(/.*)?");
    /** Not the files of the front end, which a Chrome has at {@code /devtools/}, too. */
    private static final Pattern CHROME = Pattern.compile("/(?:json(?:/.*)?|devtools(?:/(?:browser|page)(?:/.*)?)?)");
    /** The sockets of Browserless, without a slash at the end. At the same paths, other requests are for pages. */
    private static final Pattern LAUNCH = Pattern.compile("(?:/(?:chromium|chrome))?");
    /** Playwright for Java appends its path to a URL that ends with a query. */
    private static final String APPENDED = "/json/version";

    private static final Pattern SOCKET = Pattern.compile("/devtools/browser(?:/.*)?");
    /** The path of the socket of a page, before its id. */
    public static final String PAGE = "/devtools/page/";

    private static final String TOKEN = KeyInUrl.TOKEN;
    private static final String UPGRADE = "Upgrade";

    /** The part of the server that a path is below. */
    public sealed interface Place {
        /** The session that an API key's clients share. */
        record Root() implements Place {}

        /** The door that makes a session for each client. */
        record Connect() implements Place {}

        /** The same for clients of Browserless, whose query has another form. */
        record Launch() implements Place {}

        /** @param id as it stands in the path; may be none */
        record Session(String id) implements Place {}
    }

    /**
     * The address of a request; empty where it has another path. From here on, {@code request} has the key of its path or of Basic
     * authentication as if it stood in the query.
     */
    public static Optional<CdpAddress> of(HttpServerRequest request) {
        if (request.path() == null) {
            return Optional.empty();
        }
        String path = RFC3986.normalizePath(request.path()).replaceFirst("/$", "");
        boolean appended = isAppended(request);
        Optional<CdpAddress> address = (isLaunch(request, path)
                        ? Optional.of(new CdpAddress(new Place.Launch(), Optional.empty(), ""))
                        : of(path, appended))
                .map(found -> found.key().isPresent() || request.getParam(TOKEN) != null
                        ? found
                        : new CdpAddress(found.place(), KeyInUrl.basic(request), found.path()));
        address.flatMap(CdpAddress::key).ifPresent(key -> request.params().set(TOKEN, key));
        if (address.isPresent() && appended) {
            request.params().set(TOKEN, withoutAppended(request.getParam(TOKEN)));
        }
        return address;
    }

    private static boolean isLaunch(HttpServerRequest request, String path) {
        return "websocket".equalsIgnoreCase(request.getHeader(UPGRADE))
                && LAUNCH.matcher(path).matches();
    }

    private static Optional<CdpAddress> of(String path, boolean asksForVersion) {
        Matcher session = SESSION.matcher(path);
        if (session.matches()) {
            return below(new Place.Session(session.group(1)), Optional.empty(), session.group(2), asksForVersion);
        }
        Matcher connect = CONNECT.matcher(path);
        if (connect.matches()) {
            Optional<String> key = Optional.ofNullable(connect.group(1))
                    .map(text -> URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
            String own = connect.group(2);
            // A client that puts the key before each path does so with the path of a session's socket, too.
            return own != null && SESSION.matcher(own).matches()
                    ? of(own, asksForVersion).map(found -> new CdpAddress(found.place(), key, found.path()))
                    : below(new Place.Connect(), key, own, asksForVersion);
        }
        return CHROME.matcher(path).matches()
                ? below(new Place.Root(), Optional.empty(), path, false)
                : Optional.empty();
    }

    private static Optional<CdpAddress> below(Place place, Optional<String> key, String path, boolean asksForVersion) {
        String own = path == null ? "" : path;
        return own.isEmpty() || CHROME.matcher(own).matches()
                ? Optional.of(new CdpAddress(place, key, own.isEmpty() && asksForVersion ? "/json/version" : own))
                : Optional.empty();
    }

    /** The query of a request without a path that its client has appended; begins with '?', or is {@code ""}. */
    public static String query(HttpServerRequest request) {
        if (request.query() == null) {
            return "";
        }
        return "?" + (isAppended(request) ? withoutAppended(request.query()) : request.query());
    }

    /** Linear in the length of the query, which strangers choose: each request comes by here. */
    private static boolean isAppended(HttpServerRequest request) {
        String query = request.query();
        return query != null
                && (query.endsWith(APPENDED) || query.endsWith(APPENDED + "/"))
                && query.startsWith(TOKEN + "=", query.lastIndexOf('&') + 1);
    }

    private static String withoutAppended(String text) {
        int end = text.lastIndexOf(APPENDED);
        return end < 0 ? text : text.substring(0, end);
    }

    /** The session that the path names, if it names one. */
    public Optional<SessionId> session() {
        return place instanceof Place.Session named ? SessionId.parse(named.id()) : Optional.empty();
    }

    /** The page of a socket at {@code /devtools/page/ID}. */
    public Optional<String> page() {
        return path.startsWith(PAGE) ? Optional.of(path.substring(PAGE.length())) : Optional.empty();
    }

    /**
     * The path of the socket that makes a session, for a client that asked for {@code /json/version}. {@code /connect} refuses parameters
     * that are not its own, as those of Browserless's clients, who ask at the root.
     */
    String maker(HttpServerRequest request) {
        boolean plain = request.params().names().stream().allMatch(TOKEN::equals);
        return plain || place instanceof Place.Connect ? "/connect" : "/";
    }

    /** Whether each client that comes to the socket gets a session of its own. */
    public boolean makesSession() {
        return path.isEmpty() && (place instanceof Place.Connect || place instanceof Place.Launch);
    }

    public boolean isSocket() {
        return path.isEmpty() || page().isPresent() || SOCKET.matcher(path).matches();
    }
}
