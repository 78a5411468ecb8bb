package dev.berth.protocol;

import java.util.Optional;

/**
 * Where pages find the browser to be, if they may ask.
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
