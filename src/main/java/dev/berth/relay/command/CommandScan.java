package dev.berth.relay.command;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads a client's message in one pass as its bytes arrive, without building a tree: checks that it is one JSON object, and
 * extracts its keys. Chrome must not read the message differently: whatever two parsers may read differently is a fault.
 */
public final class CommandScan extends JsonScan {
    private static final int MAX_ID_BYTES = 64;
    private static final int MAX_NAME_BYTES = 100;
    private static final byte[] ID = ascii("id");
    private static final byte[] METHOD = ascii("method");
    private static final byte[] PARAMS = ascii("params");
    private static final byte[] SESSION = ascii("sessionId");
    private static final byte[][] KEYS = {ID, METHOD, PARAMS, SESSION};
    private static final byte[] OTHER = {};

    private final ShortText key = new ShortText(SESSION.length);
    private final ShortText id = new ShortText(MAX_ID_BYTES);
    private final ShortText method = new ShortText(MAX_NAME_BYTES);
    private final ShortText session = new ShortText(MAX_NAME_BYTES);
    /** The key whose value is being read. */
    private byte[] named;

    private boolean number;
    private boolean idEnded;
    private boolean sessionEnded;
    private int keysSeen;
    private boolean hasOthers;
    private long behindBrace;
    private long inEmptySession;

    CommandScan() {
        reset();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    void reset() {
        super.reset();
        named = OTHER;
        keysSeen = 0;
        hasOthers = false;
        inEmptySession = -1;
        idEnded = false;
        sessionEnded = false;
        key.length = 0;
        id.length = 0;
        method.length = 0;
        session.length = 0;
    }

    /** {@code ""} where the message has none. */
    public String method() {
        return method.toString();
    }

    /** The number as it was written; {@code ""} where there is none, or it is incomplete. */
    public String id() {
        return idEnded ? id.toString() : "";
    }

    /** {@code ""} where the message names no session, or the name is incomplete. */
    public String session() {
        return sessionEnded ? session.toString() : "";
    }

    /**
     * The offset at which a session id can be inserted: after the opening brace, or between the quotes of an empty one. -1
     * where the message names a session.
     */
    public long sessionPlace() {
        return session.length > 0 ? -1 : inEmptySession >= 0 ? inEmptySession : behindBrace;
    }

    /** Whether the sessionId is an empty text. */
    public boolean hasEmptySession() {
        return inEmptySession >= 0;
    }

    /** Whether there are keys that commands do not have. */
    boolean hasOthers() {
        return hasOthers;
    }

    /** The id as Chrome reads it; empty where Chrome would not accept it. */
    public OptionalLong number() {
        if (!idEnded) {
            return OptionalLong.empty();
        }
        long digits = id.digits();
        if (digits >= 0) {
            return OptionalLong.of(digits);
        }
        double number = Double.parseDouble(id());
        return number == (int) number ? OptionalLong.of((int) number) : OptionalLong.empty();
    }

    /** Why Chrome would not accept the message as a command; empty where it would. */
    public Optional<String> defect() {
        if (number().isEmpty()) {
            return Optional.of("Message must have integer 'id' property");
        } else if (method.length == 0) {
            return Optional.of("Message must have string 'method' property");
        }
        return hasOthers
                ? Optional.of("Message has property other than 'id', 'method', 'sessionId', 'params'")
                : Optional.empty();
    }

    // Reading

    @Override
    void opened(long offset) {
        behindBrace = offset;
    }

    /** Chrome accepts only texts for method and session. */
    @Override
    void valueBegins(boolean text, boolean isNumber, long offset) {
        number = isNumber;
        if (!text && (named == METHOD || named == SESSION)) {
            fault(named == METHOD ? "the method is not a text" : "the sessionId is not a text");
        } else if (named == SESSION) {
            inEmptySession = offset;
        }
    }

    @Override
    void part(boolean isKey, byte[] bytes, int from, int to) {
        if (isKey) {
            key.add(bytes, from, to);
        } else if (named == METHOD && !method.add(bytes, from, to)) {
            fault("the method's name is too long");
        } else if (named == SESSION && !session.add(bytes, from, to)) {
            fault("the sessionId is too long");
        } else if (named == ID && number && !id.add(bytes, from, to)) {
            fault("the id is too long");
        }
    }

    /** Escapes could be read differently by Chrome, and no client needs them here. */
    @Override
    void escapes(boolean isKey) {
        if (isKey || named == METHOD || named == SESSION) {
            fault("keys, method and sessionId must be written without escapes");
        }
    }

    @Override
    void ends(boolean isKey) {
        if (isKey) {
            keyEnds();
        } else if (named == SESSION) {
            sessionEnded = true;
            inEmptySession = session.length == 0 ? inEmptySession : -1;
        } else if (named == ID) {
            idEnded = number;
        }
    }

    private void keyEnds() {
        named = OTHER;
        for (int i = 0; i < KEYS.length; i++) {
            if (key.is(KEYS[i])) {
                named = KEYS[i];
                if ((keysSeen & 1 << i) != 0) {
                    fault("a key is duplicated");
                }
                keysSeen |= 1 << i;
            }
        }
        hasOthers = hasOthers || named == OTHER;
        key.length = 0;
    }
}
