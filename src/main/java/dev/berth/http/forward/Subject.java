package dev.berth.http.forward;

import dev.berth.http.request.CdpAddress;
import dev.berth.http.request.DriverProblem;
import dev.berth.http.request.DriverTokens;
import dev.berth.http.request.Problem;
import dev.berth.http.request.SessionLinks;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskId;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.net.RFC3986;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The subject of a request, which decides the node that answers it. */
sealed interface Subject {
    /** The paths of one-shots, each of which makes a session: the contract's, and Browserless's. */
    Pattern ONE_SHOTS = Pattern.compile(
            "(?:/api/(?:screenshot|pdf|content|links|scrape)|(?:/chromium|/chrome)?/(?:screenshot|pdf|content|scrape))/?");

    String SESSIONS = "/api/sessions";
    /** The path of sessions for clients of Browserbase's. */
    String BROWSERBASE = "/v1/sessions";

    /** The path of sessions for clients of WebDriver, whose ids have a token after a dot. */
    Pattern WEBDRIVER = Pattern.compile("(?:/wd/hub)?/session/([^/]+)(?:/.*)?");

    Pattern NEW_WEBDRIVER = Pattern.compile("(?:/wd/hub)?/session/?");

    String TASKS = "/api/agent/";
    String MCP = "/mcp";
    String MCP_SESSION = "Mcp-Session-Id";

    /** A session that exists, or did. */
    record OfSession(SessionId id) implements Subject {}

    /** An AI task that exists, or did. */
    record OfTask(TaskId id) implements Subject {}

    /** An artifact, which may still wait on its node's disk. */
    record OfArtifact(String objectId) implements Subject {}

    /** A client's session of the Model Context Protocol, whose id names its node. */
    record OfNode(String machineId) implements Subject {}

    /** A session to be made. */
    record NewSession() implements Subject {}

    /** Empty where any node's answer is as good. */
    static Optional<Subject> of(HttpServerRequest request) {
        if (request.path() == null) {
            return Optional.empty();
        }
        Optional<CdpAddress> cdp = CdpAddress.of(request);
        if (cdp.isPresent()) {
            return of(request, cdp.get());
        }
        // The routers of both nodes match the path so, too.
        String path = RFC3986.normalizePath(request.path());
        if (path.startsWith(SESSIONS + "/")) {
            return SessionId.parse(segment(path, SESSIONS.length() + 1)).map(OfSession::new);
        } else if (path.startsWith(BROWSERBASE + "/")) {
            return SessionId.parse(segment(path, BROWSERBASE.length() + 1)).map(OfSession::new);
        } else if (path.startsWith(TASKS)) {
            return TaskId.parse(segment(path, TASKS.length())).map(OfTask::new);
        } else if (path.startsWith(SessionLinks.ARTIFACTS)) {
            return Optional.of(new OfArtifact(path.substring(SessionLinks.ARTIFACTS.length())));
        } else if (is(path, MCP)) {
            return Optional.ofNullable(request.getHeader(MCP_SESSION))
                    .filter(id -> id.indexOf('.') > 0)
                    .map(id -> new OfNode(id.substring(0, id.indexOf('.'))));
        }
        Optional<String> driver = driverId(path);
        if (driver.isPresent()) {
            return DriverTokens.session(driver.get()).map(OfSession::new);
        }
        return request.method().equals(HttpMethod.POST)
                        && (is(path, SESSIONS)
                                || NEW_WEBDRIVER.matcher(path).matches()
                                || is(path, BROWSERBASE)
                                || ONE_SHOTS.matcher(path).matches())
                ? Optional.of(new NewSession())
                : Optional.empty();
    }

    /** A session that a token creates may be there, for a client that has come by the same URL earlier. */
    private static Optional<Subject> of(HttpServerRequest request, CdpAddress cdp) {
        if (!cdp.makesSession()) {
            return cdp.session().map(OfSession::new);
        } else if (!request.method().equals(HttpMethod.GET)) {
            return Optional.empty();
        }
        String promised = request.getParam("session");
        return promised == null
                ? Optional.of(new NewSession())
                : SessionId.parse(promised).map(OfSession::new);
    }

    /** The id of a WebDriver session in a path. */
    static Optional<String> driverId(String path) {
        Matcher webdriver = WEBDRIVER.matcher(path);
        return webdriver.matches() ? Optional.of(webdriver.group(1)) : Optional.empty();
    }

    /** The form of errors that the path's API has; empty where it has Berth's. */
    static Optional<Problem.Form> form(HttpServerRequest request) {
        String path = RFC3986.normalizePath(request.path());
        boolean isNew = NEW_WEBDRIVER.matcher(path).matches();
        return isNew || driverId(path).isPresent() ? Optional.of(new DriverProblem(isNew)) : Optional.empty();
    }

    private static boolean is(String path, String wanted) {
        return path.equals(wanted) || path.equals(wanted + "/");
    }

    private static String segment(String path, int from) {
        int end = path.indexOf('/', from);
        return end < 0 ? path.substring(from) : path.substring(from, end);
    }
}
