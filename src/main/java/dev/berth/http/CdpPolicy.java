package dev.berth.http;

import dev.berth.protocol.SessionReply.CdpEndpoint;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a CDP client may not do to the host: decided on each command, before Chrome has seen it. Pure. */
final class CdpPolicy {
    /** Of the host: its hardware, its ports, its files. */
    private static final Set<String> REFUSED_DOMAINS = Set.of("SystemInfo", "Tethering", "PWA");

    private static final String NOT_HERE = " is not possible on a shared server";
    private static final Set<String> REFUSED = Set.of(
            "Browser.crash",
            "Browser.crashGpuProcess",
            "Browser.executeBrowserCommand",
            "Browser.getBrowserCommandLine",
            "Extensions.loadUnpacked",
            "Target.exposeDevToolsProtocol",
            "Target.setRemoteLocations");
    private static final Set<String> JUDGED = Set.of(
            "Browser.close",
            "Browser.setDownloadBehavior",
            "Page.setDownloadBehavior",
            "DOM.setFileInputFiles",
            "Input.dispatchDragEvent",
            "Page.navigate",
            "Target.createTarget",
            "Network.loadNetworkResource",
            "Target.sendMessageToTarget");
    private static final Set<String> SCHEMES = Set.of("http", "https", "data", "about", "blob");
    private static final Pattern SCHEME = Pattern.compile("^([a-zA-Z][a-zA-Z0-9+.-]*):.*", Pattern.DOTALL);

    private final Optional<String> downloadDir;
    private final Optional<Path> uploadDir;

    CdpPolicy(CdpEndpoint endpoint) {
        this.downloadDir = endpoint.downloadDir();
        this.uploadDir = endpoint.uploadDir().map(Path::of);
    }

    /** What becomes of a command. */
    sealed interface Verdict {
        /** Chrome gets it as it came. */
        record Forward() implements Verdict {}

        /** Chrome gets this instead. */
        record Rewrite(byte[] message) implements Verdict {
            @Override
            public boolean equals(Object other) {
                return other instanceof Rewrite rewrite && Arrays.equals(message, rewrite.message);
            }

            @Override
            public int hashCode() {
                return Arrays.hashCode(message);
            }
        }

        /** The client gets an error. */
        record Refuse(String why) implements Verdict {}

        /** The client gets an empty result, and Chrome nothing. */
        record Answer() implements Verdict {}

        /** The client gets an empty result, and the session ends. */
        record EndSession() implements Verdict {}
    }

    /** Whether commands of this method must be judged. */
    static boolean judges(String method) {
        return JUDGED.contains(method) || refuses(method);
    }

    private static boolean refuses(String method) {
        return REFUSED.contains(method)
                || REFUSED_DOMAINS.contains(method.substring(0, Math.max(0, method.indexOf('.'))));
    }

    /** @param message what {@code command} was read from */
    Verdict judge(CdpCommand command, byte[] message, int length) {
        if (refuses(command.method())) {
            return new Verdict.Refuse(command.method() + NOT_HERE);
        }
        return switch (command.method()) {
            case "Browser.close" -> new Verdict.EndSession();
            case "Browser.setDownloadBehavior" -> downloads(command, message, length);
            // It names files as pages do, and only pages of one context: where they go is settled for all.
            case "Page.setDownloadBehavior" -> denies(command) ? new Verdict.Forward() : new Verdict.Answer();
            case "DOM.setFileInputFiles" -> files(command.texts("files"));
            case "Input.dispatchDragEvent" -> files(command.texts("data"));
            case "Page.navigate", "Target.createTarget", "Network.loadNetworkResource" -> url(command);
            case "Target.sendMessageToTarget" -> wrapped(command);
            default -> new Verdict.Forward();
        };
    }

    private static boolean denies(CdpCommand command) {
        return command.text("behavior").filter("deny"::equals).isPresent();
    }

    private Verdict downloads(CdpCommand command, byte[] message, int length) {
        if (downloadDir.isEmpty() || denies(command)) {
            return new Verdict.Forward();
        }
        JsonObject rewritten = new JsonObject(new String(message, 0, length, StandardCharsets.UTF_8));
        if (!(rewritten.getValue("params") instanceof JsonObject params)) {
            return new Verdict.Forward(); // Chrome refuses it
        }
        params.put("behavior", "allowAndName").put("downloadPath", downloadDir.get());
        return new Verdict.Rewrite(rewritten.toBuffer().getBytes());
    }

    private Verdict files(List<String> files) {
        return files.stream().allMatch(this::isUploaded)
                ? new Verdict.Forward()
                : new Verdict.Refuse("files must be uploaded with POST /api/sessions/:id/upload");
    }

    private boolean isUploaded(String file) {
        try {
            return uploadDir
                    .filter(dir -> Path.of(file).normalize().startsWith(dir))
                    .isPresent();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** As Chrome reads it: blanks around it and line breaks within it do not count. Without a scheme it refuses by itself. */
    private static Verdict url(CdpCommand command) {
        String url =
                command.text("url").orElse("").replaceAll("[\\t\\n\\r]", "").replaceFirst("^[\\x00-\\x20]+", "");
        Matcher scheme = SCHEME.matcher(url);
        return !scheme.matches() || SCHEMES.contains(scheme.group(1).toLowerCase(Locale.ROOT))
                ? new Verdict.Forward()
                : new Verdict.Refuse(
                        "the scheme '" + scheme.group(1) + ":' is not allowed; use http, https, data or about:blank");
    }

    /** A command in a command: passes where it would pass by itself. */
    private Verdict wrapped(CdpCommand outer) {
        byte[] inner = outer.text("message").orElse("").getBytes(StandardCharsets.UTF_8);
        try {
            CdpCommand command = CdpCommand.parse(inner, inner.length);
            return judge(command, inner, inner.length) instanceof Verdict.Forward
                    ? new Verdict.Forward()
                    : new Verdict.Refuse(
                            command.method() + " needs a flat session: Target.attachToTarget with flatten");
        } catch (CdpCommand.Malformed e) {
            return new Verdict.Refuse(e.getMessage());
        }
    }

    /** The answer to a command that has no result to give. */
    static String emptyResult(CdpCommand command) {
        return answer(command, new JsonObject().put("result", new JsonObject()));
    }

    /** The answer to a command that is refused. */
    static String error(CdpCommand command, String why) {
        return answer(command, error(-32000, why));
    }

    /** The answer to what is no command. */
    static String malformed(String why) {
        return error(-32700, why).encode();
    }

    private static JsonObject error(int code, String why) {
        return new JsonObject().put("error", new JsonObject().put("code", code).put("message", why));
    }

    private static String answer(CdpCommand command, JsonObject outcome) {
        JsonObject answer = new JsonObject();
        command.id().ifPresent(id -> answer.put("id", id));
        answer.mergeIn(outcome);
        command.sessionId().ifPresent(session -> answer.put("sessionId", session));
        return answer.encode();
    }
}
