package dev.berth;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.read.ListAppender;
import dev.berth.protocol.SessionId;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class JsonLinesTest {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final LoggerContext context = new LoggerContext();
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final Logger log = context.getLogger("dev.berth.session.LiveSession");
    private final SessionId session = SessionId.random();

    @BeforeEach
    void record() {
        events.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(events);
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private JsonObject last() {
        String line =
                new String(new JsonLines().encode(events.list.get(events.list.size() - 1)), StandardCharsets.UTF_8);
        assertThat(line).endsWith("}\n").hasLineCount(1);
        return new JsonObject(line);
    }

    @Test
    void aLineAboutASessionHasItsId() {
        log.atInfo().addKeyValue("traceparent", TRACE).log("{} is running on {}", session, "Chrome");
        JsonObject line = last();
        assertThat(line.getString("sessionId")).isEqualTo(session.value());
        assertThat(line.getString("traceparent")).isEqualTo(TRACE);
        assertThat(line.getString("level")).isEqualTo("INFO");
        assertThat(line.getString("logger")).isEqualTo("dev.berth.session.LiveSession");
        assertThat(line.getString("message")).isEqualTo(session + " is running on Chrome");
        assertThat(line.getInstant("timestamp").toEpochMilli())
                .isEqualTo(events.list.get(0).getTimeStamp());
    }

    @Test
    void aLineOfSomethingElseHasNone() {
        log.info("session-less \"quotes\"\nand lines");
        assertThat(last().fieldNames()).doesNotContain("sessionId", "error", "requestId");
    }

    @Test
    void anErrorIsOneFieldOfTheSameLine() {
        log.atError()
                .addKeyValue("requestId", "r-1")
                .setCause(new IllegalStateException("odd"))
                .log("GET /api/sessions/{}/har failed", session);
        assertThat(last().getString("error")).contains("IllegalStateException: odd", "\tat ");
        assertThat(last().getString("requestId")).isEqualTo("r-1");
        assertThat(last().getString("sessionId")).isEqualTo(session.value());
    }

    @Test
    void theProgramsAppenderIsReplaced() {
        ConsoleAppender<ILoggingEvent> text = new ConsoleAppender<>();
        text.setName("STDERR");
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(text);
        JsonLines.begin(context);
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        assertThat(root.getAppender("STDERR")).isNull();
        assertThat(((ConsoleAppender<ILoggingEvent>) root.getAppender("JSON")).getEncoder())
                .isInstanceOf(JsonLines.class);
    }

    @Test
    void aConfigurationOfOnesOwnStays() {
        JsonLines.begin(context);
        assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("JSON"))
                .isNull();
    }

    /** The pattern of the program's own configuration. */
    @Test
    void textHasTheNamedValuesToo() throws IOException {
        Matcher pattern =
                Pattern.compile("<pattern>(.*)</pattern>").matcher(Files.readString(Path.of("config/logback.xml")));
        assertThat(pattern.find()).isTrue();
        PatternLayout layout = new PatternLayout();
        layout.setContext(context);
        layout.setPattern(pattern.group(1).replaceAll("\\$\\{.*?:-(.*?)}", "$1"));
        layout.start();
        log.atInfo().addKeyValue("traceparent", TRACE).log("{} failed", session);
        log.info("plain");
        assertThat(layout.doLayout(events.list.get(0)))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d) INFO (?s:.*)")
                .endsWith(" LiveSession " + session + " failed traceparent=" + TRACE + "\n");
        assertThat(layout.doLayout(events.list.get(1))).endsWith(" LiveSession plain\n");
    }
}
