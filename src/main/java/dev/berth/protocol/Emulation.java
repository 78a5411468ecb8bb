package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.berth.protocol.Device.Viewport;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The emulation that pages see: see {@link BrowserAction.Emulate}. The user agent is empty where it is Chrome's own, or that of the
 * device, or of some phone where it is only {@code mobile}. Throws {@link BerthException} where a picture of the viewport
 * would have more than {@link Viewport#MAX} pixels a side.
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Emulation(
        Viewport viewport,
        double deviceScaleFactor,
        boolean mobile,
        Optional<String> userAgent,
        Optional<String> locale,
        Optional<String> timezone,
        Optional<ColorScheme> colorScheme,
        NetworkCondition network,
        int cpuSlowdown,
        Optional<String> device,
        Optional<Geolocation> geolocation,
        List<Permission> permissions,
        Optional<Media> media) {
    /** The scale factor of a phone that is not named. */
    private static final double PHONE_SCALE = 3;

    public Emulation {
        permissions = List.copyOf(permissions);
        double side = Math.max(viewport.width(), viewport.height()) * deviceScaleFactor;
        if (side > Viewport.MAX) {
            throw BerthException.invalid("deviceScaleFactor times the viewport's longer side must be at most "
                    + Viewport.MAX + " pixels, not " + Math.round(side));
        }
    }

    /** The emulation of a session at its start. */
    public static Emulation of(SessionOptions options) {
        Optional<Device> device = options.device().flatMap(Device::named);
        return new Emulation(
                options.viewport(),
                device.map(Device::deviceScaleFactor).orElse(1.0),
                device.map(Device::mobile).orElse(false),
                options.userAgent(),
                options.locale(),
                options.timezone(),
                Optional.empty(),
                NetworkCondition.ONLINE,
                1,
                options.device(),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    /** The same with what the command changes. */
    public Emulation with(BrowserAction.Emulate change) {
        Optional<Device> other = change.device().flatMap(Device::named);
        boolean nowMobile = change.mobile().or(() -> other.map(Device::mobile)).orElse(mobile);
        // A device that is told to be mobile, or not to be, is that device no more.
        boolean switched = other.isEmpty() && nowMobile != mobile;
        return new Emulation(
                change.viewport().or(() -> other.map(Device::viewport)).orElse(viewport),
                change.deviceScaleFactor()
                        .or(() -> other.map(Device::deviceScaleFactor))
                        .orElse(switched ? (nowMobile ? PHONE_SCALE : 1) : deviceScaleFactor),
                nowMobile,
                change.userAgent().or(() -> other.isPresent() ? Optional.empty() : userAgent),
                change.locale().or(() -> locale),
                change.timezone().or(() -> timezone),
                change.colorScheme().or(() -> colorScheme),
                change.network().orElse(network),
                change.cpuSlowdown().orElse(cpuSlowdown),
                change.device().or(() -> switched ? Optional.empty() : device),
                change.geolocation().or(() -> geolocation),
                change.permissions().orElse(permissions),
                change.media().or(() -> media));
    }

    /**
     * The position of the browser, for pages that may ask.
     *
     * @param latitude degrees, -90 to 90
     * @param longitude degrees, -180 to 180
     * @param accuracy metres, from 0; 0 where none is given
     */
    public record Geolocation(double latitude, double longitude, Optional<Double> accuracy) {
        public Geolocation {
            Require.within("latitude", latitude, -90, 90);
            Require.within("longitude", longitude, -180, 180);
            accuracy = Require.present("accuracy", accuracy).or(() -> Optional.of(0.0));
            accuracy.ifPresent(metres -> Require.atLeastZero("accuracy", metres));
        }
    }

    /** The colours that a page is asked to use: {@code prefers-color-scheme} of CSS. */
    public enum ColorScheme {
        LIGHT,
        DARK;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The medium that a page is laid out for: the media type of CSS. */
    public enum Media {
        SCREEN,
        PRINT;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How good the network of pages is; the slow ones are those of Chrome's developer tools. */
    public enum NetworkCondition {
        ONLINE(0, -1, -1),
        OFFLINE(0, 0, 0),
        SLOW_3G(2_000, 50_000, 50_000),
        SLOW_4G(562.5, 180_000, 84_375),
        FAST_4G(165, 1_012_500, 168_750);

        private final double latencyMillis;
        private final int downBytesPerSecond;
        private final int upBytesPerSecond;

        NetworkCondition(double latencyMillis, int downBytesPerSecond, int upBytesPerSecond) {
            this.latencyMillis = latencyMillis;
            this.downBytesPerSecond = downBytesPerSecond;
            this.upBytesPerSecond = upBytesPerSecond;
        }

        /** Is added to each request. */
        public double latencyMillis() {
            return latencyMillis;
        }

        /** -1 for no limit. */
        public int downBytesPerSecond() {
            return downBytesPerSecond;
        }

        /** -1 for no limit. */
        public int upBytesPerSecond() {
            return upBytesPerSecond;
        }

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** A permission, which lets a page act without asking; the names are Playwright's. */
    public enum Permission {
        GEOLOCATION,
        NOTIFICATIONS,
        CAMERA,
        MICROPHONE,
        CLIPBOARD_READ,
        CLIPBOARD_WRITE,
        STORAGE_ACCESS,
        LOCAL_FONTS,
        MIDI,
        BACKGROUND_SYNC,
        PAYMENT_HANDLER;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
