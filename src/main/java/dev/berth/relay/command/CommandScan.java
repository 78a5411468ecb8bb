package dev.berth.relay.command;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads a client's message as its bytes come, in one pass and without a tree of it: whether it is one JSON object, and what its
 * keys say. Chrome must not read it in another way: what two parsers may take differently is a fault.
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
    /** The key whose value is read. */
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

    /** Empty where it names none. */
    public String method() {
        return method.toString();
    }

    /** The number as it was written; empty where there is none, or no end of it. */
    public String id() {
        return idEnded ? id.toString() : "";
    }

    /** Empty where it is for no session, or its name has no end. */
    public String session() {
        return sessionEnded ? session.toString() : "";
    }

    /** Where a session is to be put in: behind the brace, or between the quotes of one that is empty; -1 where one is named. */
    public long sessionPlace() {
        return session.length > 0 ? -1 : inEmptySession >= 0 ? inEmptySession : behindBrace;
    }

    /** Whether there is an empty text where the session's id belongs. */
    public boolean hasEmptySession() {
        return inEmptySession >= 0;
    }

    /** Whether there are keys that no command has. */
    boolean hasOthers() {
        return hasOthers;
    }

    /** The id as Chrome reads it; empty where it takes it for none. */
    public OptionalLong number() {
        double number = id().isEmpty() ? Double.NaN : Double.parseDouble(id());
        return number == (int) number ? OptionalLong.of((int) number) : OptionalLong.empty();
    }

    /** Why Chrome would not take it for a command; empty where it does. */
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

    /** Chrome takes nothing but a text for a method or a session. */
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

    /** No client has to write one where Chrome and we must understand the same. */
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
                    fault("a key is there twice");
                }
                keysSeen |= 1 << i;
            }
        }
        hasOthers = hasOthers || named == OTHER;
        key.length = 0;
    }
}
