package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * What a session's Chrome looks like to a page, and how long it lives.
 *
 * @param browser always {@code chromium}
 * @param viewport the size of its pages
 * @param timeouts when it ends by itself
 * @param userAgent replaces Chrome's own, in headers and in {@code navigator.userAgent}
 * @param locale a BCP 47 tag, such as {@code de-DE}, for {@code navigator.language}, {@code Accept-Language} and Intl
 * @param timezone an IANA name, such as {@code Europe/Berlin}
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record SessionOptions(
        String browser,
        Viewport viewport,
        SessionTimeouts timeouts,
        Optional<String> userAgent,
        Optional<String> locale,
        Optional<String> timezone) {
    public static final String CHROMIUM = "chromium";

    public SessionOptions {
        Require.present("options.browser", browser);
        Require.present("options.viewport", viewport);
        Require.present("options.timeouts", timeouts);
        Require.present("options.userAgent", userAgent);
        Require.present("options.locale", locale);
        Require.present("options.timezone", timezone);
    }
}
