package dev.berth.session.act;

import dev.berth.protocol.Envelope;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.LiveCommand.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a person types in one go. */
final class TypedText {
    private static final int MAX_CHARS = 4_000;
    private static final int MAX_KEYS = 100;
    private static final int ALT = 1;
    private static final int CONTROL = 2;
    private static final int META = 4;
    private static final Set<String> MODIFIERS =
            Set.of("Alt", "AltGraph", "Control", "Meta", "Shift", "CapsLock", "NumLock", "Fn");

    private final String pageId;
    private final boolean secret;
    private final Envelope envelope;
    private final Instant began;
    private final StringBuilder text = new StringBuilder();
    private final List<String> keys = new ArrayList<>();
    private boolean typed;

    TypedText(String pageId, boolean secret, Envelope envelope, Instant began) {
        this.pageId = pageId;
        this.secret = secret;
        this.envelope = envelope;
        this.began = began;
    }

    /** The name of a key that types no character; empty where it types one, or is not worth an entry. */
    static Optional<String> name(Key key) {
        boolean character = key.key().codePointCount(0, key.key().length()) == 1;
        int held = key.modifiers() & (ALT | CONTROL | META);
        // With text, too: on a Mac, Alt makes other characters.
        boolean types = character && (held == 0 || !key.text().isEmpty());
        if (MODIFIERS.contains(key.key()) || types) {
            return Optional.empty();
        }
        return Optional.of(((held & CONTROL) != 0 ? "Control+" : "")
                + ((held & ALT) != 0 ? "Alt+" : "")
                + ((held & META) != 0 ? "Meta+" : "")
                + key.key());
    }

    /** Whether more may be added to it. */
    boolean continues(String page, boolean nowSecret, Envelope by) {
        return pageId.equals(page)
                && secret == nowSecret
                && envelope.equals(by)
                && text.length() < MAX_CHARS
                && keys.size() < MAX_KEYS;
    }

    void add(String more) {
        typed = true;
        if (!secret) {
            text.append(more);
        }
    }

    void press(String key) {
        keys.add(key);
    }

    boolean isSecret() {
        return secret;
    }

    Instant began() {
        return began;
    }

    Envelope envelope() {
        return envelope;
    }

    Map<String, Object> details() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put(LiveCommand.PAGE_ID, pageId);
        if (typed) {
            details.put("text", secret ? LiveLog.REDACTED : text.toString());
        }
        if (!keys.isEmpty()) {
            details.put("keys", List.copyOf(keys));
        }
        return details;
    }
}
