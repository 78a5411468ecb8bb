package dev.berth.protocol;

import dev.berth.protocol.RouteEntry.ResourceType;
import dev.berth.protocol.RouteEntry.RouteAction;
import dev.berth.protocol.RouteEntry.RouteError;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Adds a rule for requests, behind those that the session has: which requests they are, and what is done with them. The first-made of
 * several rules for a request holds, for all pages, frames and workers, whoever drives them, from now on. {@link ErrorCode#LIMIT_REACHED}
 * where a session has as many as it may.
 *
 * @param url a pattern of whole URLs without fragment: {@code *} is any text without a slash, <code>**</code> any text,
 *     <code>{a,b}</code> one of these, and a backslash takes the next character as it is
 * @param methods of requests; empty for all. A CORS preflight counts as the request that it asks for
 * @param types of requests; empty for all. Chrome does not tell {@code xhr} from {@code fetch} here: each stands for both
 * @param status of what {@link RouteAction#MOCK} answers in place of a server, as for the following three; 200 where none is given
 * @param body text, which becomes {@code bodyBase64}: only one of the two may be given
 * @param setHeaders what {@link RouteAction#CONTINUE} sends beside and in place of Chrome's own; secret
 * @param removeHeaders what {@link RouteAction#CONTINUE} does not send
 * @param delay milliseconds; present where, and only where, the action is {@link RouteAction#DELAY}
 * @param error only where the action is {@link RouteAction#FAIL}; {@link RouteError#FAILED} where none is given
 * @param times how many requests the rule holds for, after which it is gone; empty for any number
 */
public record AddRoute(
        String url,
        List<String> methods,
        List<ResourceType> types,
        RouteAction action,
        Optional<Integer> status,
        Map<String, String> headers,
        Optional<String> body,
        Optional<String> bodyBase64,
        Map<String, String> setHeaders,
        List<String> removeHeaders,
        Optional<Integer> delay,
        Optional<RouteError> error,
        Optional<Integer> times,
        long timeout)
        implements BrowserAction<ActionReply.RouteAdded> {
    /** Limit for the pattern. */
    public static final int MAX_URL_CHARS = 500;

    /** Limit for the mocked body, which stays in memory as long as the rule. */
    public static final int MAX_BODY_BYTES = 256 << 10;

    private static final int OK = 200;
    private static final int MAX_STATUS = 599;

    /** Comparing a URL takes time in proportion. */
    private static final int MAX_SPELLED_CHARS = 2_000;

    private static final int MAX_METHODS = 20;
    private static final int MAX_NAMES = 50;
    private static final int MAX_DELAY_MILLIS = 60_000;
    private static final int MAX_TIMES = 1_000_000;
    private static final Pattern WHOLE = Pattern.compile("(?:\\*|\\{|[A-Za-z][A-Za-z*]*:|[A-Za-z]*\\{).*");
    private static final Pattern PRINTABLE = Pattern.compile("[!-~]*");
    /** Text, and braces that are closed and not nested. */
    private static final Pattern BRACES = Pattern.compile("(?:[^{}\\\\]|\\\\.|\\{(?:[^{}\\\\]|\\\\.)*})*");

    /** Chrome adds these when it sends a request, and there is no way to have it send none. */
    private static final Set<String> ADDED_LATER = Set.of("accept-encoding", "referer", "user-agent");

    private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");

    public AddRoute {
        requirePattern(url);
        methods = Require.elements("methods", methods, 0, MAX_METHODS);
        methods.forEach(AddRoute::requireMethod);
        types = Require.elements("types", types, 0, ResourceType.values().length);
        Require.present("action", action);
        Require.present("status", status).ifPresent(code -> Require.within("status", code, OK, MAX_STATUS));
        headers = Require.entries("headers", headers);
        Require.answerHeaders("headers", headers);
        Require.present("body", body);
        Require.present("bodyBase64", bodyBase64);
        boolean mock = action == RouteAction.MOCK;
        boolean answered = status.isPresent() || !headers.isEmpty() || body.isPresent() || bodyBase64.isPresent();
        only("status, headers and body", RouteAction.MOCK, action, mock || answered);
        bodyBase64 = mock ? Optional.of(encoded(body, bodyBase64)) : bodyBase64;
        body = Optional.empty();
        status = mock ? status.or(() -> Optional.of(OK)) : status;
        setHeaders = Require.entries("setHeaders", setHeaders);
        Require.headers("setHeaders", setHeaders);
        setHeaders.keySet().forEach(AddRoute::requireSettable);
        removeHeaders = Require.elements("removeHeaders", removeHeaders, 0, MAX_NAMES);
        removeHeaders.forEach(AddRoute::requireRemovable);
        Require.present("delay", delay).ifPresent(millis -> Require.within("delay", millis, 1, MAX_DELAY_MILLIS));
        error = Require.present("error", error)
                .or(() -> action == RouteAction.FAIL ? Optional.of(RouteError.FAILED) : Optional.empty());
        Require.present("times", times).ifPresent(count -> Require.within("times", count, 1, MAX_TIMES));
        only(
                "setHeaders and removeHeaders",
                RouteAction.CONTINUE,
                action,
                !setHeaders.isEmpty() || !removeHeaders.isEmpty());
        only("delay", RouteAction.DELAY, action, delay.isPresent());
        only("error", RouteAction.FAIL, action, error.isPresent());
        Require.timeout(timeout);
    }

    /** The mocked body in base64. */
    private static String encoded(Optional<String> text, Optional<String> base64) {
        if (text.isPresent() && base64.isPresent()) {
            throw BerthException.invalid("give body or bodyBase64, not both");
        }
        String body = text.map(AddRoute::encoded).or(() -> base64).orElse("");
        if (body.length() > 2 * MAX_BODY_BYTES || bytes(body) > MAX_BODY_BYTES) {
            throw BerthException.invalid("body must have at most " + MAX_BODY_BYTES + " bytes");
        }
        return body;
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int bytes(String base64) {
        try {
            return Base64.getDecoder().decode(base64).length;
        } catch (IllegalArgumentException e) {
            throw BerthException.invalid("bodyBase64 must be base64, for a body");
        }
    }

    /** Bytes of the mocked body. */
    public long bodySize() {
        String base64 = bodyBase64.orElse("");
        int padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
        return base64.length() / 4 * 3L - padding;
    }

    private static void only(String fields, RouteAction owner, RouteAction action, boolean given) {
        if (given != (action == owner)) {
            throw BerthException.invalid(
                    given
                            ? fields + " can be given only with the action " + owner.wireName()
                            : fields + " must be given with the action " + owner.wireName());
        }
    }

    private static void requirePattern(String url) {
        Require.text("url", url, 1, MAX_URL_CHARS);
        if (!PRINTABLE.matcher(url).matches()) {
            throw BerthException.invalid("url must have printable ASCII characters only: encode others as URLs do");
        } else if (!WHOLE.matcher(url).matches()) {
            throw BerthException.invalid(
                    "url must be a pattern for whole URLs, such as https://example.com/** or **/*.png");
        } else if (!BRACES.matcher(url).matches()) {
            throw BerthException.invalid(
                    "url must close each { and \\, and have no braces within braces; write \\{ for a literal brace");
        } else if (spelledOut(url) > MAX_SPELLED_CHARS) {
            throw BerthException.invalid("url must have at most " + MAX_SPELLED_CHARS
                    + " characters with each alternative in its braces written out: make several rules");
        }
    }

    /** The characters of all patterns without braces that its URL stands for: each request is compared with them. */
    public long patternChars() {
        return spelledOut(url);
    }

    /** The characters of all patterns without braces that it stands for, or some number above the limit. */
    private static long spelledOut(String url) {
        long patterns = 1;
        long chars = 0;
        long options = 0;
        long within = 0;
        for (int i = 0; i < url.length() && chars + patterns <= MAX_SPELLED_CHARS; i++) {
            char c = url.charAt(i);
            if (c == '{') {
                options = 1;
                within = 0;
            } else if (c == '}') {
                chars = chars * options + within * patterns;
                patterns *= options;
                options = 0;
            } else if (c == ',' && options > 0) {
                options++;
            } else {
                i += c == '\\' ? 1 : 0;
                within += options > 0 ? 1 : 0;
                chars += options > 0 ? 0 : patterns;
            }
        }
        return chars + patterns;
    }

    /** Chrome sends no request that has one of the others. */
    private static void requireSettable(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("proxy-") || lower.startsWith("sec-fetch-")) {
            throw BerthException.invalid("setHeaders can't have " + lower + ", which Chrome sets by itself");
        }
    }

    private static void requireRemovable(String name) {
        Require.headers("removeHeaders", Map.of(name, ""));
        String lower = name.toLowerCase(Locale.ROOT);
        if (ADDED_LATER.contains(lower) || lower.startsWith("sec-fetch-")) {
            throw BerthException.invalid("removeHeaders can't have " + lower + ", which Chrome sets by itself");
        }
    }

    private static void requireMethod(String method) {
        if (!METHOD.matcher(method).matches()) {
            throw BerthException.invalid("methods must be HTTP method names in capitals, such as GET");
        }
    }

    /** Without what may be secret. */
    @Override
    public String toString() {
        return RouteEntry.of("", this, 0).toString();
    }
}
