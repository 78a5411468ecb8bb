package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

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

    /** A page of 1280 by 720 pixels with Chrome's own language and zone, the default timeouts, and nothing that must be asked for. */
    public static final SessionOptions DEFAULT = new SessionOptions(
            CHROMIUM, Viewport.DEFAULT, SessionTimeouts.DEFAULT, Optional.empty(), Optional.empty(), Optional.empty());

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
        userAgent.ifPresent(text -> Require.userAgent("options.userAgent", text));
        timezone.ifPresent(zone -> Require.timezone("options.timezone", zone));
        return new SessionOptions(
                browser,
                viewport,
                timeouts,
                userAgent,
                locale.map(tag -> Require.locale("options.locale", tag)),
                timezone,
                recording,
                flightRecorder,
                bodies);
    }
}
