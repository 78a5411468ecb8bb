package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import java.util.Map;
import java.util.Optional;

/**
 * Asks a supervisor, on {@link Addresses#CREATE}, for a new session.
 *
 * @param sessionId chosen by the caller
 * @param userId the owner
 * @param initialPrompt a URL to open, or an AI task: see {@link InitialPrompt}
 * @param options of its Chrome; the timeouts idle and lifetime must be at least {@value SessionTimeouts#MIN_MILLIS} ms
 * @param metadata the client's own labels
 * @param idempotency present where a repeated request must give the session of the first one
 * @param traceparent of the request, where it has one: the session keeps it
 * @param keyId of the API key of {@code userId} whose limits hold and whose usage it is; empty where no key asks
 * @param name what the session is for: see {@link SessionLabels}
 */
public record CreateSession(
        SessionId sessionId,
        long userId,
        Optional<String> initialPrompt,
        SessionOptions options,
        Map<String, String> metadata,
        Optional<Idempotency> idempotency,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Traceparent> traceparent,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Long> keyId,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> name)
        implements NodeCommand<SessionAccepted> {

    /** The user {@code default}, to whom the first API key belongs. */
    public static final long DEFAULT_USER = 1;

    /** Limit for the labels of a session, which a client chooses. */
    public static final int MAX_LABELS = 64;

    private static final int MAX_LABEL_NAME = 128;
    private static final int MAX_LABEL_VALUE = 2_048;

    /** Throws {@link BerthException} where the labels exceed their limits. */
    public CreateSession {
        Require.present("sessionId", sessionId);
        Require.text("initialPrompt", initialPrompt, 1, Require.MAX_TEXT_CHARS);
        initialPrompt.ifPresent(prompt -> Require.noNul("initialPrompt", prompt));
        options = Require.present("options", options).usable();
        Require.present("metadata", metadata);
        Require.present("idempotency", idempotency);
        Require.present("traceparent", traceparent);
        Require.present("keyId", keyId);
        metadata = Require.entries("metadata", metadata);
        requireLabels(metadata);
        name = SessionLabels.name(name);
    }

    /** A request in no trace, by no API key, without a name. */
    public CreateSession(
            SessionId sessionId,
            long userId,
            Optional<String> initialPrompt,
            SessionOptions options,
            Map<String, String> metadata,
            Optional<Idempotency> idempotency) {
        this(
                sessionId,
                userId,
                initialPrompt,
                options,
                metadata,
                idempotency,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** A session of the default user with a new random id, {@link SessionOptions#DEFAULT} and an empty page. */
    public static CreateSession ofDefaults() {
        return new CreateSession(
                SessionId.random(), DEFAULT_USER, Optional.empty(), SessionOptions.DEFAULT, Map.of(), Optional.empty());
    }

    /** The same for another user, by the id in the table {@code users}. */
    public CreateSession by(long user) {
        return new CreateSession(
                sessionId, user, initialPrompt, options, metadata, idempotency, traceparent, keyId, name);
    }

    /** The same, for a page to open or an AI task. */
    public CreateSession opening(String prompt) {
        return new CreateSession(
                sessionId, userId, Optional.of(prompt), options, metadata, idempotency, traceparent, keyId, name);
    }

    /** The same with other options. */
    public CreateSession with(SessionOptions other) {
        return new CreateSession(
                sessionId, userId, initialPrompt, other, metadata, idempotency, traceparent, keyId, name);
    }

    /** The same with these labels. */
    public CreateSession labelled(Map<String, String> labels) {
        return new CreateSession(
                sessionId, userId, initialPrompt, options, labels, idempotency, traceparent, keyId, name);
    }

    /** The same, for a request in a trace. */
    public CreateSession in(Optional<Traceparent> trace) {
        return new CreateSession(sessionId, userId, initialPrompt, options, metadata, idempotency, trace, keyId, name);
    }

    /** The same with this name; a blank one is none. */
    public CreateSession named(Optional<String> title) {
        return new CreateSession(
                sessionId, userId, initialPrompt, options, metadata, idempotency, traceparent, keyId, title);
    }

    /** The same, by this API key of its user. */
    public CreateSession with(long key) {
        return new CreateSession(
                sessionId, userId, initialPrompt, options, metadata, idempotency, traceparent, Optional.of(key), name);
    }

    static void requireLabels(Map<String, String> metadata) {
        if (metadata.size() > MAX_LABELS) {
            throw refused("metadata must have at most " + MAX_LABELS + " labels");
        }
        metadata.forEach(CreateSession::requireLabel);
    }

    private static void requireLabel(String name, String value) {
        if (name.isEmpty() || name.length() > MAX_LABEL_NAME || name.indexOf('\0') >= 0) {
            throw refused("a key of metadata must have 1 to " + MAX_LABEL_NAME + " characters, and no NUL");
        }
        if (value.length() > MAX_LABEL_VALUE || value.indexOf('\0') >= 0) {
            throw refused("metadata." + name + " must have at most " + MAX_LABEL_VALUE + " characters, and no NUL");
        }
    }

    private static BerthException refused(String why) {
        return new BerthException(ErrorCode.INVALID_ARGUMENT, why);
    }

    /**
     * Identifies a request that the client may repeat.
     *
     * @param key the client's {@code Idempotency-Key}
     * @param requestHash a hash of the request: the same key with another hash is a conflict
     */
    public record Idempotency(String key, String requestHash) {
        private static final int MAX_KEY = 255;

        /** Throws {@link BerthException} where the key is not 1 to 255 printable ASCII characters. */
        public Idempotency {
            Require.present("Idempotency-Key", key);
            Require.present("requestHash", requestHash);
            if (key.isEmpty() || key.length() > MAX_KEY || !key.chars().allMatch(c -> c >= ' ' && c <= '~')) {
                throw refused("Idempotency-Key must have 1 to " + MAX_KEY + " printable characters of ASCII");
            }
        }
    }
}
