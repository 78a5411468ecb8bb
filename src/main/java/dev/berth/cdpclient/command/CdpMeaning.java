package dev.berth.cdpclient.command;

import dev.berth.protocol.Truncation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a client's command means as an action. Typed text is counted, never kept.
 *
 * @param burst whether it forms one action with similar ones that follow soon
 */
public record CdpMeaning(String type, Map<String, Object> details, boolean burst) {
    private static final int MAX_URL_CHARS = 2_000;
    private static final int MAX_TARGET_CHARS = 200;
    private static final int ALT_CONTROL_META = 1 | 2 | 4;
    private static final Set<String> MODIFIERS = Set.of("Shift", "Control", "Alt", "Meta");
    private static final Set<String> WATCHED = Set.of(
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
            "Network.setCookies",
            "Input.dispatchMouseEvent",
            "Input.dispatchKeyEvent",
            "Input.dispatchTouchEvent",
            "Input.dispatchDragEvent",
            "Input.insertText");

    public static boolean watches(String method) {
        return WATCHED.contains(method);
    }

    /** Whether a page hears of the command as of a person's. */
    public static boolean usesPage(String method) {
        return method.startsWith("Input.") || method.equals("DOM.setFileInputFiles");
    }

    /** By which a client reads what Chrome has printed. */
    private static final Set<String> STREAMS = Set.of("IO.read", "IO.close");

    public static boolean isOfStream(String method) {
        return STREAMS.contains(method);
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

    private static Optional<CdpMeaning> single(String type, Map<String, Object> details) {
        return Optional.of(new CdpMeaning(type, details, false));
    }

    private static Optional<CdpMeaning> burst(String type, Map<String, Object> details) {
        return Optional.of(new CdpMeaning(type, details, true));
    }

    /** Empty where a person would not call the command an action. */
    static Optional<CdpMeaning> of(CdpCommand command) {
        return switch (command.method()) {
            case "Page.navigate" -> single("navigate", url(command));
            case "Page.reload" -> single("reload", Map.of());
            case "Page.navigateToHistoryEntry" -> single("navigate-history", pick(command, "entryId"));
            case "Page.captureScreenshot" -> single("screenshot", format(command));
            case "Page.printToPDF" -> single("pdf", Map.of());
            case "Page.handleJavaScriptDialog" -> single("dialog", pick(command, "accept"));
            case "Page.setDocumentContent" -> single("set-content", Map.of());
            case "Target.createTarget" -> single("open-page", url(command));
            case "Target.closeTarget" ->
                single(
                        "close-page",
                        closedTarget(command)
                                .<Map<String, Object>>map(id -> Map.of("targetId", id))
                                .orElse(Map.of()));
            case "Page.close" -> single("close-page", Map.of());
            case "DOM.setFileInputFiles" ->
                single("upload", Map.of("files", command.texts("files").size()));
            case "Storage.setCookies", "Network.setCookie", "Network.setCookies" -> single("set-cookies", Map.of());
            default -> input(command);
        };
    }

    /** The target that a command closes, cut: it is kept until the reply, and a client may send many long ones. */
    static Optional<String> closedTarget(CdpCommand command) {
        return command.method().equals("Target.closeTarget")
                ? command.text("targetId").map(id -> Truncation.cut(id, MAX_TARGET_CHARS))
                : Optional.empty();
    }

    private static Optional<CdpMeaning> input(CdpCommand command) {
        String event = command.text("type").orElse("");
        return switch (command.method()) {
            case "Input.dispatchMouseEvent" -> mouse(command, event);
            case "Input.dispatchKeyEvent" -> key(command, event);
            case "Input.insertText" -> command.params().isEmpty() ? burst("type", Map.of()) : typed(command);
            case "Input.dispatchTouchEvent" -> event.equals("touchEnd") ? single("tap", Map.of()) : Optional.empty();
            case "Input.dispatchDragEvent" ->
                event.equals("drop") ? single("drag", pick(command, "x", "y")) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<CdpMeaning> mouse(CdpCommand command, String event) {
        return switch (event) {
            case "mouseReleased" -> single("click", pick(command, "x", "y", "button", "clickCount"));
            case "mouseWheel" ->
                burst(
                        "scroll",
                        Map.of(
                                "deltaX", command.number("deltaX").orElse(0),
                                "deltaY", command.number("deltaY").orElse(0)));
            default -> Optional.empty();
        };
    }

    /** A key with a name, or with a modifier such as Control, is a press. Other keys are typing. */
    private static Optional<CdpMeaning> key(CdpCommand command, String event) {
        String key = command.text("key").orElse("");
        boolean chord = (command.number("modifiers").orElse(0).intValue() & ALT_CONTROL_META) != 0;
        boolean down = event.equals("keyDown") || event.equals("rawKeyDown");
        if (down && !MODIFIERS.contains(key) && (characters(key) > 1 || chord && !key.isEmpty())) {
            return single("press", Map.of("key", cut(key)));
        }
        boolean printable = characters(key) <= 1 && !chord;
        return printable && (down || event.equals("char")) ? typed(command) : Optional.empty();
    }

    private static Optional<CdpMeaning> typed(CdpCommand command) {
        int characters = characters(command.text("text").orElse(""));
        return characters == 0 ? Optional.empty() : burst("type", Map.of("characters", characters));
    }

    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }

    private static Map<String, Object> url(CdpCommand command) {
        return Map.of("url", cut(command.text("url").orElse("")));
    }

    private static Map<String, Object> format(CdpCommand command) {
        return Map.of("format", cut(command.text("format").orElse("png")));
    }

    /** Those of the named parameters that are present, in this order. */
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
