package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.ZoneId;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How a session's Chrome looks to a page, how long the session lives, and what is kept of it.
 *
 * @param browser always {@code chromium}
 * @param viewport the size of its pages
 * @param timeouts when it ends by itself
 * @param userAgent replaces Chrome's own, in headers and in {@code navigator.userAgent}
 * @param locale a BCP 47 tag, such as {@code de-DE}, for {@code navigator.language}, {@code Accept-Language} and Intl
 * @param timezone an IANA name, such as {@code Europe/Berlin}
 * @param recording whether it is recorded from its start to its end
 * @param flightRecorder whether the last half minute is kept if it fails, or on request: see {@link
 *     RecordingAction.KeepRecording}
 * @param bodies whether the bodies of requests and responses are kept
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record SessionOptions(
        String browser,
        Viewport viewport,
        SessionTimeouts timeouts,
        Optional<String> userAgent,
        Optional<String> locale,
        Optional<String> timezone,
        boolean recording,
        boolean flightRecorder,
        boolean bodies) {
    public static final String CHROMIUM = "chromium";
    private static final int MAX_AGENT_CHARS = 4_000;
    private static final int MAX_NAME_CHARS = 100;

    public SessionOptions {
        Require.present("options.browser", browser);
        Require.present("options.viewport", viewport);
        Require.present("options.timeouts", timeouts);
        Require.present("options.userAgent", userAgent);
        Require.present("options.locale", locale);
        Require.present("options.timezone", timezone);
    }

    /** Without what must be asked for. */
    public SessionOptions(
            String browser,
            Viewport viewport,
            SessionTimeouts timeouts,
            Optional<String> userAgent,
            Optional<String> locale,
            Optional<String> timezone) {
        this(browser, viewport, timeouts, userAgent, locale, timezone, false, false, false);
    }

    /**
     * The same for a new session, with the locale in its canonical form. Throws {@link BerthException} where a session can't
     * have them. Options of earlier sessions are not checked again: which time zones exist depends on the Java that runs.
     */
    SessionOptions usable() {
        if (!browser.equals(CHROMIUM)) {
            throw Require.invalid("options.browser must be " + CHROMIUM);
        }
        timeouts.requireUsable();
        userAgent.ifPresent(SessionOptions::requireHeaderSafe);
        timezone.ifPresent(SessionOptions::requireZone);
        return new SessionOptions(
                browser,
                viewport,
                timeouts,
                userAgent,
                locale.map(SessionOptions::canonicalLocale),
                timezone,
                recording,
                flightRecorder,
                bodies);
    }

    private static void requireHeaderSafe(String userAgent) {
        Require.text("options.userAgent", userAgent, 1, MAX_AGENT_CHARS);
        if (userAgent.chars().anyMatch(c -> c < ' ' || c == 127)) {
            throw Require.invalid("options.userAgent must have no control characters");
        }
    }

    private static String canonicalLocale(String tag) {
        Require.text("options.locale", tag, 1, MAX_NAME_CHARS);
        try {
            return new Locale.Builder().setLanguageTag(tag).build().toLanguageTag();
        } catch (IllformedLocaleException e) {
            throw Require.invalid("options.locale must be a BCP 47 tag, such as de-DE, not '" + tag + "'");
        }
    }

    private static void requireZone(String zone) {
        Require.text("options.timezone", zone, 1, MAX_NAME_CHARS);
        if (!Zones.NAMES.contains(zone)) {
            throw Require.invalid("options.timezone must be an IANA name, such as Europe/Berlin, not '" + zone + "'");
        }
    }

    /** Loaded lazily, by the first session with a time zone. */
    private static final class Zones {
        static final Set<String> NAMES = Set.copyOf(ZoneId.getAvailableZoneIds());
    }
}
