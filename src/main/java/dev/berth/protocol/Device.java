package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The emulation of a device: {@code devices.json} has those of Playwright.
 *
 * @param viewport of its pages
 * @param deviceScaleFactor pixels of the screen for each CSS pixel
 * @param mobile whether pages are laid out as on a phone, and can be touched
 * @param userAgent of the browser there, as Playwright gives it; where that is Chrome, with another version than the one that runs
 */
public record Device(
        Viewport viewport,
        double deviceScaleFactor,
        @JsonProperty("isMobile") boolean mobile,
        String userAgent) {
    private static final int MAX_SUGGESTIONS = 8;

    /** The device with this name, such as {@code iPhone 15}; empty where there is none. */
    public static Optional<Device> named(String name) {
        return Optional.ofNullable(Known.DEVICES.get(name));
    }

    /** Throws {@link BerthException}, with names that are near, where there is no device with this name. */
    static void requireKnown(String field, String name) {
        if (named(name).isEmpty()) {
            String near = near(name);
            throw BerthException.invalid(field + " must be the name of one of Playwright's devices, such as "
                    + (near.isEmpty() ? "iPhone 15, Pixel 7, iPad Mini landscape" : near) + ", not '"
                    + Truncation.ellipsis(name, 100) + "'");
        }
    }

    private static String near(String name) {
        String part = name.toLowerCase(Locale.ROOT);
        return Known.DEVICES.keySet().stream()
                .filter(known -> known.toLowerCase(Locale.ROOT).contains(part))
                .sorted()
                .limit(MAX_SUGGESTIONS)
                .collect(Collectors.joining(", "));
    }

    /** Loaded lazily, by the first session that is to be one. */
    private static final class Known {
        static final Map<String, Device> DEVICES = read();

        private static Map<String, Device> read() {
            try (InputStream in = Device.class.getResourceAsStream("devices.json")) {
                return ProtocolJson.MAPPER
                        .readerFor(new TypeReference<Map<String, Device>>() {})
                        .at("/devices")
                        .readValue(in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * The size of the page, in CSS pixels.
     *
     * @param width 1 to 7680
     * @param height 1 to 7680
     */
    public record Viewport(int width, int height) {
        public static final Viewport DEFAULT = new Viewport(1280, 720);
        /** The longest side. */
        public static final int MAX = 7680;

        public Viewport {
            require("width", width);
            require("height", height);
        }

        private static void require(String field, int value) {
            if (value < 1 || value > MAX) {
                throw new BerthException(
                        ErrorCode.INVALID_ARGUMENT, field + " must be from 1 to " + MAX + ", not " + value);
            }
        }
    }
}
