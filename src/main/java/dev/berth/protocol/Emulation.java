package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * What pages find the browser to be: see {@link BrowserAction.Emulate}. Throws {@link BerthException} where a picture of the viewport
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
        int cpuSlowdown) {

    public Emulation {
        double side = Math.max(viewport.width(), viewport.height()) * deviceScaleFactor;
        if (side > Viewport.MAX) {
            throw Require.invalid("deviceScaleFactor times the viewport's longer side must be at most " + Viewport.MAX
                    + " pixels, not " + Math.round(side));
        }
    }

    /** That of a session at its start. */
    public static Emulation of(SessionOptions options) {
        return new Emulation(
                options.viewport(),
                1,
                false,
                options.userAgent(),
                options.locale(),
                options.timezone(),
                Optional.empty(),
                NetworkCondition.ONLINE,
                1);
    }

    /** The same with what the command changes. */
    public Emulation with(BrowserAction.Emulate change) {
        return new Emulation(
                change.viewport().orElse(viewport),
                change.deviceScaleFactor().orElse(deviceScaleFactor),
                change.mobile().orElse(mobile),
                change.userAgent().or(() -> userAgent),
                change.locale().or(() -> locale),
                change.timezone().or(() -> timezone),
                change.colorScheme().or(() -> colorScheme),
                change.network().orElse(network),
                change.cpuSlowdown().orElse(cpuSlowdown));
    }
}
