package dev.berth;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/**
 * Each line of the log as a JSON object. The fields {@code timestamp}, {@code level}, {@code logger}, {@code thread} and {@code message}
 * are always there, {@code sessionId} where the message names a session, {@code error} with a stack trace where there is one, and what
 * else a line was given by name, such as {@code requestId}. Only {@code Main} chooses this form: a program that uses the library configures
 * its own log.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
    /** The appender of the configuration that comes with the program; who has another one has chosen a format by that. */
    private static final String TEXT = "STDERR";

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern SESSION =
            Pattern.compile("session-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /** From now on the log has this form. */
    static void begin() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logging) {
            begin(logging);
        }
    }

    static void begin(LoggerContext logging) {
        Logger root = logging.getLogger(Logger.ROOT_LOGGER_NAME);
        Optional.ofNullable(root.getAppender(TEXT)).ifPresent(text -> {
            JsonLines lines = new JsonLines();
            lines.setContext(logging);
            lines.start();
            ConsoleAppender<ILoggingEvent> json = new ConsoleAppender<>();
            json.setContext(logging);
            json.setName("JSON");
            json.setTarget("System.err");
            json.setEncoder(lines);
            json.start();
            root.addAppender(json);
            root.detachAppender(text);
        });
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        try {
            return (MAPPER.writeValueAsString(fields(event)) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts has a JSON form", e);
        }
    }

    private static Map<String, String> fields(ILoggingEvent event) {
        String message = event.getFormattedMessage();
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("timestamp", Instant.ofEpochMilli(event.getTimeStamp()).toString());
        fields.put("level", event.getLevel().toString());
        fields.put("logger", event.getLoggerName());
        fields.put("thread", event.getThreadName());
        fields.put("message", message);
        session(message).ifPresent(id -> fields.put("sessionId", id));
        Optional.ofNullable(event.getKeyValuePairs())
                .orElse(List.of())
                .forEach(pair -> fields.put(pair.key, String.valueOf(pair.value)));
        Optional.ofNullable(event.getThrowableProxy())
                .ifPresent(error -> fields.put("error", ThrowableProxyUtil.asString(error)));
        return fields;
    }

    /** The first one that is named: lines about a session begin with it. */
    private static Optional<String> session(String message) {
        Matcher id = SESSION.matcher(message);
        return id.find() ? Optional.of(id.group()) : Optional.empty();
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
