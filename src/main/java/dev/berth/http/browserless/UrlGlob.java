package dev.berth.http.browserless;

import dev.berth.http.request.GivenFields;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A regular expression for URLs as a pattern of {@code add-route}. Expressions are found anywhere in a URL; patterns match whole URLs, in
 * a time that no page can stretch.
 */
final class UrlGlob {
    private static final String ANY = "**";
    private static final Pattern NOTHING_AFTER_THE_END = Pattern.compile("/.*[^\\\\]\\$/[a-z]*");
    private static final String OF_PATTERNS = "*{},\\";
    private static final String OF_EXPRESSIONS = "[]?+^$";

    private final String expression;
    private final StringBuilder glob = new StringBuilder();
    private int at;

    private UrlGlob(String expression) {
        this.expression = expression;
    }

    /** Empty where the expression has what a pattern can't say. */
    static Optional<String> of(String expression) {
        return new UrlGlob(expression).read();
    }

    /** Throws where the expression has what a pattern can't say. */
    static String of(GivenFields fields, String name, String expression) {
        return of(expression)
                .orElseThrow(() -> fields.wrong(
                        name,
                        "text, .*, ^, $ and one level of (a|b): Berth takes no other regular expressions for URLs"));
    }

    /** Whether no URL can match: slashes around an expression, as in JavaScript, are a part of it. */
    static boolean matchesNothing(String expression) {
        return expression.startsWith("/^")
                || NOTHING_AFTER_THE_END.matcher(expression).matches();
    }

    private Optional<String> read() {
        boolean atBegin = expression.startsWith("^");
        boolean atEnd = expression.endsWith("$") && !expression.endsWith("\\$");
        at = atBegin ? 1 : 0;
        int end = expression.length() - (atEnd ? 1 : 0);
        glob.append(atBegin ? "" : ANY);
        while (at < end) {
            if (!step(end)) {
                return Optional.empty();
            }
        }
        return Optional.of(glob.append(atEnd ? "" : ANY).toString().replaceAll("\\*{3,}", ANY));
    }

    /** Reads one part. Gives whether a pattern can say it. */
    private boolean step(int end) {
        if (expression.startsWith(".*", at)) {
            at += 2;
            glob.append(ANY);
            return at == end || expression.charAt(at) != '?' || skip();
        } else if (expression.charAt(at) == '(') {
            return group(end);
        }
        return literal(end);
    }

    /** A lazy star finds the same URLs. */
    private boolean skip() {
        at++;
        return true;
    }

    private boolean group(int end) {
        at += expression.startsWith("(?:", at) ? 3 : 1;
        glob.append('{');
        while (at < end && expression.charAt(at) != ')') {
            if (expression.charAt(at) == '|') {
                glob.append(',');
                at++;
            } else if (expression.charAt(at) == '(' || !literal(end)) {
                return false;
            }
        }
        glob.append('}');
        at++;
        return at <= end && !isRepeated(end);
    }

    /** A dot alone counts as a dot, which is what those who write no backslash mean. */
    private boolean literal(int end) {
        char c = expression.charAt(at);
        if (c == '\\') {
            at++;
            if (at == end || Character.isLetterOrDigit(expression.charAt(at))) {
                return false;
            }
            c = expression.charAt(at);
        } else if (OF_EXPRESSIONS.indexOf(c) >= 0 || c == '*' || c == '|' || c == ')') {
            return false;
        }
        at++;
        glob.append(OF_PATTERNS.indexOf(c) >= 0 ? "\\" : "").append(c);
        return !isRepeated(end);
    }

    private boolean isRepeated(int end) {
        return at < end && "?*+{".indexOf(expression.charAt(at)) >= 0;
    }
}
