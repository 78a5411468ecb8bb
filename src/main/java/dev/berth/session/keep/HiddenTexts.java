package dev.berth.session.keep;

import dev.berth.protocol.Secrets;
import java.util.HashMap;
import java.util.Map;

/** The texts that must not be kept of one session, once an AI task has named them. Any thread may read. */
public final class HiddenTexts {
    private volatile Secrets secrets = Secrets.NONE;

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
    }

    Secrets now() {
        return secrets;
    }

    /** The text without them. */
    public String hide(String text) {
        return secrets.hide(text);
    }
}
