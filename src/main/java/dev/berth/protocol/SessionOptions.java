package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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
 * @param device the name of the {@link Device} that it is; the viewport holds in place of the device's own
 * @param ignoreHttpsErrors whether pages of servers with invalid certificates open, such as self-signed ones
 * @param headers by name, what every request of its pages sends beside Chrome's own headers, to whichever server; secret
 * @param httpCredentials one for each origin; secret
 * @param pointerHidden whether no recording of it shows the mouse, neither those that begin later nor the flight recorder's
 * @param allowedDomains see {@link Containment}, as for the following
 * @param proxy with credentials, which are secret
 * @param retention how long it is kept, where that is less than the settings say
 * @param profile the user's profile that its Chrome begins with, and may be saved to
 * @param storageState what its Chrome begins with beside the profile; secret
 * @param keepClientPictures whether the screenshots and PDFs that CDP clients take are kept as artifacts
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
        boolean bodies,
        Optional<String> device,
        boolean ignoreHttpsErrors,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> headers,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<HttpCredentials> httpCredentials,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean pointerHidden,
        Optional<HostPatterns> allowedDomains,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) HostPatterns blockedDomains,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean blockAds,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ProxyRule> proxy,
        Optional<KeptDays> retention,
        Optional<ProfileUse> profile,
        Optional<StorageState> storageState,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean keepClientPictures) {
    public static final String CHROMIUM = "chromium";

    private static final int MAX_CREDENTIALS = 20;

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
        Require.present("options.device", device);
        Require.present("options.profile", profile);
        Require.present("options.storageState", storageState);
        // Absent where they are empty, and in rows of earlier versions.
        headers = headers == null ? Map.of() : Require.entries("options.headers", headers);
        httpCredentials = httpCredentials == null
                ? List.of()
                : Require.elements("options.httpCredentials", httpCredentials, 0, MAX_CREDENTIALS);
        blockedDomains = blockedDomains == null ? HostPatterns.NONE : blockedDomains;
        proxy = new Containment(allowedDomains, blockedDomains, blockAds, proxy == null ? List.of() : proxy).proxy();
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

    /** Of no device, and without secrets. */
    public SessionOptions(
            String browser,
            Viewport viewport,
            SessionTimeouts timeouts,
            Optional<String> userAgent,
            Optional<String> locale,
            Optional<String> timezone,
            boolean recording,
            boolean flightRecorder,
            boolean bodies) {
        this(
                browser,
                viewport,
                timeouts,
                userAgent,
                locale,
                timezone,
                recording,
                flightRecorder,
                bodies,
                Optional.empty(),
                false,
                Map.of(),
                List.of(),
                false);
    }

    /** Not contained by more than the server's settings. */
    public SessionOptions(
            String browser,
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
            Map<String, String> headers,
            List<HttpCredentials> httpCredentials,
            boolean pointerHidden) {
        this(
                browser,
                viewport,
                timeouts,
                userAgent,
                locale,
                timezone,
                recording,
                flightRecorder,
                bodies,
                device,
                ignoreHttpsErrors,
                headers,
                httpCredentials,
                pointerHidden,
                Optional.empty(),
                HostPatterns.NONE,
                false,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    /** The options about what the session may reach, together. */
    public Containment containment() {
        return new Containment(allowedDomains, blockedDomains, blockAds, proxy);
    }

    /** The same options with these about what the session may reach. */
    public SessionOptions with(Containment containment) {
        return with(locale, headers, httpCredentials, containment, retention, profile, storageState);
    }

    /** The same options with these days of retention. */
    public SessionOptions with(KeptDays keptDays) {
        return with(locale, headers, httpCredentials, containment(), Optional.of(keptDays), profile, storageState);
    }

    /** The same options with this profile. */
    public SessionOptions with(ProfileUse used) {
        return with(locale, headers, httpCredentials, containment(), retention, Optional.of(used), storageState);
    }

    /** The same options with this state to begin with. */
    public SessionOptions with(StorageState state) {
        return with(locale, headers, httpCredentials, containment(), retention, profile, Optional.of(state));
    }

    /**
     * The same for a new session, with the locale in its canonical form. Throws {@link BerthException} where a session can't
     * have them. Options of earlier sessions are not checked again: which time zones exist depends on the Java that runs.
     */
    SessionOptions usable() {
        if (!browser.equals(CHROMIUM)) {
            throw BerthException.invalid("options.browser must be " + CHROMIUM);
        }
        timeouts.requireUsable();
        userAgent.ifPresent(text -> Require.userAgent("options.userAgent", text));
        timezone.ifPresent(zone -> Require.timezone("options.timezone", zone));
        device.ifPresent(name -> Device.requireKnown("options.device", name));
        Require.headers("options.headers", headers);
        if (httpCredentials.stream().map(HttpCredentials::origin).distinct().count() < httpCredentials.size()) {
            throw BerthException.invalid("options.httpCredentials must have one entry for each origin");
        }
        // Throws where a picture of a page would be too large.
        Emulation.of(this);
        return with(
                locale.map(tag -> Require.locale("options.locale", tag)),
                headers,
                httpCredentials,
                containment(),
                retention,
                profile,
                storageState);
    }

    private SessionOptions with(
            Optional<String> otherLocale,
            Map<String, String> otherHeaders,
            List<HttpCredentials> credentials,
            Containment containment,
            Optional<KeptDays> keptDays,
            Optional<ProfileUse> used,
            Optional<StorageState> state) {
        return new SessionOptions(
                browser,
                viewport,
                timeouts,
                userAgent,
                otherLocale,
                timezone,
                recording,
                flightRecorder,
                bodies,
                device,
                ignoreHttpsErrors,
                otherHeaders,
                credentials,
                pointerHidden,
                containment.allowedDomains(),
                containment.blockedDomains(),
                containment.blockAds(),
                containment.proxy(),
                keptDays,
                used,
                state,
                keepClientPictures);
    }

    /** The same, and what CDP clients picture is kept. */
    public SessionOptions keepingClientPictures() {
        return new SessionOptions(
                browser,
                viewport,
                timeouts,
                userAgent,
                locale,
                timezone,
                recording,
                flightRecorder,
                bodies,
                device,
                ignoreHttpsErrors,
                headers,
                httpCredentials,
                pointerHidden,
                allowedDomains,
                blockedDomains,
                blockAds,
                proxy,
                retention,
                profile,
                storageState,
                true);
    }

    /** As they are kept and shown: names of headers, origins of credentials and proxies remain, with {@code redacted} for the rest. */
    public SessionOptions redacted() {
        return with(
                locale,
                headers.keySet().stream().collect(Collectors.toMap(name -> name, name -> HttpCredentials.REDACTED)),
                httpCredentials.stream().map(HttpCredentials::redacted).toList(),
                containment().redacted(),
                retention,
                profile,
                storageState.map(StorageState::redacted));
    }

    /** {@code toString} of a record would show the values of headers. */
    @Override
    public String toString() {
        return "SessionOptions" + ProtocolJson.MAPPER.valueToTree(redacted());
    }
}
