package dev.berth.cdpclient.command;

import dev.berth.protocol.Truncation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The meaning of a client's command as an action. Acts with mouse and keys are reported by pages instead. */
public record CdpMeaning(String type, Map<String, Object> details) {
    private static final int MAX_URL_CHARS = 2_000;
    private static final int MAX_TARGET_CHARS = 200;
    private static final Set<String> ACTIONS = Set.of(
            "Page.navigate",
            "Page.reload",
            "Page.navigateToHistoryEntry",
            "Page.captureScreenshot",
            "Page.printToPDF",
            "Page.handleJavaScriptDialog",
            "Page.setDocumentContent",
            "Page.close",
            "Target.createTarget",
            "Target.closeTarget",
            "DOM.setFileInputFiles",
            "Storage.setCookies",
            "Network.setCookie",
            "Network.setCookies");

    public static boolean watches(String method) {
        return ACTIONS.contains(method) || usesPage(method);
    }

    /** Whether a page may hear of the command as of what a person does. */
    public static boolean usesPage(String method) {
        return method.startsWith("Input.") && !method.startsWith("Input.set") || method.equals("DOM.setFileInputFiles");
    }

    /** Methods whose commands may legitimately exceed the parsing limit. The action then has no details. */
    private static final Set<String> LARGE = Set.of(
            "Page.setDocumentContent",
            "Page.printToPDF",
            "Storage.setCookies",
            "Network.setCookie",
            "Network.setCookies",
            "Input.insertText");

    public static boolean mayBeLarge(String method) {
        return LARGE.contains(method);
    }

    private static Optional<CdpMeaning> meaning(String type, Map<String, Object> details) {
        return Optional.of(new CdpMeaning(type, details));
    }

    /** Empty where a person would not call the command an action. */
    static Optional<CdpMeaning> of(CdpCommand command) {
        return switch (command.method()) {
            case "Page.navigate" -> meaning("navigate", url(command));
            case "Target.createBrowserContext" -> newContext(command);
            case "Page.reload" -> meaning("reload", Map.of());
            case "Page.navigateToHistoryEntry" -> meaning("navigate-history", pick(command, "entryId"));
            case "Page.captureScreenshot" -> meaning("screenshot", format(command));
            case "Page.printToPDF" -> meaning("pdf", Map.of());
            case "Page.handleJavaScriptDialog" -> meaning("dialog", pick(command, "accept"));
            case "Page.setDocumentContent" -> meaning("set-content", Map.of());
            case "Target.createTarget" -> meaning("open-page", url(command));
            case "Target.closeTarget" ->
                meaning(
                        "close-page",
                        closedTarget(command)
                                .<Map<String, Object>>map(id -> Map.of("targetId", id))
                                .orElse(Map.of()));
            case "Page.close" -> meaning("close-page", Map.of());
            case "DOM.setFileInputFiles" ->
                meaning("upload", Map.of("files", command.texts("files").size()));
            case "Storage.setCookies", "Network.setCookie", "Network.setCookies" -> meaning("set-cookies", Map.of());
            default -> Optional.empty();
        };
    }

    /** The target that a command closes, cut: it is kept until the reply, and a client may send many long ones. */
    static Optional<String> closedTarget(CdpCommand command) {
        return command.method().equals("Target.closeTarget")
                ? command.text("targetId").map(id -> Truncation.cut(id, MAX_TARGET_CHARS))
                : Optional.empty();
    }

    private static Map<String, Object> url(CdpCommand command) {
        String url = cut(command.text("url").orElse(""));
        return CdpPolicy.isShownBlank(command) ? Map.of("url", url, "shown", "about:blank") : Map.of("url", url);
    }

    /** An action only where something is left out of the context. */
    private static Optional<CdpMeaning> newContext(CdpCommand command) {
        List<String> ignored = CdpPolicy.ignored(command);
        return ignored.isEmpty()
                ? Optional.empty()
                : meaning(
                        "new-context",
                        Map.of(
                                "ignored",
                                String.join(", ", ignored),
                                "reason",
                                "Chrome does not reach a proxy on a loopback address of the client; use options.proxy of the session"));
    }

    private static Map<String, Object> format(CdpCommand command) {
        return Map.of("format", cut(command.text("format").orElse("png")));
    }

    /** The named parameters that are present, in this order. */
    private static Map<String, Object> pick(CdpCommand command, String... names) {
        Map<String, Object> picked = new LinkedHashMap<>();
        for (String name : names) {
            Object value = command.params().get(name);
            if (value instanceof String text) {
                picked.put(name, cut(text));
            } else if (value instanceof Number || value instanceof Boolean) {
                picked.put(name, value);
            }
        }
        return picked;
    }

    private static String cut(String text) {
        return Truncation.ellipsis(text, MAX_URL_CHARS);
    }
}
