package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/**
 * What pages find the browser to be: see {@link BrowserAction.Emulate}. The user agent is empty where it is Chrome's own, or that of the
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
        List<Permission> permissions) {
    /** Of a phone that is not named. */
    private static final double PHONE_SCALE = 3;

    public Emulation {
        permissions = List.copyOf(permissions);
        double side = Math.max(viewport.width(), viewport.height()) * deviceScaleFactor;
        if (side > Viewport.MAX) {
            throw BerthException.invalid("deviceScaleFactor times the viewport's longer side must be at most "
                    + Viewport.MAX + " pixels, not " + Math.round(side));
        }
    }

    /** That of a session at its start. */
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
                List.of());
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
                change.permissions().orElse(permissions));
    }
}
