package dev.berth.cdpclient.command;

import dev.berth.protocol.ExtensionOrigins;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Decides what a CDP client may do to the host. Judges each command before Chrome sees it. Pure. */
public final class CdpPolicy {
    /**
     * These domains reach the host: its hardware, devices, ports and files, and the browser's installation. Automating pages
     * needs none of them.
     */
    private static final Set<String> REFUSED_DOMAINS = Set.of(
            "BluetoothEmulation",
            "Cast",
            "DeviceAccess",
            "Extensions",
            "FileSystem",
            "PWA",
            "SmartCardEmulation",
            "SystemInfo",
            "Tethering");

    private static final String NOT_FLAT =
            "only flat sessions are supported: attach with flatten, and send commands with a sessionId";
    private static final String NOT_HERE = " is not available on a shared server";
    private static final Set<String> REFUSED = Set.of(
            "Browser.addMockCamera",
            "Browser.crash",
            "Browser.crashGpuProcess",
            "Browser.executeBrowserCommand",
            "Browser.getBrowserCommandLine",
            "Browser.setDockTile",
            "Memory.getBrowserSamplingProfile",
            "Target.exposeDevToolsProtocol",
            "Target.openDevTools",
            "Target.setRemoteLocations",
            "Tracing.requestMemoryDump");
    private static final Set<String> JUDGED = Set.of(
            "Browser.close",
            "Browser.setDownloadBehavior",
            "Page.setDownloadBehavior",
            "DOM.setFileInputFiles",
            "Input.dispatchDragEvent",
            "Page.navigate",
            "Target.createBrowserContext",
            "Target.createTarget",
            "Network.loadNetworkResource",
            "Target.attachToTarget",
            "Target.detachFromTarget",
            "Target.sendMessageToTarget",
            "Target.setAutoAttach",
            "Tracing.start");
    /** Parameters that give a browser context its own route to the network, or access to other origins' files. */
    private static final Set<String> CONTEXTS_OWN =
            Set.of("proxyServer", "proxyBypassList", "originsWithUniversalNetworkAccess");

    private static final List<String> PROXY = List.of("proxyServer", "proxyBypassList");
    /** One proxy on the machine of whoever names it. */
    private static final Pattern LOOPBACK_PROXY = Pattern.compile(
            "([a-z0-9]+://)?([^@/,;=]*@)?(localhost|127(\\.[0-9]{1,3}){3}|\\[::1])(:[0-9]{1,5})?/?",
            Pattern.CASE_INSENSITIVE);

    private static final int MAX_PROXY_CHARS = 1_000;

    private static final Set<String> TRACING_BACKENDS = Set.of("auto", "chrome");
    private static final Set<String> SCHEMES = Set.of("http", "https", "data", "blob");
    private static final Pattern BLANK = Pattern.compile("about:blank([?#].*)?", Pattern.DOTALL);
    /** Shows nothing, and ends the process of the page: crash tests use it. */
    private static final Pattern CRASH = Pattern.compile("chrome://crash/?");
    /**
     * Static pages of Chrome, to which clients go to leave a site, as Lighthouse does before it comes back. A renderer with such a page may
     * also open Chrome's settings.
     */
    private static final Pattern TEXTS = Pattern.compile("chrome://(terms|credits)/?");
    /** Within the inspected beginning of a URL a longer scheme has no colon. */
    private static final Pattern SCHEME = Pattern.compile("([a-z][a-z0-9+.-]*)(:|$)");

    private static final int MAX_SCHEME_CHARS = 64;
    /** A {@code .} or {@code ..} segment. */
    private static final Pattern STEP = Pattern.compile("/\\.\\.?(/|$)");
    /** The kernel's limit. */
    private static final int MAX_PATH_CHARS = 4_096;

    private final Optional<String> downloadDir;
    private final Optional<String> uploadDir;
    private final ExtensionOrigins extensions;

    public CdpPolicy(CdpEndpoint endpoint) {
        this.downloadDir = endpoint.downloadDir();
        this.uploadDir = endpoint.uploadDir();
        this.extensions = endpoint.extensions();
    }

    /** The policy's verdict on a command. */
    public sealed interface Verdict {
        /** Chrome gets the command unchanged. */
        record Forward() implements Verdict {}

        /** Chrome gets the command with these parameters instead. */
        record Rewrite(JsonObject params) implements Verdict {}

        /** The client gets an error, Chrome nothing. */
        record Refuse(String why) implements Verdict {}

        /** The client gets an empty result, Chrome nothing. */
        record Answer() implements Verdict {}

        /** The client gets an empty result, and the session ends. */
        record EndSession() implements Verdict {}
    }

    /** Whether commands of this method must be judged. */
    public static boolean judges(String method) {
        return JUDGED.contains(method) || refuses(method);
    }

    private static boolean refuses(String method) {
        return REFUSED.contains(method)
                || REFUSED_DOMAINS.contains(method.substring(0, Math.max(0, method.indexOf('.'))));
    }

    public Verdict judge(CdpCommand command) {
        if (refuses(command.method())) {
            return new Verdict.Refuse(command.method() + NOT_HERE);
        }
        return switch (command.method()) {
            case "Browser.close" -> new Verdict.EndSession();
            case "Browser.setDownloadBehavior" -> downloads(command);
            // The command would name files as pages choose, and for one context only: Berth sets the folder for all.
            case "Page.setDownloadBehavior" -> denies(command) ? new Verdict.Forward() : new Verdict.Answer();
            case "DOM.setFileInputFiles" -> files(command.texts("files"));
            case "Input.dispatchDragEvent" -> files(command.texts("data"));
            case "Page.navigate", "Target.createTarget" -> page(command);
            case "Network.loadNetworkResource" -> url(command);
            case "Target.createBrowserContext" -> context(command);
            case "Target.attachToTarget" -> flat(command);
            case "Target.setAutoAttach" -> isTrue(command, "autoAttach") ? flat(command) : new Verdict.Forward();
            case "Target.sendMessageToTarget" -> new Verdict.Refuse(NOT_FLAT);
            case "Tracing.start" -> tracing(command);
            default -> new Verdict.Forward();
        };
    }

    private static boolean denies(CdpCommand command) {
        return command.text("behavior").filter("deny"::equals).isPresent();
    }

    private Verdict downloads(CdpCommand command) {
        if (downloadDir.isEmpty() || denies(command)) {
            return new Verdict.Forward();
        }
        JsonObject params = new JsonObject();
        for (String kept : List.of("browserContextId", "eventsEnabled")) {
            Object value = command.params().get(kept);
            if (value instanceof String || value instanceof Boolean) {
                params.put(kept, value);
            }
        }
        return new Verdict.Rewrite(params.put("behavior", "allowAndName").put("downloadPath", downloadDir.get()));
    }

    private static Verdict context(CdpCommand command) {
        List<String> ignored = ignored(command);
        Optional<String> own = command.params().keySet().stream()
                .filter(param -> CONTEXTS_OWN.contains(param) && !ignored.contains(param))
                .findFirst();
        if (own.isPresent()) {
            return new Verdict.Refuse(own.get() + " is not allowed: the server decides where session traffic goes");
        }
        if (ignored.isEmpty()) {
            return new Verdict.Forward();
        }
        JsonObject params = new JsonObject(new LinkedHashMap<>(command.params()));
        ignored.forEach(params::remove);
        return new Verdict.Rewrite(params);
    }

    /**
     * The parameters of a new context that have no effect. A proxy on a loopback address runs beside the client, where Chrome does not
     * reach it: crawlers name theirs for each context, with an upstream or not.
     */
    static List<String> ignored(CdpCommand command) {
        boolean ofClient = command.method().equals("Target.createBrowserContext")
                && command.text("proxyServer")
                        .filter(proxy -> proxy.length() <= MAX_PROXY_CHARS)
                        .filter(proxy -> LOOPBACK_PROXY.matcher(proxy).matches())
                        .isPresent();
        return ofClient ? PROXY.stream().filter(command.params()::containsKey).toList() : List.of();
    }

    /** Other backends trace the whole machine or write to files, and do not stop. */
    private static Verdict tracing(CdpCommand command) {
        boolean chromes =
                TRACING_BACKENDS.contains(command.text("tracingBackend").orElse("auto"));
        return chromes && !command.params().containsKey("perfettoConfig")
                ? new Verdict.Forward()
                : new Verdict.Refuse("tracing needs traceConfig and the backend auto or chrome");
    }

    private Verdict files(List<String> files) {
        return files.stream().allMatch(this::isUploaded)
                ? new Verdict.Forward()
                : new Verdict.Refuse(
                        "the browser can't read files of your machine: upload them with PUT /api/sessions/:id/files/:name,"
                                + " and set the path from its answer here");
    }

    /** Compares the path as written: resolving {@code ..} takes quadratic time. */
    private boolean isUploaded(String file) {
        return file.length() <= MAX_PATH_CHARS
                && file.indexOf('\0') < 0
                && uploadDir.filter(dir -> file.startsWith(dir + '/')).isPresent()
                && !STEP.matcher(file).find();
    }

    private Verdict page(CdpCommand command) {
        return isShownBlank(command)
                ? new Verdict.Rewrite(new JsonObject(new LinkedHashMap<>(command.params())).put("url", "about:blank"))
                : url(command);
    }

    /** Whether Chrome shows {@code about:blank} instead of the URL that this command opens. */
    static boolean isShownBlank(CdpCommand command) {
        return TEXTS.matcher(beginning(command.text("url").orElse(""))).matches();
    }

    /** Chrome itself refuses URLs without a scheme. */
    private Verdict url(CdpCommand command) {
        String url = beginning(command.text("url").orElse(""));
        Matcher found = SCHEME.matcher(url);
        if (!found.lookingAt() || found.group(2).isEmpty() && url.length() < MAX_SCHEME_CHARS) {
            return new Verdict.Forward();
        }
        boolean allowed = SCHEMES.contains(found.group(1))
                || BLANK.matcher(url).matches()
                || CRASH.matcher(url).matches()
                || extensions.nameOf(url).isPresent();
        return allowed
                ? new Verdict.Forward()
                : new Verdict.Refuse("the scheme '" + found.group(1)
                        + ":' is not allowed; use http, https, data, blob or about:blank");
    }

    /** The beginning of a URL as Chrome reads it: without leading blanks and line breaks, in lower case. */
    private static String beginning(String url) {
        StringBuilder read = new StringBuilder(MAX_SCHEME_CHARS);
        for (int i = 0; i < url.length() && read.length() < MAX_SCHEME_CHARS; i++) {
            char c = url.charAt(i);
            boolean skipped = c == '\t' || c == '\n' || c == '\r' || c <= ' ' && read.isEmpty();
            if (!skipped) {
                read.append(c >= 'A' && c <= 'Z' ? Character.toLowerCase(c) : c);
            }
        }
        return read.toString();
    }

    /** CDP sessions of the old protocol are reached by commands within commands. */
    private static Verdict flat(CdpCommand command) {
        return isTrue(command, "flatten") ? new Verdict.Forward() : new Verdict.Refuse(NOT_FLAT);
    }

    private static boolean isTrue(CdpCommand command, String param) {
        return Boolean.TRUE.equals(command.params().get(param));
    }
}
