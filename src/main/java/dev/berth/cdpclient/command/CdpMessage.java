package dev.berth.cdpclient.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.berth.browser.cdp.Party.CommandAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A client's message, read once and without a tree: its keys, and the parameters of a command that policy or action log look at.
 * Chrome must not read the message differently: whatever two parsers may read differently is a fault.
 */
public final class CdpMessage {
    /** Limit of a message whose parameters are read: bytes. */
    public static final int MAX_READ_BYTES = 1 << 20;

    /** Chrome allows one more (crdtp/json.cc, kStackLimit). */
    private static final int MAX_DEPTH = 300;

    private static final int MAX_NAME_CHARS = 100;
    private static final int MAX_ID_CHARS = 64;
    /** Limit of the keys of an object that is read, and of the texts of a list: no real client sends more. */
    private static final int MAX_KEYS = 200;

    private static final int MAX_TEXTS = 10_000;
    private static final Set<String> KEYS = Set.of("id", "method", "params", "sessionId");
    /** Berth repeats names within messages of its own. */
    private static final Pattern NAME = Pattern.compile("[\\w.:-]*");

    /**
     * Limit for messages that share a table of names: bytes. A table keeps up to 6,000 names, which clients choose, for ever; a larger
     * message has a table of its own.
     */
    private static final int SHARED_BYTES = 2 << 10;

    private static final JsonFactory SHARED = factory();

    private final boolean large;
    private final Set<String> keys = new HashSet<>();
    private final Map<String, Object> params = new LinkedHashMap<>();
    private String id = "";
    private OptionalLong number = OptionalLong.empty();
    private String method = "";
    private String session = "";
    private long sessionPlace;
    private boolean emptySession;
    private Optional<String> fault = Optional.empty();
    private Optional<String> faultOfParams = Optional.empty();

    private static JsonFactory factory() {
        return JsonFactory.builder()
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(MAX_READ_BYTES)
                        .build())
                .build();
    }

    private CdpMessage(boolean large) {
        this.large = large;
    }

    /** A message that Chrome would refuse, or might read in another way. */
    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    public static CdpMessage read(CommandText text) {
        CdpMessage message = new CdpMessage(text.length() > MAX_READ_BYTES);
        JsonFactory factory = text.length() <= SHARED_BYTES ? SHARED : factory();
        try (JsonParser json = text.isSmall()
                ? factory.createParser(text.array(), 0, text.length())
                : factory.createParser(text.read())) {
            message.read(json);
        } catch (IOException e) {
            message.fault = Optional.of("the message is not valid JSON");
        } catch (Malformed e) {
            message.fault = Optional.of(e.getMessage());
        }
        return message;
    }

    // The message's contents

    /** Why the message is not one unambiguous JSON object; empty where it is. */
    public Optional<String> fault() {
        return fault;
    }

    /** Whether the message is too long for its parameters to be read. */
    public boolean isLarge() {
        return large;
    }

    /** {@code ""} where the message has none. */
    public String method() {
        return method;
    }

    /** The number as it was written; {@code ""} where there is none. */
    String id() {
        return id;
    }

    /** {@code ""} where the message names no session. */
    public String session() {
        return session;
    }

    /**
     * The offset at which a session id can be inserted: after the opening brace, or between the quotes of an empty one. -1
     * where the message names a session.
     */
    long sessionPlace() {
        return session.isEmpty() ? sessionPlace : -1;
    }

    /** The place where the session of the party is put in. Not for a message with a defect. */
    public CommandAddress address() {
        return new CommandAddress(number.orElseThrow(), session, sessionPlace(), emptySession);
    }

    /** The id as Chrome reads it; empty where Chrome would not accept it. */
    public OptionalLong number() {
        return number;
    }

    /** Why Chrome would not accept the message as a command; empty where it would. */
    public Optional<String> defect() {
        if (number.isEmpty()) {
            return Optional.of("Message must have integer 'id' property");
        } else if (method.isEmpty()) {
            return Optional.of("Message must have string 'method' property");
        }
        return KEYS.containsAll(keys)
                ? Optional.empty()
                : Optional.of("Message has property other than 'id', 'method', 'sessionId', 'params'");
    }

    /** Why the parameters could not be read of a command that policy or action log look at. */
    public Optional<String> faultOfParams() {
        return faultOfParams;
    }

    /** Has parameters if policy or action log look at them, and the message is not large. */
    public CdpCommand command() {
        return new CdpCommand(number, method, Optional.of(session).filter(named -> !named.isEmpty()), params);
    }

    // Reading

    private void read(JsonParser json) throws IOException, Malformed {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new Malformed("the message is not an object");
        }
        sessionPlace = json.currentTokenLocation().getByteOffset() + 1;
        if (sessionPlace == 0) {
            throw new Malformed("the message is not UTF-8");
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            if (keys.size() > MAX_KEYS || !keys.add(name)) {
                throw new Malformed("the message has a duplicate key, or too many keys");
            }
            json.nextToken();
            readValue(name, json);
        }
        if (json.nextToken() != null) {
            throw new Malformed("the message has text after its JSON object");
        }
    }

    private void readValue(String name, JsonParser json) throws IOException, Malformed {
        switch (name) {
            case "id" -> readId(json);
            case "method" -> method = name(name, json);
            case "sessionId" -> {
                session = name(name, json);
                emptySession = session.isEmpty();
                sessionPlace = emptySession ? json.currentTokenLocation().getByteOffset() + 1 : sessionPlace;
            }
            case "params" -> readParams(json);
            default -> json.skipChildren();
        }
    }

    private void readId(JsonParser json) throws IOException, Malformed {
        if (!json.currentToken().isNumeric()) {
            json.skipChildren();
            return;
        }
        id = json.getText();
        if (id.length() > MAX_ID_CHARS) {
            throw new Malformed("the id is too long");
        }
        double read = json.getDoubleValue();
        number = read == (int) read ? OptionalLong.of((int) read) : OptionalLong.empty();
    }

    private static String name(String key, JsonParser json) throws IOException, Malformed {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw new Malformed("the " + key + " must be a string");
        }
        String name = json.getText();
        if (name.length() > MAX_NAME_CHARS || !NAME.matcher(name).matches()) {
            throw new Malformed("the " + key + " is too long or has invalid characters");
        }
        return name;
    }

    /** Clients may name the method after the parameters. */
    private boolean readsParams() {
        return !large && (method.isEmpty() || CdpPolicy.judges(method) || CdpMeaning.watches(method));
    }

    private void readParams(JsonParser json) throws IOException {
        if (!readsParams() || json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            put(params, name, name.equals("data") ? files(json) : value(json));
        }
    }

    /** Keys may come in any order, but must not repeat: it is unknown which of the two Chrome would take. */
    private void put(Map<String, Object> values, String name, Object value) {
        if (values.size() == MAX_KEYS) {
            faultOfParams = Optional.of("params has too many entries");
        } else if (values.putIfAbsent(name, value) != null) {
            faultOfParams = Optional.of("params has a duplicate key");
        }
    }

    private Object value(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getNumberValue();
            case VALUE_TRUE, VALUE_FALSE -> json.getBooleanValue();
            case START_ARRAY -> texts(json);
            default -> {
                json.skipChildren();
                yield Map.of();
            }
        };
    }

    private List<String> texts(JsonParser json) throws IOException {
        List<String> texts = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (texts.size() == MAX_TEXTS) {
                faultOfParams = Optional.of("a list is too long");
                json.skipChildren();
            } else if (json.currentToken() == JsonToken.VALUE_STRING) {
                texts.add(json.getText());
            } else {
                json.skipChildren();
            }
        }
        return texts;
    }

    /** The files of a drag. */
    private Object files(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            return value(json);
        }
        Map<String, Object> data = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            put(data, name, value(json));
        }
        return data.getOrDefault("files", List.of());
    }
}
