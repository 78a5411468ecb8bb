package dev.berth.agent;

import dev.berth.protocol.Secrets;
import dev.berth.secrets.FieldValues;
import dev.berth.secrets.Hiding;
import dev.berth.verbs.ToolText;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Marks what comes from pages as data, with a word that no page can guess, and takes the values of variables out of it.
 */
final class PageData {
    private static final int MAX_CHARS = 40_000;
    /** Unicode's tags, an alphabet of their own. */
    private static final Pattern UNSEEN = Pattern.compile("[\\x{E0000}-\\x{E007F}]");

    private final String word = "page-" + UUID.randomUUID().toString().substring(0, 13);
    private final Hiding variables;
    private final FieldValues fields;

    PageData(Secrets variables) {
        this.variables = new Hiding(variables);
        this.fields = new FieldValues(variables);
    }

    String begin() {
        return "<" + word + ">";
    }

    String end() {
        return "</" + word + ">";
    }

    /** Text of a page between the marks, without characters that people do not see and a model reads. */
    String marked(String text) {
        return begin() + "\n"
                + ToolText.cut(fields.hide(plain(UNSEEN.matcher(text).replaceAll(""))), MAX_CHARS) + "\n" + end();
    }

    /** For texts of Berth, and short ones that may quote a page. */
    String plain(String text) {
        return variables.hide(text).replace(word, "page");
    }
}
