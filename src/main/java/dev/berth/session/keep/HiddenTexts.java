package dev.berth.session.keep;

import dev.berth.protocol.Hiding;
import dev.berth.protocol.Secrets;
import java.util.HashMap;
import java.util.Map;

/** The texts that must not be kept of one session, once an AI task has named them. Any thread may read; the session's context adds. */
public final class HiddenTexts {
    private Secrets secrets = Secrets.NONE;
    private volatile Hiding hiding = secrets.hiding();

    /** From now on these too. The same name with another value hides both. */
    public void add(Secrets more) {
        Map<String, String> all = new HashMap<>(secrets.values());
        more.values().forEach((name, value) -> {
            String free = name;
            while (!value.equals(all.getOrDefault(free, value))) {
                free += "_";
            }
            all.put(free, value);
        });
        secrets = new Secrets(all);
        hiding = secrets.hiding();
    }

    Hiding now() {
        return hiding;
    }

    /** The text without them. */
    public String hide(String text) {
        return hiding.hide(text);
    }
}
