package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.protocol.Containment.ProxyRule;
import dev.berth.protocol.Device.Viewport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a session's Chrome looks to a page, how long the session lives, and what is kept of it.
 *
 * @param browser which Chrome it has
 * @param viewport the size of its pages
 * @param timeouts when it ends by itself
 * @param userAgent replaces Chrome's own, in headers and in {@code navigator.userAgent}
 * @param locale a BCP 47 tag, such as {@code de-DE}, for {@code navigator.language}, {@code Accept-Language} and Intl
 * @param timezone an IANA name, such as {@code Europe/Berlin}
 * @param recording whether it is recorded from its start to its end
 * @param flightRecorder whether the last half minute is kept if it fails, or on request: see {@link
 *     RecordingAction.KeepRecording}
 * @param bodies whether the bodies of requests and responses are kept
 * @param device the name of the {@link Device} that it is; the viewport holds in place of the device's own
 * @param ignoreHttpsErrors whether pages of servers with invalid certificates open, such as self-signed ones
 * @param headers by name, what every request of its pages sends beside Chrome's own headers, to whichever server; secret
 * @param httpCredentials one for each origin; secret
 * @param pointerHidden whether no recording of it shows the mouse, neither those that begin later nor the flight recorder's
 * @param recordingOnFailure whether its recordings are kept only where the session fails, or its client says so: see {@link
 *     SessionLabels.Outcome#keepsRecording}
 * @param allowedDomains see {@link Containment}, as for the following
 * @param proxy with credentials, which are secret
 * @param retention how long it is kept, where that is less than the settings say
 * @param profile the user's profile that its Chrome begins with, and may be saved to
 * @param extensions names of the user's, which full Chrome has
 * @param storageState cookies and storage that the Chrome begins with beside the profile; secret
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record SessionOptions(
        BrowserKind browser,
        Viewport viewport,
        SessionTimeouts timeouts,
        Optional<String> userAgent,
        Optional<String> locale,
        Optional<String> timezone,
        boolean recording,
        boolean flightRecorder,
        boolean bodies,
        Optional<String> device,
        boolean ignoreHttpsErrors,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> headers,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<HttpCredentials> httpCredentials,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean pointerHidden,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean recordingOnFailure,
        Optional<HostPatterns> allowedDomains,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) HostPatterns blockedDomains,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean blockAds,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ProxyRule> proxy,
        Optional<KeptDays> retention,
        Optional<ProfileUse> profile,
        Optional<StorageState> storageState,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> extensions) {
    private static final int MAX_CREDENTIALS = 20;
    private static final int MAX_EXTENSIONS = 10;

    /** A page of 1280 by 720 pixels with Chrome's own language and zone, the default timeouts, and nothing that must be asked for. */
    public static final SessionOptions DEFAULT = new SessionOptions(
            BrowserKind.SHELL,
            Viewport.DEFAULT,
            SessionTimeouts.DEFAULT,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            false,
            false,
            Optional.empty(),
            false,
            Map.of(),
            List.of(),
            false,
            false,
            Optional.empty(),
            HostPatterns.NONE,
            false,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of());

    public SessionOptions {
        Require.present("options.browser", browser);
        Require.present("options.viewport", viewport);
        Require.present("options.timeouts", timeouts);
        Require.present("options.userAgent", userAgent);
        Require.present("options.locale", locale);
        Require.present("options.timezone", timezone);
        Require.present("options.device", device);
        Require.present("options.profile", profile);
        Require.present("options.storageState", storageState);
        // Absent where they are empty, and in rows of earlier versions.
        headers = headers == null ? Map.of() : Require.entries("options.headers", headers);
        httpCredentials = httpCredentials == null
                ? List.of()
                : Require.elements("options.httpCredentials", httpCredentials, 0, MAX_CREDENTIALS);
        extensions =
                extensions == null ? List.of() : Require.elements("options.extensions", extensions, 0, MAX_EXTENSIONS);
        blockedDomains = blockedDomains == null ? HostPatterns.NONE : blockedDomains;
        proxy = new Containment(allowedDomains, blockedDomains, blockAds, proxy == null ? List.of() : proxy).proxy();
    }

    /** Begins with {@link #DEFAULT}. */
    public static SessionOptionsBuilder builder() {
        return new SessionOptionsBuilder(DEFAULT);
    }

    /** Begins with these options. */
    public SessionOptionsBuilder toBuilder() {
        return new SessionOptionsBuilder(this);
    }

    /** The options about what the session may reach, together. */
    public Containment containment() {
        return new Containment(allowedDomains, blockedDomains, blockAds, proxy);
    }

    /**
     * The same for a new session, with the locale in its canonical form. Throws {@link BerthException} where a session can't
     * have them. Options of earlier sessions are not checked again: which time zones exist depends on the Java that runs.
     */
    SessionOptions usable() {
        timeouts.requireUsable();
        userAgent.ifPresent(text -> Require.userAgent("options.userAgent", text));
        timezone.ifPresent(zone -> Require.timezone("options.timezone", zone));
        device.ifPresent(name -> Device.requireKnown("options.device", name));
        Require.headers("options.headers", headers);
        if (httpCredentials.stream().map(HttpCredentials::origin).distinct().count() < httpCredentials.size()) {
            throw BerthException.invalid("options.httpCredentials must have one entry for each origin");
        }
        extensions.forEach(name -> GivenName.require("options.extensions", name));
        if (extensions.stream().distinct().count() < extensions.size()) {
            throw BerthException.invalid("options.extensions has a name twice");
        }
        if (!extensions.isEmpty() && browser == BrowserKind.SHELL) {
            throw BerthException.invalid("options.extensions needs options.browser: chrome or headful");
        }
        // Throws where a picture of a page would be too large.
        Emulation.of(this);
        return toBuilder()
                .locale(locale.map(tag -> Require.locale("options.locale", tag)))
                .build();
    }

    /**
     * The options as they are kept and shown: names of headers, origins of credentials and proxies remain, with {@code redacted} for the
     * rest.
     */
    public SessionOptions redacted() {
        return toBuilder()
                .headers(headers.keySet().stream()
                        .collect(Collectors.toMap(name -> name, name -> HttpCredentials.REDACTED)))
                .httpCredentials(
                        httpCredentials.stream().map(HttpCredentials::redacted).toList())
                .containment(containment().redacted())
                .storageState(storageState.map(StorageState::redacted))
                .build();
    }

    /** {@code toString} of a record would show the values of headers. */
    @Override
    public String toString() {
        return "SessionOptions" + ProtocolJson.MAPPER.valueToTree(redacted());
    }

    /**
     * The milliseconds after which a session ends by itself; at most 30 days.
     *
     * @param idle without a command
     * @param lifetime after its creation, used or not
     * @param reconnect after its last CDP client left
     */
    public record SessionTimeouts(long idle, long lifetime, long reconnect) {
        /** A session with less could not be used. */
        public static final long MIN_MILLIS = 1_000;

        /** The timeouts that the settings have by default: 10 minutes idle, one hour altogether, 30 seconds without the last CDP client. */
        public static final SessionTimeouts DEFAULT = new SessionTimeouts(600_000, 3_600_000, 30_000);

        static final long MAX_MILLIS = 30L * 86_400_000;

        public SessionTimeouts {
            Require.within("options.timeouts.idle", idle, 0, MAX_MILLIS);
            Require.within("options.timeouts.lifetime", lifetime, 0, MAX_MILLIS);
            Require.within("options.timeouts.reconnect", reconnect, 0, MAX_MILLIS);
        }

        /** Throws {@code invalid_argument} where a session would end before it could be used. */
        void requireUsable() {
            Require.within("options.timeouts.idle", idle, MIN_MILLIS, MAX_MILLIS);
            Require.within("options.timeouts.lifetime", lifetime, MIN_MILLIS, MAX_MILLIS);
        }
    }

    /**
     * For how many days after its end a session is kept, where that is less than the server's settings say. Each is absent where the
     * session asks for nothing of its own.
     *
     * @param days all of it
     * @param recordingDays its videos
     * @param artifactDays its other files
     * @param logDays its console, its network and its bodies
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record KeptDays(
            Optional<Integer> days,
            Optional<Integer> recordingDays,
            Optional<Integer> artifactDays,
            Optional<Integer> logDays) {
        public static final int MAX = 36_500;

        public KeptDays {
            require("days", days);
            require("recordingDays", recordingDays);
            require("artifactDays", artifactDays);
            require("logDays", logDays);
        }

        private static void require(String name, Optional<Integer> days) {
            days.ifPresent(number -> Require.within("options.retention." + name, number, 1, MAX));
        }
    }
}
