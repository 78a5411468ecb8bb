package dev.berth.sdk;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Predicate;

/**
 * An operation of the contract that is a method of the clients.
 *
 * @param description its summary, and what the contract says besides
 * @param fields the arguments: first those of the path, then those that are required, then the others
 * @param takes what its body is
 * @param answer the schema of what it answers
 */
record Operation(
        String id,
        String method,
        String path,
        String description,
        List<Field> fields,
        Takes takes,
        Gives gives,
        JsonObject answer,
        String answerName) {

    /** The argument that is a file. */
    static final String CONTENT = "content";

    private static final String SESSION = "/api/sessions/{sessionId}";

    enum ParameterPlace {
        PATH,
        QUERY,
        HEADER,
        BODY
    }

    /** The kind of a request's body. */
    enum Takes {
        NOTHING,
        /** An object with the arguments that stand nowhere else. */
        JSON,
        /** The argument {@link #CONTENT}, as it is. */
        FILE
    }

    /** How an answer is read. */
    enum Gives {
        JSON,
        /** JSON that describes a new session, which the client makes an object of. */
        SESSION,
        TEXT,
        BYTES,
        /** JSON or text, as the answer says. */
        EITHER,
        /** A stream of events, which can be resumed. */
        EVENTS,
        NOTHING
    }

    /**
     * An argument.
     *
     * @param wireName the name in the request
     * @param name the name in camel case: headers have others
     */
    record Field(
            String wireName,
            String name,
            ParameterPlace place,
            JsonObject schema,
            boolean required,
            String description) {}

    boolean isOfSession() {
        return path.equals(SESSION) || path.startsWith(SESSION + "/");
    }

    /** The arguments that a caller gives: a session's method knows its session. */
    List<Field> arguments() {
        return only(field -> !(isOfSession() && field.name().equals("sessionId")));
    }

    boolean needsArguments() {
        return arguments().stream().anyMatch(Field::required);
    }

    List<Field> at(ParameterPlace place) {
        return only(field -> field.place() == place);
    }

    private List<Field> only(Predicate<Field> wanted) {
        return fields.stream().filter(wanted).toList();
    }
}
