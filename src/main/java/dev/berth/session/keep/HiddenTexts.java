package dev.berth.session.keep;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.Hiding;
import dev.berth.protocol.Secrets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The texts that must not be kept of one session, once an AI task has named them. Any thread may read; the session's context adds. */
public final class HiddenTexts {
    /** Each task may have other ones, such as codes that hold once; each slows down what is written to logs. */
    private static final int MAX_TEXTS = 200;

    private final Set<Map.Entry<String, String>> texts = new HashSet<>();
    private volatile Hiding hiding = new Hiding(texts);

    /** From now on these too. Fails where all tasks of the session have named too many. */
    public void add(Secrets more) {
        Set<Map.Entry<String, String>> all = new HashSet<>(texts);
        all.addAll(more.values().entrySet());
        if (all.size() > MAX_TEXTS) {
            throw new BerthException(
                    ErrorCode.LIMIT_REACHED,
                    "the session's tasks would have " + all.size() + " different variables, more than " + MAX_TEXTS
                            + ": use a new session");
        }
        texts.addAll(all);
        hiding = new Hiding(texts);
    }

    public Hiding now() {
        return hiding;
    }

    /** The text without them. */
    public String hide(String text) {
        return hiding.hide(text);
    }
}
