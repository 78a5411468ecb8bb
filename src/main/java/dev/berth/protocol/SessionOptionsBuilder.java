package dev.berth.protocol;

import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.SessionOptions.KeptDays;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes {@link SessionOptions} that differ from others: its record has the meaning of each option. */
public final class SessionOptionsBuilder {
    private BrowserKind browser;
    private Viewport viewport;
    private SessionTimeouts timeouts;
    private Optional<String> userAgent;
    private Optional<String> locale;
    private Optional<String> timezone;
    private boolean recording;
    private boolean flightRecorder;
    private boolean bodies;
    private Optional<String> device;
    private boolean ignoreHttpsErrors;
    private Map<String, String> headers;
    private List<HttpCredentials> httpCredentials;
    private boolean pointerHidden;
    private boolean recordingOnFailure;
    private Containment containment;
    private Optional<KeptDays> retention;
    private Optional<ProfileUse> profile;
    private Optional<StorageState> storageState;
    private List<String> extensions;

    SessionOptionsBuilder(SessionOptions options) {
        browser = options.browser();
        viewport = options.viewport();
        timeouts = options.timeouts();
        userAgent = options.userAgent();
        locale = options.locale();
        timezone = options.timezone();
        recording = options.recording();
        flightRecorder = options.flightRecorder();
        bodies = options.bodies();
        device = options.device();
        ignoreHttpsErrors = options.ignoreHttpsErrors();
        headers = options.headers();
        httpCredentials = options.httpCredentials();
        pointerHidden = options.pointerHidden();
        recordingOnFailure = options.recordingOnFailure();
        containment = options.containment();
        retention = options.retention();
        profile = options.profile();
        storageState = options.storageState();
        extensions = options.extensions();
    }

    public SessionOptionsBuilder browser(BrowserKind browser) {
        this.browser = browser;
        return this;
    }

    public SessionOptionsBuilder viewport(Viewport viewport) {
        this.viewport = viewport;
        return this;
    }

    public SessionOptionsBuilder timeouts(SessionTimeouts timeouts) {
        this.timeouts = timeouts;
        return this;
    }

    public SessionOptionsBuilder userAgent(Optional<String> userAgent) {
        this.userAgent = userAgent;
        return this;
    }

    public SessionOptionsBuilder locale(Optional<String> locale) {
        this.locale = locale;
        return this;
    }

    public SessionOptionsBuilder timezone(Optional<String> timezone) {
        this.timezone = timezone;
        return this;
    }

    public SessionOptionsBuilder recording(boolean recording) {
        this.recording = recording;
        return this;
    }

    public SessionOptionsBuilder recordingOnFailure(boolean onFailure) {
        this.recordingOnFailure = onFailure;
        return this;
    }

    public SessionOptionsBuilder flightRecorder(boolean flightRecorder) {
        this.flightRecorder = flightRecorder;
        return this;
    }

    public SessionOptionsBuilder bodies(boolean bodies) {
        this.bodies = bodies;
        return this;
    }

    public SessionOptionsBuilder device(Optional<String> device) {
        this.device = device;
        return this;
    }

    public SessionOptionsBuilder ignoreHttpsErrors(boolean ignoreHttpsErrors) {
        this.ignoreHttpsErrors = ignoreHttpsErrors;
        return this;
    }

    public SessionOptionsBuilder headers(Map<String, String> headers) {
        this.headers = headers;
        return this;
    }

    public SessionOptionsBuilder httpCredentials(List<HttpCredentials> httpCredentials) {
        this.httpCredentials = httpCredentials;
        return this;
    }

    public SessionOptionsBuilder pointerHidden(boolean pointerHidden) {
        this.pointerHidden = pointerHidden;
        return this;
    }

    public SessionOptionsBuilder containment(Containment containment) {
        this.containment = containment;
        return this;
    }

    public SessionOptionsBuilder retention(Optional<KeptDays> retention) {
        this.retention = retention;
        return this;
    }

    public SessionOptionsBuilder profile(Optional<ProfileUse> profile) {
        this.profile = profile;
        return this;
    }

    public SessionOptionsBuilder extensions(List<String> extensions) {
        this.extensions = extensions;
        return this;
    }

    public SessionOptionsBuilder storageState(Optional<StorageState> storageState) {
        this.storageState = storageState;
        return this;
    }

    /** Throws {@link BerthException} where an option is bad. */
    public SessionOptions build() {
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
                recordingOnFailure,
                containment.allowedDomains(),
                containment.blockedDomains(),
                containment.blockAds(),
                containment.proxy(),
                retention,
                profile,
                storageState,
                extensions);
    }
}
