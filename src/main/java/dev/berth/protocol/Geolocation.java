package dev.berth.protocol;

/**
 * Where pages find the browser to be, if they may ask.
 *
 * @param latitude degrees, -90 to 90
 * @param longitude degrees, -180 to 180
 * @param accuracy metres, from 0
 */
public record Geolocation(double latitude, double longitude, double accuracy) {
    public Geolocation {
        Require.within("geolocation.latitude", latitude, -90, 90);
        Require.within("geolocation.longitude", longitude, -180, 180);
        Require.atLeastZero("geolocation.accuracy", accuracy);
    }
}
