package dev.berth.secrets;

import dev.berth.protocol.Secrets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The texts that must not be kept of one session, once an AI task has named them. Any thread may read; the session's context adds. */
public final class HiddenTexts {
    /** All tasks' ones, as each task may have other ones, such as codes that hold once. */
    private final Set<Map.Entry<String, String>> texts = new HashSet<>();

    private volatile Hiding hiding = new Hiding(Secrets.NONE);

    /**
     * Hides these values, too, from now on. Throws {@link dev.berth.protocol.BerthException} where all tasks of the session have named too
     * much.
     */
    public void add(Secrets more) {
        Set<Map.Entry<String, String>> all = new HashSet<>(texts);
        all.addAll(more.values().entrySet());
        hiding = new Hiding(all);
        texts.addAll(all);
    }

    public Hiding now() {
        return hiding;
    }

    /** The text without them. */
    public String hide(String text) {
        return hiding.hide(text);
    }
}
